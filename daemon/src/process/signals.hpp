// SIGTERM and SIGINT set a flag; work looks at it, and at the time limit, where stopping is safe.
#pragma once

#include <chrono>

namespace timesheetd
{

// From now on the two signals only set the flag, and SIGPIPE is ignored.
void catch_stop_signals();
// Once a signal came or the time is up.
bool stop_requested() noexcept;
// Throws Stopped, naming the signal, once one came, and TimeIsUp once the time is up; else notifies
// the watchdog.
void check_stop();
// Sleeps, and throws Stopped as soon as a signal comes; TimeIsUp at once if the time would be up by
// the end of it.
void sleep_unless_stopped(std::chrono::milliseconds duration);

} // namespace timesheetd
