// Whether a connection has a session of the server to itself, as a lock needs.
#pragma once

#include <string>

#include "postgres/database.hpp"

namespace timesheetd
{

// Throws Failure if `database`, connected by `url`, shares its session with other connections, as
// it does behind a pooler in transaction mode: a lock would then be everybody's, and stay after we
// are gone.
void check_session_pooling(Database& database, const std::string& url);

} // namespace timesheetd
