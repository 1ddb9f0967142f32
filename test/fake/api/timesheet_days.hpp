#pragma once

#include "organisation/truth.hpp"
#include "personality/personality.hpp"

#include <map>
#include <optional>

namespace fake
{

// What Jibble makes of one person's day.
struct TimesheetDay {
    // The start of the day's first work.
    std::optional<Micros> first_in;
    // The end of the day's last interval, if a clock-out shows it.
    std::optional<Micros> last_out;
    // Work from clock-in to clock-out, without what was typed in.
    Micros clocked = 0;
    // All work, hour entries included.
    Micros payroll = 0;
    // Work and breaks.
    Micros tracked = 0;
    Micros paid_break = 0;
    Micros unpaid_break = 0;

    // Neither a clock-in nor time: only a break whose end is unknown.
    bool is_empty() const { return !first_in && payroll == 0 && tracked == 0; }
};

// The days from `first` to `last`, both included, on which a person (an index into the people)
// clocked in or has time. All breaks are unpaid. An interval counts wholly on the date of its start
// entry, or, where summaries are split at midnight, on each local date that it touches. Its length
// is cut to whole seconds unless durations are fractional.
std::map<Days, TimesheetDay> timesheet_days(const Organisation& organisation, const Truth& truth,
                                            const Personality& personality, std::size_t person,
                                            Days first, Days last);

} // namespace fake
