#include "text/iso_duration.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t max_digits = 9; // more would be centuries

long long milliseconds_of(char unit)
{
    switch (unit) {
    case 'D':
        return 86'400'000;
    case 'H':
        return 3'600'000;
    case 'M':
        return 60'000;
    default:
        return 1000;
    }
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

std::optional<std::chrono::milliseconds> parse_iso_duration(std::string_view text)
{
    std::size_t at = 0;
    auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
    bool is_negative = peek() == '-';
    at += is_negative ? 1 : 0;
    if (peek() != 'P')
        return std::nullopt;
    ++at;
    std::string_view units = "D"; // that may still come
    bool in_time = false;
    long long sum = 0;
    bool has_part = false;
    while (at < text.size()) {
        if (peek() == 'T' && !in_time) {
            in_time = true;
            units = "HMS";
            has_part = false; // something has to come after it
            ++at;
            continue;
        }
        std::size_t first = at;
        long long number = 0;
        for (; is_digit(peek()); ++at)
            if (at - first < max_digits)
                number = 10 * number + (peek() - '0');
        if (at == first || at - first > max_digits)
            return std::nullopt;
        long long thousandths = 0;
        bool has_fraction = peek() == '.';
        if (has_fraction) {
            std::size_t point = at++;
            for (long long place = 100; is_digit(peek()); ++at, place /= 10)
                thousandths += place * (peek() - '0');
            if (at == point + 1)
                return std::nullopt;
        }
        std::size_t unit = units.find(peek());
        if (at == text.size() || unit == std::string_view::npos || (has_fraction && peek() != 'S'))
            return std::nullopt;
        sum += number * milliseconds_of(peek()) + thousandths;
        units.remove_prefix(unit + 1);
        has_part = true;
        ++at;
    }
    if (!has_part)
        return std::nullopt;
    return std::chrono::milliseconds(is_negative ? -sum : sum);
}

} // namespace timesheetd
