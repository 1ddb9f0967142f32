// Brings the schema and its functions to what this program was built with.
#pragma once

#include "postgres/database.hpp"

namespace timesheetd
{

// Applies the steps that are missing, each in a transaction of its own, then all functions in one
// if their text is another than the database's; then installs or updates the native engine where
// the server has it. Two at once are safe, and what one that died left is completed by the next.
// A copy of the schema without its rows gets them back. Throws Failure if the database was made by
// other files, is not in UTF8 or is read-only.
void migrate(Database& database);

// Throws Failure, naming the remedy, unless the schema has exactly our version, our functions and the
// rows that all need, and can be written to.
void require_current_schema(Database& database);

// The same of what only reads, so the database may be read-only.
void require_readable_schema(Database& database);

} // namespace timesheetd
