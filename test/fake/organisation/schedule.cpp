#include "organisation/truth.hpp"
#include "values/random.hpp"

#include <algorithm>

namespace fake
{

namespace
{

// The session rules call longer gaps a forgotten event, and truth must not look like one.
constexpr Micros max_interval = 5 * hours;
constexpr Micros shortest_interval = 8 * minutes;

// Recorded instants come with anything from whole seconds to microseconds.
Micros add_fraction(Random& random, Micros whole)
{
    static const Micros units[] = {1'000'000, 1'000'000, 1'000'000, 1'000, 1'000, 1'000, 1'000,
                                   100'000,   10'000,    100,       10,    1,     1,     1};
    Micros unit = units[random.below(sizeof units / sizeof *units)];
    whole -= whole % seconds;
    return whole + random.between(0, seconds / unit - 1) * unit;
}

// What one agent's days look like, and the shifts that follow.
class AgentSchedule
{
  public:
    AgentSchedule(const Organisation& organisation, int agent, Days first_day, Micros now)
        : org_(organisation), person_(organisation.people[agent]),
          night_(organisation.groups[person_.group].night), first_day_(first_day), now_(now),
          agent_(agent), random_(stream(organisation.seed, "schedule", agent))
    {
        choose_habits();
    }

    void append_shifts(std::vector<Shift>& shifts)
    {
        const TimeZone& zone = person_.working_zone();
        Days last_day = date_of(zone.to_local(now_));
        std::vector<Days> change_days;
        for (Micros change : zone.changes(first_day_ * days, now_))
            change_days.push_back(date_of(zone.to_local(change)));
        auto changes_on = [&](Days day) {
            return std::find(change_days.begin(), change_days.end(), day) != change_days.end();
        };
        for (Days day = first_day_; day <= last_day; ++day) {
            // The night of a clock change is always worked, and slept off afterwards.
            if (changes_on(day + 1)) {
                Micros start = day * days + 21 * hours + random_.between(30, 59) * minutes;
                Micros end = (day + 1) * days + 5 * hours + random_.between(40, 59) * minutes;
                append_shift(shifts, zone.to_utc(start), zone.to_utc(end), true);
            } else if (!changes_on(day) && works_on(day)) {
                auto [start, end] = planned(day);
                append_shift(shifts, zone.to_utc(start), zone.to_utc(end), false);
            }
        }
    }

  private:
    void choose_habits()
    {
        static const int day_starts[] = {7 * 60, 8 * 60,  8 * 60 + 30, 9 * 60,
                                         9 * 60, 10 * 60, 13 * 60};
        static const int night_starts[] = {20 * 60, 21 * 60, 21 * 60 + 30,
                                           22 * 60, 23 * 60, 23 * 60 + 30};
        usual_start_ =
            (night_ ? night_starts[random_.below(6)] : day_starts[random_.below(7)]) * minutes;
        bool rotated = random_.chance(150);
        day_off_ = rotated ? 7 : 6;
        other_day_off_ = rotated ? 1 : 7;

        std::vector<std::int16_t> own, shared;
        for (std::size_t i = 0; i < org_.activities.size(); ++i) {
            const Activity& activity = org_.activities[i];
            if (activity.archived)
                continue;
            if (activity.group == person_.group)
                own.push_back(static_cast<std::int16_t>(i));
            else if (activity.group < 0)
                shared.push_back(static_cast<std::int16_t>(i));
        }
        auto take = [&](std::vector<std::int16_t>& from, std::size_t count) {
            for (; count > 0 && !from.empty(); --count) {
                std::size_t at = random_.below(from.size());
                activities_.push_back(from[at]);
                from.erase(from.begin() + static_cast<std::ptrdiff_t>(at));
            }
        };
        take(own, 2 + random_.below(2));
        take(shared, 3 + random_.below(2));
    }

    bool works_on(Days day)
    {
        int today = weekday(day);
        if (today == day_off_ || today == other_day_off_)
            return random_.chance(today == 6 ? 70 : 35);
        return !random_.chance(45);
    }

    // Local start and end of an ordinary shift.
    std::pair<Micros, Micros> planned(Days day)
    {
        Micros midnight = day * days;
        Micros start = usual_start_ + random_.between(night_ ? 0 : -12 * 60, 25 * 60) * seconds;
        if (night_) {
            // Nights end between 05:00 and 08:00, well before the noon that cuts their days.
            Micros earliest = std::max(29 * hours, start + 7 * hours + 30 * minutes);
            Micros latest =
                std::max(earliest, std::min(32 * hours, start + 9 * hours + 15 * minutes));
            Micros end = random_.between(earliest / seconds, latest / seconds) * seconds;
            return {midnight + start, midnight + end};
        }
        Micros length = random_.chance(60) ? random_.between(150, 270) * minutes
                                           : random_.between(465, 555) * minutes;
        return {midnight + start, midnight + start + length};
    }

    struct Cut {
        Micros at;
        bool is_break;
    };

    // Breaks first, activity switches where there is room, then whatever keeps intervals short.
    std::vector<Cut> cuts(Micros start, Micros end)
    {
        Micros length = end - start;
        std::vector<Cut> cuts{{start, false}};
        auto add_break = [&](int low, int high, Micros duration) {
            Micros at = start + length * random_.between(low, high) / 100;
            cuts.push_back({at, true});
            cuts.push_back({at + duration, false});
        };
        if (length > 5 * hours && !random_.chance(60)) {
            if (random_.chance(250))
                add_break(18, 28, random_.between(10, 15) * minutes);
            add_break(42, 55, random_.between(30, 62) * minutes);
            if (random_.chance(120))
                add_break(76, 84, random_.between(10, 15) * minutes);
        }
        std::uint64_t weight = random_.below(100);
        int switches = weight < 25 ? 0 : weight < 60 ? 1 : weight < 85 ? 2 : 3;
        for (; switches > 0; --switches)
            add_switch(cuts, start + length * random_.between(6, 94) / 100, end);
        for (std::size_t i = 0; i < cuts.size(); ++i) {
            Micros until = i + 1 < cuts.size() ? cuts[i + 1].at : end;
            if (until - cuts[i].at > max_interval)
                add_switch(cuts, cuts[i].at + (until - cuts[i].at) * random_.between(46, 54) / 100,
                           end);
        }
        return cuts;
    }

    static void add_switch(std::vector<Cut>& cuts, Micros at, Micros end)
    {
        auto next =
            std::find_if(cuts.begin(), cuts.end(), [&](const Cut& cut) { return cut.at > at; });
        Micros until = next == cuts.end() ? end : next->at;
        auto previous = std::prev(next);
        if (!previous->is_break && at - previous->at >= shortest_interval &&
            until - at >= shortest_interval)
            cuts.insert(next, {at, false});
    }

    std::int16_t another_activity(std::int16_t current)
    {
        for (;;) {
            std::int16_t activity = activities_[random_.below(activities_.size())];
            if (activity != current)
                return activity;
        }
    }

    void append_shift(std::vector<Shift>& shifts, Micros start, Micros end, bool clock_change)
    {
        std::vector<Cut> plan = cuts(start, end);
        Shift shift{static_cast<std::uint16_t>(agent_), clock_change, {}};
        std::int16_t activity = activities_[random_.below(2)];
        std::int16_t at_most[4] = {activity, activity, activity, activity};
        int known = 1;
        Micros at = add_fraction(random_, start);
        for (std::size_t i = 0; i < plan.size(); ++i) {
            Micros until = add_fraction(random_, i + 1 < plan.size() ? plan[i + 1].at : end);
            bool resumed = i > 0 && plan[i - 1].is_break;
            if (!plan[i].is_break && i > 0 && (!resumed || random_.chance(250))) {
                // No person does more than four things a day; the rest is switching back.
                if (known < 4) {
                    activity = another_activity(activity);
                    at_most[known++] = activity;
                } else {
                    activity = at_most[random_.below(4)];
                }
            }
            bool unnamed = plan[i].is_break || random_.chance(15);
            shift.intervals.push_back({at, until, Guid{}, unnamed ? std::int16_t{-1} : activity,
                                       plan[i].is_break, false, false, false});
            at = until;
        }
        shifts.push_back(std::move(shift));
    }

    const Organisation& org_;
    const Person& person_;
    bool night_;
    Days first_day_;
    Micros now_;
    int agent_;
    Random random_;
    Micros usual_start_ = 0;
    int day_off_ = 0;
    int other_day_off_ = 0;
    std::vector<std::int16_t> activities_;
};

// The future is not known: shifts still going on are cut, later ones have not happened.
void cut_at_now(Truth& truth)
{
    for (Shift& shift : truth.shifts) {
        auto& intervals = shift.intervals;
        while (!intervals.empty() && intervals.back().start >= truth.now)
            intervals.pop_back();
        if (!intervals.empty() && intervals.back().end >= truth.now) {
            intervals.back().end = truth.now;
            intervals.back().running = true;
        }
    }
    truth.shifts.erase(std::remove_if(truth.shifts.begin(), truth.shifts.end(),
                                      [](const Shift& shift) { return shift.intervals.empty(); }),
                       truth.shifts.end());
}

void assign_ids(std::uint64_t seed, Truth& truth)
{
    std::uint64_t number = 0;
    for (Shift& shift : truth.shifts)
        for (Interval& interval : shift.intervals)
            interval.start_event = make_guid(seed, "time entry", shift.agent, number++);
}

void add_hour_entries(const Organisation& organisation, Truth& truth)
{
    static const int durations[] = {150, 45, 60, 15, 180, 90, 30, 480, 75, 20};
    constexpr int a_week = 5;
    Random random = stream(organisation.seed, "hour entries");
    Days today = date_of(organisation.zone->to_local(truth.now));
    int count = truth.weeks * a_week;
    for (int i = 0; i < count; ++i) {
        HourEntry entry;
        entry.id = make_guid(organisation.seed, "hour entry", static_cast<std::uint64_t>(i));
        entry.agent = static_cast<std::uint16_t>(random.below(organisation.agents));
        entry.activity = -1;
        while (!random.chance(80)) {
            std::size_t activity = random.below(organisation.activities.size());
            int group = organisation.activities[activity].group;
            if (organisation.activities[activity].archived ||
                (group >= 0 && group != organisation.people[entry.agent].group))
                continue;
            entry.activity = static_cast<std::int16_t>(activity);
            break;
        }
        entry.date = static_cast<Days>(random.between(truth.first_day, today - 1));
        entry.seconds = durations[random.below(10)] * 60;
        if (random.chance(100))
            entry.seconds += 30;
        entry.archived = i == count / 2;
        truth.hour_entries.push_back(entry);
    }
}

} // namespace

Truth make_truth(const Organisation& organisation, int weeks, Micros now)
{
    Truth truth;
    truth.seed = organisation.seed;
    truth.now = now;
    truth.weeks = weeks;
    Days today = date_of(organisation.zone->to_local(now));
    truth.first_day = today - (weekday(today) - 1) - weeks * 7;
    for (int agent = 0; agent < organisation.agents; ++agent)
        AgentSchedule(organisation, agent, truth.first_day, now).append_shifts(truth.shifts);
    cut_at_now(truth);
    add_mishaps(organisation, truth);
    assign_ids(organisation.seed, truth);
    add_hour_entries(organisation, truth);
    return truth;
}

} // namespace fake
