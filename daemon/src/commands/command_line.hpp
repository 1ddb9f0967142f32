// The command line: which command with which options, or a text to print.
#pragma once

#include <functional>
#include <string>

#include "configuration/configuration.hpp"

namespace timesheetd
{

struct CommandLine {
    std::function<void(const Configuration&)> command; // none where help or a version was asked for
    std::string config_file;                           // "" for none
    std::string help;                                  // what --help or --version prints
};

// Throws WrongUsage.
CommandLine parse_command_line(int count, char** arguments);

} // namespace timesheetd
