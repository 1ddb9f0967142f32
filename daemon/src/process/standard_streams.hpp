// What the program finds open when it starts, and what it writes for people and pipes to read.
#pragma once

#include <string>

namespace timesheetd
{

// Before anything else opens a file: a descriptor from 0 to 2 that was closed would become a
// socket's, and the log would go there. Reading from what was closed, or writing to it, fails.
void open_standard_descriptors();

// To standard output. Throws Failure if that fails.
void print_output(const std::string& text);

// Writes what is still buffered. Throws Failure if that fails.
void finish_output();

} // namespace timesheetd
