// What Jibble sends and we never keep.
#pragma once

#include <string_view>

namespace timesheetd
{

// Whether a member of this name holds a PIN, face data or a picture, in any case of letters.
// In a flat key such as "IKioskSettings/PinCode" the part after the last slash counts too.
bool is_denied(std::string_view key);

} // namespace timesheetd
