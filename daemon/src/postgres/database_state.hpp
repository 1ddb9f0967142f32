// What a database must be before anything is done in it, whatever its schema is.
#pragma once

#include "postgres/database.hpp"

namespace timesheetd
{

// Throws Failure, naming the remedy, unless the database is in UTF8.
void require_utf8(Database& database);

// Throws Failure, naming the reason and the remedy, where nothing can be written: on a standby, or
// where a setting makes transactions read-only.
void require_writable(Database& database);

// The same, and writes something that it rolls back.
void try_to_write(Database& database);

} // namespace timesheetd
