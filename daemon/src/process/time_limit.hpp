// The time limit of this call. Before it, work ends as it does after a signal: where stopping is
// safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace timesheetd
{

using TimeLimitClock = std::chrono::steady_clock;

// The value of --time-limit. Throws WrongUsage naming it and what it may be.
std::chrono::seconds parse_time_limit(const std::string& text);

// From now on this process has so long, since the process began.
void set_time_limit(std::chrono::seconds limit);
bool has_time_limit() noexcept;
// What is kept of the limit for closing the run and for saying what is left; 0 without a limit.
TimeLimitClock::duration time_to_close() noexcept;
// Until work must end; nothing without a limit.
std::optional<TimeLimitClock::duration> time_left() noexcept;
bool is_time_up() noexcept;
// Throws TimeIsUp unless there is so much time left.
void require_time(TimeLimitClock::duration needed);

// While it lives, work ends so much earlier, but by at most a tenth of the limit: time for what
// comes after it. Nothing without a limit.
class ReservedTime
{
  public:
    explicit ReservedTime(std::chrono::seconds length);
    ~ReservedTime();
    ReservedTime(const ReservedTime&) = delete;
    ReservedTime& operator=(const ReservedTime&) = delete;
};

// Of work in steps that count each: how much one step is, for each second of the limit, at
// least 1 and at most `most`, which it is without a limit.
long step_size(double each_second, long most) noexcept;
// "the time limit of 240 s"
std::string time_limit_text();

} // namespace timesheetd
