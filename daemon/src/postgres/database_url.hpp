// DATABASE_URL: a connection URI, parts of which are secret.
#pragma once

#include <string>

namespace timesheetd
{

// Registers the passwords in it, as written and decoded, with the scrubber.
void hide_database_secrets(const std::string& url);

// Throws WrongUsage if libpq cannot read it.
void check_database_url(const std::string& url);

// The file with the authorities that the server's certificate is checked by: SSL_CERT_FILE's, where
// the URL (or PGSSLMODE) wants that checked and names no sslrootcert; else "", libpq's own default.
// Only there: to libpq a file that is named means that sslmode=require checks as well.
std::string database_authorities(const std::string& url);

} // namespace timesheetd
