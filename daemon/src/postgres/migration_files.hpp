// The files of sql/ as they were when this was built.
#pragma once

#include <string>
#include <vector>

namespace timesheetd
{

struct MigrationFile {
    int version;
    std::string name; // "0001_schema"
    std::string sha256;
    const char* text;
};

// By version, ascending.
const std::vector<MigrationFile>& migration_files();

} // namespace timesheetd
