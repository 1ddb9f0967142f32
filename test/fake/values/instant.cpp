#include "values/instant.hpp"

namespace fake
{

namespace
{

struct Date {
    int year, month, day;
};

// Howard Hinnant's civil calendar algorithms: eras of 400 years that start on 1 March.
Date date_from_days(Days date)
{
    std::int64_t z = static_cast<std::int64_t>(date) + 719468;
    std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    std::int64_t doe = z - era * 146097;
    std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    std::int64_t mp = (5 * doy + 2) / 153;
    int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
    int year = static_cast<int>(yoe + era * 400 + (month <= 2 ? 1 : 0));
    return {year, month, static_cast<int>(doy - (153 * mp + 2) / 5 + 1)};
}

void append_padded(std::string& out, int value, int width)
{
    char text[8];
    for (int at = width - 1; at >= 0; --at) {
        text[at] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(text, static_cast<std::size_t>(width));
}

void append_clock(std::string& out, Micros clock, int digits, int seventh)
{
    Days date = date_of(clock);
    Micros rest = clock - date * days;
    append_date(out, date);
    out += 'T';
    append_padded(out, static_cast<int>(rest / hours), 2);
    out += ':';
    append_padded(out, static_cast<int>(rest / minutes % 60), 2);
    out += ':';
    append_padded(out, static_cast<int>(rest / seconds % 60), 2);
    if (digits == 0)
        return;
    int fraction = static_cast<int>(rest % seconds) * 10 + seventh;
    for (int cut = 7; cut > digits; --cut)
        fraction /= 10;
    out += '.';
    append_padded(out, fraction, digits);
}

// Reads exactly `width` digits at `at` and steps over them.
bool read_number(std::string_view text, std::size_t& at, std::size_t width, int& value)
{
    if (at + width > text.size())
        return false;
    value = 0;
    for (std::size_t end = at + width; at < end; ++at) {
        if (text[at] < '0' || text[at] > '9')
            return false;
        value = value * 10 + (text[at] - '0');
    }
    return true;
}

bool read_char(std::string_view text, std::size_t& at, char wanted)
{
    if (at >= text.size() || text[at] != wanted)
        return false;
    ++at;
    return true;
}

bool read_date(std::string_view text, std::size_t& at, Days& date)
{
    int year, month, day;
    if (!read_number(text, at, 4, year) || !read_char(text, at, '-') ||
        !read_number(text, at, 2, month) || !read_char(text, at, '-') ||
        !read_number(text, at, 2, day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    date = days_from_date(year, month, day);
    Date back = date_from_days(date);
    return back.month == month && back.day == day;
}

} // namespace

Days days_from_date(int year, int month, int day)
{
    std::int64_t y = month <= 2 ? year - 1 : year;
    std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    std::int64_t yoe = y - era * 400;
    std::int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    std::int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return static_cast<Days>(era * 146097 + doe - 719468);
}

int year_of(Days date)
{
    return date_from_days(date).year;
}

int weekday(Days date)
{
    int from_monday = (date + 3) % 7;
    return (from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

Days date_of(Micros clock)
{
    return static_cast<Days>(clock >= 0 ? clock / days : -((-clock + days - 1) / days));
}

void append_date(std::string& out, Days date)
{
    Date d = date_from_days(date);
    append_padded(out, d.year, 4);
    out += '-';
    append_padded(out, d.month, 2);
    out += '-';
    append_padded(out, d.day, 2);
}

void append_utc(std::string& out, Micros instant, int digits, int seventh)
{
    append_clock(out, instant, digits, seventh);
    out += 'Z';
}

void append_local(std::string& out, Micros instant, int digits, int offset_seconds, int seventh)
{
    append_clock(out, instant + offset_seconds * seconds, digits, seventh);
    int magnitude = offset_seconds < 0 ? -offset_seconds : offset_seconds;
    out += offset_seconds < 0 ? '-' : '+';
    append_padded(out, magnitude / 3600, 2);
    out += ':';
    append_padded(out, magnitude / 60 % 60, 2);
}

void append_duration(std::string& out, std::int64_t total_seconds)
{
    if (total_seconds < 0) {
        out += '-';
        total_seconds = -total_seconds;
    }
    out += "PT";
    if (total_seconds >= 3600)
        out += std::to_string(total_seconds / 3600) + 'H';
    if (total_seconds / 60 % 60 != 0)
        out += std::to_string(total_seconds / 60 % 60) + 'M';
    if (total_seconds % 60 != 0 || total_seconds == 0)
        out += std::to_string(total_seconds % 60) + 'S';
}

void append_exact_duration(std::string& out, Micros length, bool days_apart)
{
    out += 'P';
    if (days_apart && length >= days) {
        out += std::to_string(length / days) + 'D';
        length %= days;
        if (length == 0)
            return;
    }
    std::string whole;
    append_duration(whole, length / seconds);
    Micros fraction = length % seconds;
    if (fraction == 0) {
        out += whole.substr(1);
        return;
    }
    // Without whole seconds there is nothing yet to set the point after.
    if (whole.back() == 'S')
        whole.pop_back();
    else
        whole += '0';
    std::string digits = std::to_string(seconds + fraction).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    out += whole.substr(1) + '.' + digits + 'S';
}

bool parse_date(std::string_view text, Days& date)
{
    std::size_t at = 0;
    return read_date(text, at, date) && at == text.size();
}

bool parse_duration(std::string_view text, std::int64_t& total_seconds)
{
    constexpr std::int64_t max_number = 10'000'000;
    std::size_t at = 0;
    bool negative = read_char(text, at, '-');
    if (!read_char(text, at, 'P') || !read_char(text, at, 'T') || at == text.size())
        return false;
    total_seconds = 0;
    std::int64_t last_unit = 24 * 3600;
    while (at < text.size()) {
        std::size_t first = at;
        std::int64_t number = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && number < max_number; ++at)
            number = number * 10 + (text[at] - '0');
        if (at == first || at == text.size())
            return false;
        char letter = text[at++];
        std::int64_t unit = letter == 'H' ? 3600 : letter == 'M' ? 60 : letter == 'S' ? 1 : 0;
        if (unit == 0 || unit >= last_unit)
            return false;
        total_seconds += number * unit;
        last_unit = unit;
    }
    if (negative)
        total_seconds = -total_seconds;
    return true;
}

bool parse_instant(std::string_view text, Micros& instant)
{
    std::size_t at = 0;
    Days date;
    int hour, minute, second = 0;
    if (!read_date(text, at, date) || !read_char(text, at, 'T') ||
        !read_number(text, at, 2, hour) || !read_char(text, at, ':') ||
        !read_number(text, at, 2, minute))
        return false;
    Micros fraction = 0;
    if (read_char(text, at, ':')) {
        if (!read_number(text, at, 2, second))
            return false;
        if (read_char(text, at, '.')) {
            std::size_t first = at;
            for (Micros unit = 100'000; at < text.size() && text[at] >= '0' && text[at] <= '9';
                 ++at, unit /= 10)
                fraction += (text[at] - '0') * unit;
            if (at == first)
                return false;
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    Micros offset = 0;
    if (!read_char(text, at, 'Z')) {
        if (at >= text.size() || (text[at] != '+' && text[at] != '-'))
            return false;
        bool west = text[at++] == '-';
        int offset_hours, offset_minutes;
        if (!read_number(text, at, 2, offset_hours) || !read_char(text, at, ':') ||
            !read_number(text, at, 2, offset_minutes) || offset_hours > 14 || offset_minutes > 59)
            return false;
        offset = offset_hours * hours + offset_minutes * minutes;
        if (west)
            offset = -offset;
    }
    if (at != text.size())
        return false;
    instant = date * days + hour * hours + minute * minutes + second * seconds + fraction - offset;
    return true;
}

} // namespace fake
