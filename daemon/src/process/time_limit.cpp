#include "process/time_limit.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "process/failure.hpp"

namespace timesheetd
{

namespace
{

constexpr long max_limit_s = 86400;

const TimeLimitClock::time_point process_began = TimeLimitClock::now();

std::optional<std::chrono::seconds> limit;
TimeLimitClock::duration reserved{};

TimeLimitClock::time_point end_of_work()
{
    return process_began + *limit - time_to_close() - reserved;
}

} // namespace

std::chrono::seconds parse_time_limit(const std::string& text)
{
    long seconds = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 1 ||
        seconds > max_limit_s)
        throw WrongUsage(fmt::format("--time-limit: \"{}\" is not a whole number of seconds from 1 "
                                     "to {}; use for example 240, or leave the option out for no "
                                     "limit",
                                     text, max_limit_s));
    return std::chrono::seconds(seconds);
}

void set_time_limit(std::chrono::seconds length)
{
    limit = length;
}

bool has_time_limit() noexcept
{
    return limit.has_value();
}

// A tenth, but not more than five seconds: a run is closed in milliseconds.
TimeLimitClock::duration time_to_close() noexcept
{
    if (!limit)
        return {};
    return std::min<TimeLimitClock::duration>(TimeLimitClock::duration(*limit) / 10,
                                              std::chrono::seconds(5));
}

std::optional<TimeLimitClock::duration> time_left() noexcept
{
    if (!limit)
        return std::nullopt;
    return std::max(TimeLimitClock::duration{}, end_of_work() - TimeLimitClock::now());
}

bool is_time_up() noexcept
{
    return limit && TimeLimitClock::now() >= end_of_work();
}

void require_time(TimeLimitClock::duration needed)
{
    if (limit && TimeLimitClock::now() + needed >= end_of_work())
        throw TimeIsUp(time_limit_text() + " leaves no time for more");
}

ReservedTime::ReservedTime(std::chrono::seconds length)
{
    if (limit)
        reserved =
            std::min<TimeLimitClock::duration>(length, TimeLimitClock::duration(*limit) / 10);
}

ReservedTime::~ReservedTime()
{
    reserved = {};
}

long step_size(double each_second, long most) noexcept
{
    if (!limit)
        return most;
    return std::clamp(static_cast<long>(each_second * static_cast<double>(limit->count())), 1L,
                      most);
}

std::string time_limit_text()
{
    return fmt::format("the time limit of {} s", limit ? limit->count() : 0);
}

} // namespace timesheetd
