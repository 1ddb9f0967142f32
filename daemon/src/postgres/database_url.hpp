// DATABASE_URL: a connection URI, parts of which are secret.
#pragma once

#include <string>

namespace timesheetd
{

// Registers the passwords in it, as written and decoded, with the scrubber.
void hide_database_secrets(const std::string& url);

// Throws WrongUsage if libpq cannot read it.
void check_database_url(const std::string& url);

} // namespace timesheetd
