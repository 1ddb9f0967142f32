// A URL that is a secret as a whole: who knows it may use it. So it is kept exactly, and never
// shown.
#pragma once

#include <string>

namespace timesheetd
{

// Throws WrongUsage naming the variable and not the value, unless it is https, or http to a
// loopback host.
void check_secret_url(const std::string& variable, const std::string& url);

// From now on the log hides it, and the pieces of it that a service may quote: its path, and what
// in it is long enough to be a key.
void hide_secret_url(const std::string& variable, const std::string& url);

} // namespace timesheetd
