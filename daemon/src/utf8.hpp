#pragma once

#include <cstddef>
#include <string>

namespace timesheetd
{

// Replaces each invalid UTF-8 sequence, and each NUL, by U+FFFD: what PostgreSQL takes as text
// remains. Returns how many were replaced.
std::size_t make_storable(std::string& text);

// The text without control characters, on one line, at most `most` bytes and never half a
// character long.
std::string one_line(std::string text, std::size_t most = std::string::npos);

} // namespace timesheetd
