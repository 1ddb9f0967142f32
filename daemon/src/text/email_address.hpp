#pragma once

#include <string>

namespace timesheetd
{

// Whether the text, in lower case, is one plain e-mail address without a name, of ASCII characters:
// as timesheet.is_email() has it.
bool is_email_address(const std::string& text);

} // namespace timesheetd
