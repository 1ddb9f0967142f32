// Where a service may live: https anywhere, http on this machine only.
#pragma once

#include <string>

namespace timesheetd
{

// The URL without trailing slashes. Throws WrongUsage naming the variable it came from.
std::string checked_service_url(const std::string& variable, const std::string& url);

// Whether the host is 127.0.0.0/8, ::1 or localhost; false for what is no URL.
bool has_loopback_host(const std::string& url);

} // namespace timesheetd
