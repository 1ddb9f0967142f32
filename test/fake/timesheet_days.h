#pragma once

#include "truth.h"

#include <map>
#include <optional>

namespace fake
{

/// What Jibble makes of one person's day. Lengths are whole seconds, cut once per interval.
struct TimesheetDay {
    /// The start of the day's first work.
    std::optional<Micros> first_in;
    /// The end of the day's last interval, if a clock-out tells it.
    std::optional<Micros> last_out;
    std::int64_t payroll_seconds = 0;
    /// Work and hour entries, breaks apart.
    std::int64_t tracked_seconds = 0;
    std::int64_t break_seconds = 0;

    /// Neither a clock-in nor time: only a break whose end is unknown.
    bool is_empty() const { return !first_in && tracked_seconds == 0 && break_seconds == 0; }
};

/// The days from `first` to `last`, both included, on which a person (an index into the people)
/// clocked in or has time. An interval counts wholly on the date of its start entry.
std::map<Days, TimesheetDay> timesheet_days(const Organisation& organisation, const Truth& truth,
                                            std::size_t person, Days first, Days last);

} // namespace fake
