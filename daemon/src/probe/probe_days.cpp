#include "probe/probe_days.hpp"

namespace timesheetd
{

namespace
{

using std::chrono::milliseconds;

constexpr std::chrono::hours max_interval{16}; // settings.max_session
// A longer one may be a forgotten end, for which Jibble counts something else.
constexpr std::chrono::hours max_certain{12};
constexpr std::chrono::minutes least_crossing{10};
constexpr std::chrono::minutes tolerance{1};
// Automatic deductions are for breaks that were not taken, on longer days.
constexpr std::chrono::minutes max_deduction{90};
constexpr std::chrono::hours deducted_above{5};
constexpr milliseconds day_length = std::chrono::hours(24);

} // namespace

//   In e             local midnight        next entry n
//   |----------------------|--------------------|
//   whole: all of it on e's day
//   split: on e's day      on the day after
ProbeDays::ProbeDays(const std::vector<ProbeEntry>& entries)
{
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const ProbeEntry& entry = entries[i];
        if (entry.kind == EntryKind::out)
            continue;
        milliseconds length =
            i + 1 < entries.size() ? entries[i + 1].time - entry.time : max_interval * 2;
        if (length > max_certain)
            uncertain_.insert({entry.date.day, entry.date.day + 1});
        if (length <= max_interval)
            add_interval(entry, length);
    }
}

void ProbeDays::add_interval(const ProbeEntry& entry, milliseconds length)
{
    bool is_break = entry.kind == EntryKind::start_break;
    long day = entry.date.day;
    milliseconds local = entry.time + entry.offset;
    milliseconds midnight = (day + 1) * day_length;
    // Jibble's date follows another clock than the entry's.
    if (local >= midnight || local < midnight - day_length)
        uncertain_.insert({day - 1, day, day + 1});
    add(whole_[day], is_break, length);
    milliseconds after = local + length - midnight;
    if (after <= milliseconds{} || after >= length) {
        add(split_[day], is_break, length);
        return;
    }
    add(split_[day], is_break, length - after);
    add(split_[day + 1], is_break, after);
    if (after >= least_crossing && length - after >= least_crossing)
        crossing_.insert(day);
}

void ProbeDays::add(DaySums& sums, bool is_break, milliseconds length)
{
    (is_break ? sums.breaks : sums.work) += length;
}

DaySums ProbeDays::at(const Sums& sums, Date date)
{
    auto found = sums.find(date.day);
    return found == sums.end() ? DaySums{} : found->second;
}

std::vector<Date> ProbeDays::days() const
{
    std::vector<Date> days;
    for (const auto& [day, sums] : whole_)
        days.push_back({day});
    return days;
}

Fit fit(milliseconds tracked, const DaySums& sums)
{
    milliseconds all = sums.work + sums.breaks;
    auto is_about = [&](milliseconds figure) {
        return tracked >= figure - tolerance && tracked <= figure + tolerance;
    };
    if (is_about(all) || is_about(sums.work))
        return Fit::exact;
    milliseconds least =
        sums.work - (sums.work > deducted_above ? milliseconds(max_deduction) : milliseconds{});
    return tracked >= least - tolerance && tracked <= all + tolerance ? Fit::near : Fit::none;
}

} // namespace timesheetd
