#include "process/signals.hpp"

#include <algorithm>
#include <csignal>
#include <thread>

#include "process/failure.hpp"
#include "process/systemd_notify.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

namespace
{

volatile std::sig_atomic_t caught = 0;

void remember(int signal)
{
    caught = signal;
}

} // namespace

void catch_stop_signals()
{
    struct sigaction action = {};
    action.sa_handler = remember;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
}

bool stop_requested() noexcept
{
    return caught != 0 || is_time_up();
}

void check_stop()
{
    notify_watchdog();
    if (caught != 0)
        throw Stopped(caught == SIGINT ? "stopped by SIGINT" : "stopped by SIGTERM");
    require_time({});
}

void sleep_unless_stopped(std::chrono::milliseconds duration)
{
    // In short steps: a signal just before one long sleep would be noticed too late.
    constexpr std::chrono::milliseconds step{100};
    auto end = std::chrono::steady_clock::now() + duration;
    check_stop();
    require_time(duration); // what comes after the pause would have no time
    for (;;) {
        check_stop();
        auto left = end - std::chrono::steady_clock::now();
        if (left <= left.zero())
            return;
        std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, step));
    }
}

} // namespace timesheetd
