// The files of sql/ as they were when this was built.
#pragma once

#include <string>
#include <vector>

namespace timesheetd
{

// A file of sql/schema.
struct SchemaStep {
    int version;
    std::string name; // "0001_foundation"
    std::string sha256;
    const char* text;
};

// By version, ascending.
const std::vector<SchemaStep>& schema_steps();

struct FunctionFile {
    std::string name; // "reports/daily_report.sql", below sql/functions
    const char* text;
};

struct Functions {
    std::string sha256; // of all texts, one after another
    std::vector<FunctionFile> files;
};

// In the order of sql/functions/order.
const Functions& sql_functions();

} // namespace timesheetd
