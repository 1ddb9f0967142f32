#include "api/timesheet_days.hpp"

#include <algorithm>

namespace fake
{

namespace
{

// Where deductions are automatic: half an hour of a day with more than eight hours of work.
constexpr Micros deduction = 30 * minutes;
constexpr Micros deducted_above = 8 * hours;

class TimesheetDays
{
  public:
    TimesheetDays(const Person& person, const Personality& personality)
        : person_(person), personality_(personality)
    {
    }

    void add(const Interval& interval, bool has_out)
    {
        Days date = person_.booked_date(interval.start);
        // Jibble never learns when a lost interval ended, and counts nothing for it.
        Micros end = interval.lost_out ? interval.start : interval.end;
        Micros left = whole(end - interval.start);
        if (!interval.is_break && !days_[date].first_in)
            days_[date].first_in = interval.start;
        if (personality_.summary_midnight == Personality::Midnight::split)
            for (Micros start = interval.start;; ++date) {
                Micros midnight = person_.working_zone().to_utc((date + 1) * days);
                if (midnight >= end)
                    break;
                Micros part = std::min(whole(midnight - start), left);
                add_length(days_[date], part, interval.is_break);
                left -= part;
                start = midnight;
            }
        add_length(days_[date], left, interval.is_break);
        days_[date].last_out = has_out ? std::optional(interval.end) : std::nullopt;
    }

    void add(const HourEntry& entry)
    {
        TimesheetDay& day = days_[entry.date];
        Micros length = entry.seconds * seconds;
        day.payroll += length;
        if (personality_.tracked_hour_entries == Personality::Included::with)
            day.tracked += length;
    }

    std::map<Days, TimesheetDay> between(Days first, Days last)
    {
        std::map<Days, TimesheetDay> result;
        for (auto& [date, day] : days_) {
            if (date < first || date > last || day.is_empty())
                continue;
            if (personality_.tracked_deductions == Personality::Deductions::with &&
                day.clocked > deducted_above) {
                day.payroll -= deduction;
                day.tracked -= deduction;
            }
            result.emplace(date, day);
        }
        return result;
    }

  private:
    Micros whole(Micros length) const
    {
        bool cut = personality_.summary_durations == Personality::Durations::plain;
        return cut ? length - length % seconds : length;
    }

    static void add_length(TimesheetDay& day, Micros length, bool is_break)
    {
        day.tracked += length;
        if (is_break) {
            day.unpaid_break += length;
        } else {
            day.clocked += length;
            day.payroll += length;
        }
    }

    const Person& person_;
    const Personality& personality_;
    std::map<Days, TimesheetDay> days_;
};

} // namespace

std::map<Days, TimesheetDay> timesheet_days(const Organisation& organisation, const Truth& truth,
                                            const Personality& personality, std::size_t person,
                                            Days first, Days last)
{
    TimesheetDays found(organisation.people[person], personality);
    // Local dates stay within a day of UTC's.
    auto shift =
        std::partition_point(truth.shifts.begin(), truth.shifts.end(), [&](const Shift& s) {
            return s.agent < person || (s.agent == person && s.end() < (first - 1) * days);
        });
    for (; shift != truth.shifts.end() && shift->agent == person &&
           shift->start() < (last + 2) * days;
         ++shift)
        for (const Interval& interval : shift->intervals) {
            bool ends_shift = &interval == &shift->intervals.back();
            found.add(interval, ends_shift && shift->has_out());
        }
    for (const HourEntry& entry : truth.hour_entries)
        if (entry.agent == person && !entry.archived && first <= entry.date && entry.date <= last)
            found.add(entry);
    return found.between(first, last);
}

} // namespace fake
