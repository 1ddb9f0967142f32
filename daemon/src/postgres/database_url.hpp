// DATABASE_URL: a connection URI, most of which may be told and some of which must not.
#pragma once

#include <string>

namespace timesheetd
{

// Registers the passwords in it, as they stand and decoded, with the scrubber.
void hide_database_secrets(const std::string& url);

// Throws WrongUsage if libpq cannot read it.
void check_database_url(const std::string& url);

} // namespace timesheetd
