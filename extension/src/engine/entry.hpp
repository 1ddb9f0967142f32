// The engine's input and output, in the server's own units: instants are microseconds and days are
// whole days since 2000-01-01. Nothing here knows a server.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace timesheet
{

using Instant = int64_t;
using Day = int32_t;
using Uuid = std::array<unsigned char, 16>;

constexpr int64_t microseconds_per_second = 1000000;
constexpr int64_t microseconds_per_day = 86400 * microseconds_per_second;

// An id that may be absent. Wider than the column, so that no id is mistaken for absence.
using OptionalId = int64_t;
constexpr OptionalId no_id = std::numeric_limits<int64_t>::min();

// A result that its type does not hold: an error in both engines, never another number.
struct OutOfRange {
    const char* message;
};
[[noreturn]] void throw_out_of_range(const char* message);

// R1 and R2: the kinds, in the order in which events of the same instant are read.
enum class Kind : uint8_t { out = 0, break_ = 1, work = 2, other = 3 };

struct Entry {
    int32_t agent;
    Day workday;
    Instant time;
    Instant workday_end;
    OptionalId client_group;
    OptionalId activity;
    Uuid id;
    Kind kind;
    bool is_auto_out;
};

// R7, in the order of the texts in server/session_rows.hpp; timesheet.end_reason has the same.
enum class EndReason : uint8_t {
    next_activity,
    break_,
    clock_out,
    auto_clock_out,
    running,
    missing_clock_out,
    break_left_open
};

struct Session {
    const Entry* entry; // R8: a session belongs wholly to its own entry, but for a carried activity
    Instant end;
    EndReason end_reason;

    bool is_work() const { return entry->kind == Kind::work; }
    bool is_complete() const { return end_reason <= EndReason::auto_clock_out; }
    // R10: work that no person ended. The sql engine has the same list in
    // timesheet.is_unconfirmed().
    bool is_unconfirmed() const
    {
        return end_reason == EndReason::auto_clock_out ||
               end_reason == EndReason::missing_clock_out || end_reason == EndReason::running;
    }
    int64_t length() const
    {
        int64_t length;
        if (__builtin_sub_overflow(end, entry->time, &length))
            throw_out_of_range("interval out of range");
        return length;
    }
    // R12: whole seconds, truncated once; an int to the sql engine. No session is longer than
    // max_session. R4 puts the workday's end after the entry, but in a table that was filled by
    // hand it may be long before it, and then the length is as far below zero.
    int64_t seconds() const
    {
        const int64_t seconds = length() / microseconds_per_second;
        if (seconds < std::numeric_limits<int32_t>::min())
            throw_out_of_range("integer out of range");
        return seconds;
    }
};

// What of the settings the session rules need; lengths in microseconds.
struct Rules {
    int64_t max_session;
    int64_t overnight_switch;
    int64_t long_session;
    bool missing_clock_out_is_day_end;
    int week_starts_on; // ISO: 1 Monday to 7 Sunday
    Instant as_of;
    bool carries_activity_on = false; // R8: over breaks, to work that has none
};

} // namespace timesheet
