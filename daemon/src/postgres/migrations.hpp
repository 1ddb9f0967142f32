// Brings the schema and its functions to what this program was built with.
#pragma once

#include "postgres/database.hpp"

namespace timesheetd
{

// Applies the steps that are missing, each in a transaction of its own, then all functions in one
// if their text is another than the database's; then installs or updates the native engine where
// the server has it. Two at once are safe, and what one that died left is completed by the next.
// Throws Failure if the database was made by other files.
void migrate(Database& database);

// Throws Failure, naming the remedy, unless the schema has exactly our version, and our functions.
void require_current_schema(Database& database);

} // namespace timesheetd
