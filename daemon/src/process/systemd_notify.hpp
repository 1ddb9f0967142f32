// The service manager (systemd), where there is one: that we are ready, alive, and ending.
#pragma once

#include <string>

namespace timesheetd
{

// Without a service manager these do nothing.
void notify_ready();
void notify_stopping();
// One line for people, shown by systemctl status.
void notify_status(const std::string& status);
// Called wherever work goes on or is waited for; notifies the watchdog, as often as it asks for.
void notify_watchdog() noexcept;

} // namespace timesheetd
