#include "organisation/time_entry.hpp"

#include "values/random.hpp"

#include <algorithm>

namespace fake
{

namespace
{

class Recorder
{
  public:
    Recorder(const Organisation& organisation, const Truth& truth)
        : org_(organisation), truth_(truth)
    {
    }

    std::vector<TimeEntry> record()
    {
        std::vector<bool> odd = shifts_with_unknown_types();
        for (std::size_t i = 0; i < truth_.shifts.size(); ++i) {
            const Shift& shift = truth_.shifts[i];
            if (i == 0 || truth_.shifts[i - 1].agent != shift.agent)
                last_ = TimeEntry::no_entry;
            record_shift(shift, stream(truth_.seed, "recording", shift.agent, i), odd[i]);
        }
        return std::move(entries_);
    }

  private:
    // One every other week.
    std::vector<bool> shifts_with_unknown_types() const
    {
        std::vector<bool> chosen(truth_.shifts.size());
        Random random = stream(truth_.seed, "unknown types");
        for (int left = (truth_.weeks + 1) / 2; left > 0 && !chosen.empty(); --left)
            chosen[random.below(chosen.size())] = true;
        return chosen;
    }

    // How a whole shift came to be recorded.
    struct Manner {
        Client client;
        bool manual;
        bool offline;
        Micros delay;
    };

    Manner choose_manner(Random& random, Micros shift_end) const
    {
        static const Client clients[] = {Client::web,    Client::web,    Client::web,
                                         Client::web,    Client::web,    Client::mobile,
                                         Client::mobile, Client::mobile, Client::kiosk};
        Manner manner{clients[random.below(9)], false, false, 0};
        std::uint64_t draw = random.below(1000);
        Micros late = random.between(1 * days, 6 * days);
        Micros synced = random.between(2 * hours, 2 * days);
        if (draw < 20 && shift_end + late < truth_.now)
            manner = {Client::web, true, false, late};
        else if (draw < 45 && shift_end + synced < truth_.now)
            manner = {Client::mobile, false, true, synced};
        else if (draw < 55)
            manner.client = Client::zapier;
        return manner;
    }

    void record_shift(const Shift& shift, Random random, bool unknown_type)
    {
        Manner manner = choose_manner(random, shift.end());
        if (random.chance(12))
            record_wrong_clock_in(shift, random, manner);
        for (const Interval& interval : shift.intervals) {
            TimeEntry& entry = append(shift, interval.start, random, manner);
            entry.id = interval.start_event;
            entry.type = interval.is_break ? EntryType::start_break : EntryType::in;
            entry.activity = interval.activity;
            const Interval* before_break = before_break_of(shift, interval);
            entry.ends_break = before_break != nullptr;
            entry.goes_on = before_break && before_break->activity == interval.activity &&
                            workday(shift, *before_break) == workday(shift, interval);
            link(entry);
            // Strictly inside the interval, so never at the instant of another entry.
            if (unknown_type && &interval == &shift.intervals.front()) {
                TimeEntry& odd = append(shift, (interval.start + interval.end) / 2, random, manner);
                odd.type = EntryType::location_update;
            }
        }
        if (!shift.has_out())
            return;
        const Interval& last = shift.intervals.back();
        TimeEntry& entry = append(shift, last.end, random, manner);
        entry.type = EntryType::out;
        if (last.auto_out) {
            entry.client = Client::auto_out;
            entry.manual = entry.offline = false;
            entry.created = entry.updated = entry.time;
        }
        link(entry);
    }

    // The work before the break that an interval ends, if it ends one.
    static const Interval* before_break_of(const Shift& shift, const Interval& interval)
    {
        const Interval* before = &interval;
        if (interval.is_break || before == &shift.intervals.front() || !(before - 1)->is_break)
            return nullptr;
        while (before != &shift.intervals.front() && (before - 1)->is_break)
            --before;
        return before == &shift.intervals.front() ? nullptr : before - 1;
    }

    Days workday(const Shift& shift, const Interval& interval) const
    {
        const Person& person = org_.people[shift.agent];
        return date_of(person.working_zone().to_local(interval.start) -
                       org_.day_cutoff(person.group));
    }

    // Started too early by mistake, and deleted soon afterwards: it never counted.
    void record_wrong_clock_in(const Shift& shift, Random& random, const Manner& manner)
    {
        Micros early = random.between(60, 40 * 60) * seconds;
        TimeEntry& entry = append(shift, shift.start() - early, random, manner);
        entry.type = EntryType::in;
        entry.activity = shift.intervals.front().activity;
        entry.archived = true;
        entry.updated = std::min(entry.created + random.between(2, 300) * minutes, truth_.now);
    }

    TimeEntry& append(const Shift& shift, Micros time, Random& random, const Manner& manner)
    {
        const Person& person = org_.people[shift.agent];
        TimeEntry entry{};
        entry.id = make_guid(truth_.seed, "other time entry", shift.agent, entries_.size());
        entry.time = time;
        entry.created = std::min(time + manner.delay + random.between(40, 4000) * 1000, truth_.now);
        entry.updated = entry.created;
        if (random.chance(30))
            entry.updated = std::min(entry.created + random.between(1, 4000) * minutes, truth_.now);
        entry.previous = entry.next = TimeEntry::no_entry;
        entry.offset_seconds = person.working_zone().offset_at(time);
        entry.belongs_to_date = person.booked_date(time);
        entry.agent = shift.agent;
        entry.activity = -1;
        entry.client = manner.client;
        entry.manual = manner.manual;
        entry.offline = manner.offline;
        entry.digits = written_digits(time, random);
        entries_.push_back(entry);
        return entries_.back();
    }

    // At least the digits the instant has, sometimes zeros after them.
    static std::uint8_t written_digits(Micros time, Random& random)
    {
        int needed = 6;
        Micros fraction = time % seconds;
        while (needed > 0 && fraction % 10 == 0) {
            fraction /= 10;
            --needed;
        }
        bool padded = random.chance(250);
        std::int64_t digits = random.between(needed, 7);
        return static_cast<std::uint8_t>(padded ? digits : needed);
    }

    void link(TimeEntry& entry)
    {
        std::uint32_t index = static_cast<std::uint32_t>(entries_.size() - 1);
        entry.previous = last_;
        if (last_ != TimeEntry::no_entry)
            entries_[last_].next = index;
        last_ = index;
    }

    const Organisation& org_;
    const Truth& truth_;
    std::vector<TimeEntry> entries_;
    std::uint32_t last_ = TimeEntry::no_entry;
};

} // namespace

std::vector<TimeEntry> record_time_entries(const Organisation& organisation, const Truth& truth)
{
    return Recorder(organisation, truth).record();
}

} // namespace fake
