#pragma once

#include "values/guid.hpp"
#include "values/instant.hpp"
#include "values/time_zone.hpp"

#include <deque>
#include <string>
#include <vector>

namespace fake
{

// A client account, Jibble's group.
struct Group {
    Guid id;
    std::string name;
    // US hours, worked by night in Manila: its days are cut at noon, which Jibble does not know.
    bool night;
    Micros created;
    Micros updated;
};

struct Activity {
    Guid id;
    std::string code;
    std::string name;
    std::string color;
    bool archived;
    // The client it belongs to, -1 for one that all share.
    int group;
    Micros created;
    Micros updated;
};

struct Person {
    Guid id;
    std::string full_name;
    std::string preferred_name;
    std::string email;
    std::string code;
    std::string role;
    std::string status;
    std::string pin_code;
    // Current group, -1 for none. A history of groups would go here: Jibble shows only this one.
    int group;
    const TimeZone* own_zone;
    // Jibble's timeSheetTimeZone; null when unset.
    const TimeZone* time_sheet_zone;
    Micros created;
    Micros updated;

    // The zone whose calendar the person's entries follow.
    const TimeZone& working_zone() const { return time_sheet_zone ? *time_sheet_zone : *own_zone; }

    // The date to which Jibble books what happens at an instant: its days are cut at midnight.
    Days booked_date(Micros instant) const { return date_of(working_zone().to_local(instant)); }
};

struct Schedule {
    Guid id;
    std::string name;
    std::string start;
    std::string end;
};

// Everything but time: who, for whom, doing what.
struct Organisation {
    std::uint64_t seed;
    Guid id;
    std::string name;
    const TimeZone* zone;
    std::vector<Group> groups;
    std::vector<Activity> activities;
    // The first `agents` of them have time entries; the others never do.
    std::vector<Person> people;
    int agents;
    std::vector<Schedule> schedules;
    std::vector<Guid> locations;
    std::vector<Guid> break_types;
    std::deque<TimeZone> zones;

    Organisation() = default;
    // People point at the zones.
    Organisation(const Organisation&) = delete;
    Organisation& operator=(const Organisation&) = delete;

    // When the group's workday ends, as a local time of day.
    Micros day_cutoff(int group) const { return groups[group].night ? 12 * hours : 0; }
};

// Fills an organisation of 26 groups, 139 activities, and `agents` + 36 people.
void make_organisation(Organisation& organisation, std::uint64_t seed, int agents, Micros now);

} // namespace fake
