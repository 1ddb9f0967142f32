#include "timesheet_days.h"

#include <algorithm>

namespace fake
{

namespace
{

void add_work(TimesheetDay& day, std::int64_t length)
{
    day.payroll_seconds += length;
    day.tracked_seconds += length;
}

void add_interval(TimesheetDay& day, const Interval& interval, bool has_out)
{
    // Jibble never learns when a lost interval ended, and counts nothing for it.
    std::int64_t length = interval.lost_out ? 0 : (interval.end - interval.start) / seconds;
    if (interval.is_break)
        day.break_seconds += length;
    else
        add_work(day, length);
    if (!interval.is_break && !day.first_in)
        day.first_in = interval.start;
    day.last_out = has_out ? std::optional(interval.end) : std::nullopt;
}

} // namespace

std::map<Days, TimesheetDay> timesheet_days(const Organisation& organisation, const Truth& truth,
                                            std::size_t person, Days first, Days last)
{
    std::map<Days, TimesheetDay> result;
    // Local dates stay within a day of UTC's.
    auto shift =
        std::partition_point(truth.shifts.begin(), truth.shifts.end(), [&](const Shift& s) {
            return s.agent < person || (s.agent == person && s.end() < (first - 1) * days);
        });
    for (; shift != truth.shifts.end() && shift->agent == person &&
           shift->start() < (last + 2) * days;
         ++shift)
        for (const Interval& interval : shift->intervals) {
            Days date = organisation.people[person].booked_date(interval.start);
            bool ends_shift = &interval == &shift->intervals.back();
            if (first <= date && date <= last)
                add_interval(result[date], interval, ends_shift && shift->has_out());
        }
    for (const HourEntry& entry : truth.hour_entries)
        if (entry.agent == person && !entry.archived && first <= entry.date && entry.date <= last)
            add_work(result[entry.date], entry.seconds);
    for (auto day = result.begin(); day != result.end();)
        day = day->second.is_empty() ? result.erase(day) : std::next(day);
    return result;
}

} // namespace fake
