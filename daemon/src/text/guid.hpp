#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace timesheetd
{

using Guid = std::array<unsigned char, 16>;

// "8c1f0d3a-…", 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 or in one, in braces or not;
// nothing for any other form.
std::optional<Guid> parse_guid(std::string_view text);
std::string to_text(const Guid& guid); // in lower case

} // namespace timesheetd
