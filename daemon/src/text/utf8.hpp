#pragma once

#include <cstddef>
#include <string>

namespace timesheetd
{

// Replaces each invalid UTF-8 sequence, and each NUL, by U+FFFD: what PostgreSQL takes as text
// remains. Returns how many were replaced.
std::size_t make_storable(std::string& text);

// The text without control and format characters, on one line, at most `most` bytes and never half
// a character long. Format characters are those that are invisible, or that turn or hide the text
// around them: directions, zero widths, line and paragraph separators, tags.
std::string one_line(std::string text, std::size_t most = std::string::npos);

// The same for a text of several lines, which keeps its line ends and tabs.
std::string visible_lines(std::string text);

// The text without format characters and the controls that JSON need not escape (DEL, C1).
std::string visible_in_json(std::string text);

} // namespace timesheetd
