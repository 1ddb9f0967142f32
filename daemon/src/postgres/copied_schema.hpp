// A copy of the schema alone, as pg_dump --schema-only and supabase migration squash make one, lacks
// the rows that the files of sql/schema insert.
#pragma once

#include "postgres/database.hpp"

namespace timesheetd
{

// Whether a table in which those files insert rows has none. Needs the newest schema.
bool lacks_rows(Database& database);

// Records all files as applied, if the tables, columns, constraints and indexes are those that they
// make. Throws Failure, naming what is not, and then changes nothing. Within a transaction.
void record_copied_steps(Database& database);

// Puts those rows back where they are missing. Within a transaction.
void put_rows_back(Database& database);

} // namespace timesheetd
