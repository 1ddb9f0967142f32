// The service manager (systemd), where there is one: that we are ready, alive, and ending.
#pragma once

#include <string>

namespace timesheetd
{

// Without a service manager these do nothing.
void tell_ready();
void tell_stopping();
// One line for people, shown by systemctl status.
void tell_status(const std::string& status);
// Called wherever work goes on or is waited for; tells the watchdog, often enough and no oftener.
void tell_alive() noexcept;

} // namespace timesheetd
