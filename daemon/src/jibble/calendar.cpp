#include "jibble/calendar.hpp"

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

struct Fields {
    long year;
    long month;
    long day;
};

// Both count years from March, so that a leap day is a year's last; an era is 400 years.
long days_from(Fields date)
{
    long year = date.month <= 2 ? date.year - 1 : date.year;
    long era = (year >= 0 ? year : year - 399) / 400;
    long year_of_era = year - era * 400;
    long month = (date.month + 9) % 12;
    long day_of_year = (153 * month + 2) / 5 + date.day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

Fields fields_of(long days)
{
    days += 719468;
    long era = (days >= 0 ? days : days - 146096) / 146097;
    long day_of_era = days - era * 146097;
    long year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    long day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long month = (5 * day_of_year + 2) / 153;
    long year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
    return {year, month < 10 ? month + 3 : month - 9, day_of_year - (153 * month + 2) / 5 + 1};
}

// A clock of nanoseconds holds 1677-09-21 to 2262-04-11. Five days less at each end: an offset is
// read up to 99 hours and 99 minutes.
constexpr Date first_instant{-106'746};
constexpr Date last_instant{106'746};

// The digits at [at, at + length); -1 if any is none.
long number_at(std::string_view text, std::size_t at, std::size_t length)
{
    long number = 0;
    for (std::size_t i = at; i < at + length; ++i) {
        if (i >= text.size() || text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool has_at(std::string_view text, std::size_t at, char c)
{
    return at < text.size() && text[at] == c;
}

} // namespace

std::optional<Date> parse_date(std::string_view text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    Fields fields{number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2)};
    if (fields.year < 1 || fields.month < 1 || fields.month > 12 || fields.day < 1)
        return std::nullopt;
    Date date{days_from(fields)};
    // 30 February comes back as 2 March.
    Fields back = fields_of(date.day);
    if (back.month != fields.month || back.day != fields.day)
        return std::nullopt;
    return date;
}

std::string to_text(Date date)
{
    Fields fields = fields_of(date.day);
    return fmt::format("{:04}-{:02}-{:02}", fields.year, fields.month, fields.day);
}

std::string to_text(Window window)
{
    return to_text(window.since) + "…" + to_text(window.until);
}

Date utc_date(std::chrono::system_clock::time_point time)
{
    auto hours = std::chrono::duration_cast<std::chrono::hours>(time.time_since_epoch()).count();
    return {hours / 24};
}

Window last_days(long days)
{
    Date today = utc_date(std::chrono::system_clock::now());
    return {today - days, today + 1};
}

std::optional<std::chrono::system_clock::time_point> parse_instant(std::string_view text)
{
    auto date = text.size() > 10 ? parse_date(text.substr(0, 10)) : std::nullopt;
    long hour = number_at(text, 11, 2);
    long minute = number_at(text, 14, 2);
    long second = number_at(text, 17, 2);
    if (!date || *date < first_instant || last_instant < *date || text[10] != 'T' ||
        !has_at(text, 13, ':') || !has_at(text, 16, ':') || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    std::size_t at = 19;
    long millisecond = 0;
    if (has_at(text, at, '.'))
        for (long unit = 100; ++at < text.size() && text[at] >= '0' && text[at] <= '9'; unit /= 10)
            millisecond += unit * (text[at] - '0');
    long offset_minutes = 0;
    if (has_at(text, at, '+') || has_at(text, at, '-')) {
        long offset_hour = number_at(text, at + 1, 2);
        long offset_minute = number_at(text, at + 4, 2);
        if (text.size() != at + 6 || text[at + 3] != ':' || offset_hour < 0 || offset_minute < 0)
            return std::nullopt;
        offset_minutes = (offset_hour * 60 + offset_minute) * (text[at] == '-' ? -1 : 1);
    } else if (text.substr(at) != "Z") {
        return std::nullopt;
    }
    return std::chrono::system_clock::time_point(
        std::chrono::seconds(date->day * 86400 + hour * 3600 + (minute - offset_minutes) * 60 +
                             second) +
        std::chrono::milliseconds(millisecond));
}

} // namespace timesheetd
