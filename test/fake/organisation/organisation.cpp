#include "organisation/organisation.hpp"

#include "organisation/names.hpp"
#include "values/random.hpp"

#include <algorithm>
#include <set>

namespace fake
{

namespace
{

constexpr int night_groups = 12;
constexpr int joined_staff = 20;
constexpr int invited_staff = 10;
constexpr int removed_staff = 6;
constexpr int own_activities_per_group = 4;
constexpr int archived_activities = 5;
constexpr int agents_with_explicit_zone = 3;

class Builder
{
  public:
    Builder(Organisation& organisation, std::uint64_t seed, int agents, Micros now)
        : org_(organisation), seed_(seed), now_(now)
    {
        org_.seed = seed;
        org_.agents = agents;
        for (const char* name :
             {"Asia/Manila", "America/New_York", "Europe/London", "Asia/Kolkata"})
            org_.zones.emplace_back(name);
        org_.id = make_guid(seed, "organization", 0);
        org_.name = "Bayanihan Remote Services, Inc.";
        org_.zone = &org_.zones[manila];
    }

    void build()
    {
        add_groups();
        add_activities();
        add_agents();
        add_staff("Joined", joined_staff);
        add_staff("Invited", invited_staff);
        add_staff("Removed", removed_staff);
        add_settings();
    }

  private:
    enum Zone { manila, new_york, london, kolkata };

    Micros long_ago(Random& random)
    {
        Micros instant = now_ - random.between(200 * days, 900 * days);
        return instant - instant % 1000;
    }

    void add_groups()
    {
        Random random = stream(seed_, "groups");
        for (const ClientName& client : client_names()) {
            Micros created = long_ago(random);
            org_.groups.push_back({make_guid(seed_, "group", org_.groups.size()),
                                   std::string(client.name), false, created,
                                   created + random.between(0, 40) * days});
        }
        for (int left = night_groups; left > 0;) {
            Group& group = org_.groups[random.below(org_.groups.size())];
            left -= group.night ? 0 : 1;
            group.night = true;
        }
    }

    void add_activity(Random& random, std::string code, std::string name, int group)
    {
        static const char* const colors[] = {"#F44336", "#3F51B5", "#009688", "#FF9800",
                                             "#795548", "#607D8B", "#8BC34A", "#9C27B0"};
        Micros created = long_ago(random);
        org_.activities.push_back({make_guid(seed_, "activity", org_.activities.size()),
                                   std::move(code), std::move(name), colors[random.below(8)], false,
                                   group, created, created + random.between(0, 90) * days});
    }

    void add_activities()
    {
        Random random = stream(seed_, "activities");
        for (std::string_view name : shared_activity_names()) {
            std::string number = std::to_string(org_.activities.size() + 1);
            add_activity(random, "GEN-" + std::string(3 - number.size(), '0') + number,
                         std::string(name), -1);
        }
        const auto& tasks = client_task_names();
        for (std::size_t group = 0; group < org_.groups.size(); ++group) {
            const ClientName& client = client_names()[group];
            std::size_t first = random.below(tasks.size());
            for (std::size_t i = 0; i < own_activities_per_group; ++i)
                add_activity(random, std::string(client.code) + "-0" + std::to_string(i + 1),
                             std::string(client.brief) + " – " +
                                 std::string(tasks[(first + i * 5) % tasks.size()]),
                             static_cast<int>(group));
        }
        for (int left = archived_activities; left > 0;) {
            Activity& activity = org_.activities[random.below(org_.activities.size())];
            left -= activity.archived ? 0 : 1;
            activity.archived = true;
        }
    }

    std::string unused_name(Random& random, const NamePool& pool)
    {
        for (int attempt = 0;; ++attempt) {
            std::string name(pool.given[random.below(pool.given.size())]);
            name += ' ';
            name += pool.family[random.below(pool.family.size())];
            // A small pool runs dry with many agents; more surnames always help.
            for (int tries = attempt; tries > 20; tries -= 20) {
                name += '-';
                name += pool.family[random.below(pool.family.size())];
            }
            if (names_.insert(name).second)
                return name;
        }
    }

    Person& add_person(Random& random, const NamePool& pool, const char* status, const char* role,
                       int group)
    {
        std::size_t number = org_.people.size();
        Person person;
        person.id = make_guid(seed_, "person", number);
        person.full_name = unused_name(random, pool);
        person.preferred_name =
            random.chance(600) ? person.full_name.substr(0, person.full_name.find(' ')) : "";
        person.email = ascii_local_part(person.full_name) + "@example.com";
        if (!emails_.insert(person.email).second)
            person.email =
                ascii_local_part(person.full_name) + std::to_string(number) + "@example.com";
        person.code = "E" + std::to_string(1001 + number);
        person.role = role;
        person.status = status;
        person.pin_code = std::to_string(random.between(1000, 9999));
        person.group = group;
        person.own_zone = &org_.zones[manila];
        person.time_sheet_zone = nullptr;
        person.created = long_ago(random);
        person.updated = person.created + random.between(0, 100) * days;
        org_.people.push_back(std::move(person));
        return org_.people.back();
    }

    // A few agents of day groups sit elsewhere, so that the twelve weeks hold clock changes.
    std::vector<Zone> foreign_zones() const
    {
        auto share = [&](int of_forty) {
            return static_cast<std::size_t>(std::max(1, org_.agents * of_forty / 40));
        };
        std::vector<Zone> zones(share(1), kolkata);
        zones.insert(zones.end(), share(2), london);
        zones.insert(zones.end(), share(2), new_york);
        return zones;
    }

    void add_agents()
    {
        Random random = stream(seed_, "agents");
        std::vector<Zone> foreign = foreign_zones();
        int explicit_zones = agents_with_explicit_zone;
        bool moved_time_sheet = false;
        int group_count = static_cast<int>(org_.groups.size());
        for (int agent = 0; agent < org_.agents; ++agent) {
            int group = agent < group_count ? agent : static_cast<int>(random.below(group_count));
            Zone zone = manila;
            if (!org_.groups[group].night && !foreign.empty() && random.chance(500)) {
                zone = foreign.back();
                foreign.pop_back();
            }
            const NamePool& pool = zone == new_york     ? american_names()
                                   : zone == london     ? british_names()
                                   : zone == kolkata    ? indian_names()
                                   : random.chance(100) ? spanish_names()
                                                        : filipino_names();
            Person& person = add_person(random, pool, "Joined", "Member", group);
            person.own_zone = &org_.zones[zone];
            if (zone != manila || org_.groups[group].night)
                continue;
            if (!moved_time_sheet) {
                // Sits in Manila, but the time sheets follow the client's calendar.
                person.time_sheet_zone = &org_.zones[new_york];
                moved_time_sheet = true;
            } else if (explicit_zones > 0 && random.chance(400)) {
                person.time_sheet_zone = person.own_zone;
                --explicit_zones;
            }
        }
    }

    void add_staff(const char* status, int count)
    {
        Random random = stream(seed_, status);
        for (int i = 0; i < count; ++i) {
            bool joined = status[0] == 'J';
            int group = joined && i < 12 ? -1 : static_cast<int>(random.below(org_.groups.size()));
            const char* role = !joined ? "Member" : i == 0 ? "Owner" : i < 4 ? "Admin" : "Manager";
            add_person(random, filipino_names(), status, role, group);
        }
    }

    void add_settings()
    {
        static const char* const rosters[][3] = {{"Manila day", "09:00", "18:00"},
                                                 {"US night", "21:00", "06:00"},
                                                 {"Flexible", "00:00", "23:59"}};
        for (const auto& [name, start, end] : rosters)
            org_.schedules.push_back(
                {make_guid(seed_, "schedule", org_.schedules.size()), name, start, end});
        for (std::size_t i = 0; i < 2; ++i) {
            org_.locations.push_back(make_guid(seed_, "location", i));
            org_.break_types.push_back(make_guid(seed_, "break", i));
        }
    }

    Organisation& org_;
    std::uint64_t seed_;
    Micros now_;
    std::set<std::string> names_;
    std::set<std::string> emails_;
};

} // namespace

void make_organisation(Organisation& organisation, std::uint64_t seed, int agents, Micros now)
{
    Builder(organisation, seed, agents, now).build();
}

} // namespace fake
