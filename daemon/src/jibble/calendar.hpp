// Calendar dates without a time zone, as days since 1970-01-01, and instants as Jibble writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace timesheetd
{

struct Date {
    long day; // since 1970-01-01

    Date operator+(long days) const { return {day + days}; }
    Date operator-(long days) const { return {day - days}; }
    bool operator<(Date other) const { return day < other.day; }
    bool operator==(Date other) const { return day == other.day; }
};

// The days from `since` to `until`, both included.
struct Window {
    Date since;
    Date until;

    long days() const { return until.day - since.day + 1; }
};

// "2026-03-02", years 0001 to 9999; nothing for anything else, impossible dates included.
std::optional<Date> parse_date(std::string_view text);
std::string to_text(Date date);
std::string to_text(Window window); // "2026-03-02…2026-03-08"
Date utc_date(std::chrono::system_clock::time_point time);
// From a number of days ago to tomorrow (UTC): east of Greenwich it has begun already.
Window last_days(long days);

// "2026-03-02T01:00:00", a fraction of any length or none, "Z" or "+08:00"; cut to milliseconds.
// Nothing for years that the clock cannot hold, before 1677 or after 2262.
std::optional<std::chrono::system_clock::time_point> parse_instant(std::string_view text);

} // namespace timesheetd
