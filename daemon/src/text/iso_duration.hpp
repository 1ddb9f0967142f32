// Durations as Jibble writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace timesheetd
{

// "PT8H", "-PT6H", "PT5H30M", "PT6H6M52.753408S", "P1DT6H": days of 24 hours, hours, minutes and
// seconds, each once and in this order; cut to milliseconds. Nothing for any other form.
std::optional<std::chrono::milliseconds> parse_iso_duration(std::string_view text);

} // namespace timesheetd
