// SIGTERM and SIGINT set a flag; work looks at it where stopping is safe.
#pragma once

#include <chrono>

namespace timesheetd
{

// From now on the two signals only set the flag, and SIGPIPE is ignored.
void catch_stop_signals();
bool stop_requested() noexcept;
// Throws Stopped, naming the signal, once one came; else notifies the watchdog.
void check_stop();
// Sleeps, and throws Stopped as soon as a signal comes.
void sleep_unless_stopped(std::chrono::milliseconds duration);

} // namespace timesheetd
