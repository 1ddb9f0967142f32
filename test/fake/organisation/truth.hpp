#pragma once

#include "organisation/organisation.hpp"
#include "values/guid.hpp"
#include "values/instant.hpp"

#include <cstdio>
#include <functional>
#include <string_view>
#include <vector>

namespace fake
{

// What a person really did from one instant to another.
struct Interval {
    Micros start;
    Micros end;
    // The id of the time entry that will announce it.
    Guid start_event;
    // Index into the activities, -1 when none was chosen.
    std::int16_t activity;
    bool is_break;
    // The last of its shift, whose end was never recorded.
    bool lost_out;
    // The last of its shift, ended by Jibble itself.
    bool auto_out;
    // Still going on at `now`, where it is cut.
    bool running;
};

// Contiguous intervals from a clock-in to the end of the working day.
struct Shift {
    std::uint16_t agent;
    // Worked through a change of the clocks; kept free of mishaps.
    bool clock_change;
    std::vector<Interval> intervals;

    Micros start() const { return intervals.front().start; }
    Micros end() const { return intervals.back().end; }
    // Whether a clock-out shows its end.
    bool has_out() const { return !intervals.back().lost_out && !intervals.back().running; }
};

// Time typed in as a duration.
struct HourEntry {
    Guid id;
    std::uint16_t agent;
    std::int16_t activity;
    Days date;
    int seconds;
    bool archived;
};

// What happened, before anything was recorded: no entry, session, workday or sum is in here.
struct Truth {
    std::uint64_t seed;
    Micros now;
    int weeks;
    Days first_day;
    // By agent, then by time.
    std::vector<Shift> shifts;
    std::vector<HourEntry> hour_entries;
};

// Invents the working time of every agent from `weeks` Mondays before this week's up to `now`.
Truth make_truth(const Organisation& organisation, int weeks, Micros now);

// Makes people forget clock-outs and break-ends, and Jibble clock some out (a step of make_truth).
void add_mishaps(const Organisation& organisation, Truth& truth);

// Hands the truth document to `write` piece by piece: it can be larger than memory likes.
void write_truth(const Organisation& organisation, const Truth& truth,
                 const std::function<void(std::string_view)>& write);

} // namespace fake
