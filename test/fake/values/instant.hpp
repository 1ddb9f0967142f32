#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fake
{

// Microseconds since 1970-01-01T00:00:00Z; also used for local clock readings.
using Micros = std::int64_t;
// Days since 1970-01-01.
using Days = std::int32_t;

constexpr Micros seconds = 1'000'000;
constexpr Micros minutes = 60 * seconds;
constexpr Micros hours = 60 * minutes;
constexpr Micros days = 24 * hours;

// Proleptic Gregorian; no range check.
Days days_from_date(int year, int month, int day);
int year_of(Days date);
// ISO: 1 Monday … 7 Sunday.
int weekday(Days date);
// The calendar date of a clock reading.
Days date_of(Micros clock);

// "2026-03-02"
void append_date(std::string& out, Days date);
// "2026-03-02T01:00:00.123Z" with `digits` (0 to 7) fractional digits; none drops the point. The
// last of seven is `seventh`, beyond what the instant itself can hold.
void append_utc(std::string& out, Micros instant, int digits, int seventh = 0);
// "2026-03-02T09:00:00.123+08:00"
void append_local(std::string& out, Micros instant, int digits, int offset_seconds,
                  int seventh = 0);
// "PT2H30M", "-PT5H", "PT0S"
void append_duration(std::string& out, std::int64_t total_seconds);
// "PT6H6M52.753408S" of microseconds, not negative; "P1DT6H" where whole days are written apart.
void append_exact_duration(std::string& out, Micros length, bool days_apart);

// Reads "2026-03-02"; false for anything else, impossible dates included.
bool parse_date(std::string_view text, Days& date);
// Reads what append_duration writes; false for anything else, days and fractions included.
bool parse_duration(std::string_view text, std::int64_t& total_seconds);
// Reads "2026-03-02T01:00[:00[.fraction]]" with Z or ±hh:mm; digits beyond microseconds are cut.
bool parse_instant(std::string_view text, Micros& instant);

} // namespace fake
