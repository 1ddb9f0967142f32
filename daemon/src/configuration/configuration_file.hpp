// The file that --config names, opened so that what is checked is what is read.
#pragma once

#include <string>

namespace timesheetd
{

struct ConfigurationText {
    std::string text;
    std::string warning; // what to do about a file that others may read; "" if they may not
};

// Throws WrongUsage naming the file if it cannot be read, is not a regular file, is too large, or
// could have been written by others than root and the user that runs us: they would choose where
// our secrets go.
ConfigurationText read_configuration_file(const std::string& path);

} // namespace timesheetd
