// A person's days, added up from entries in each way in which Jibble may do it.
#pragma once

#include <map>
#include <vector>

#include "probe/probe_entry.hpp"

namespace timesheetd
{

struct DaySums {
    std::chrono::milliseconds work{};
    std::chrono::milliseconds breaks{};
};

// From entries of one person, live ones in order, that are all there are from the day before the
// first to the day after the last that is looked at.
class ProbeDays
{
  public:
    explicit ProbeDays(const std::vector<ProbeEntry>& entries);

    // Whether the day's entries leave no doubt: each In and break has its end.
    bool is_certain(Date date) const { return uncertain_.count(date.day) == 0; }
    // Whether an interval that begins on this day goes on after local midnight by ten minutes.
    bool crosses_midnight(Date date) const { return crossing_.count(date.day) > 0; }
    std::vector<Date> days() const;
    // Each interval on the day of its In.
    DaySums whole(Date date) const { return at(whole_, date); }
    // Each interval cut at local midnight.
    DaySums split(Date date) const { return at(split_, date); }

  private:
    using Sums = std::map<long, DaySums>;
    static DaySums at(const Sums& sums, Date date);
    static void add(DaySums& sums, bool is_break, std::chrono::milliseconds length);
    void add_interval(const ProbeEntry& entry, std::chrono::milliseconds length);

    Sums whole_;
    Sums split_;
    std::set<long> uncertain_;
    std::set<long> crossing_;
};

// How well Jibble's figure for a day fits what was added up.
enum class Fit {
    none,
    near, // within breaks that may not be in it, and a deduction
    exact // within a minute
};
Fit fit(std::chrono::milliseconds tracked, const DaySums& sums);

} // namespace timesheetd
