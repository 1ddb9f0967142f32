// Brings the schema to the version this program was built with.
#pragma once

#include "postgres/database.hpp"

namespace timesheetd
{

// Applies what is missing, each file in a transaction of its own, then installs or updates the
// native engine where the server has it. Two at once are safe. Throws Failure if the database was
// made by other files.
void migrate(Database& database);

// Throws Failure, naming the remedy, unless the schema has exactly our version.
void require_current_schema(Database& database);

} // namespace timesheetd
