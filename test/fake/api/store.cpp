#include "api/store.hpp"

#include "api/time_entry_rows.hpp"
#include "organisation/organisation_objects.hpp"

namespace fake
{

Store::Store(const Organisation& org, const Truth& truth, const Personality& personality)
{
    auto add = [&](const char* name, const Schema& schema, auto objects) {
        collections_.try_emplace(name, schema, std::move(objects));
    };
    add("Organizations", organization_schema(), organization_objects(org));
    add("People", person_schema(), person_objects(org));
    add("Groups", group_schema(), group_objects(org));
    add("Activities", activity_schema(), activity_objects(org));
    add("Schedules", schedule_schema(), schedule_objects(org));
    add("TrackingPeople", tracking_person_schema(), tracking_person_objects(org));
    add("HourEntries", hour_entry_schema(), hour_entry_objects(org, truth));
    // The truth is complete before the first entry is recorded from it.
    std::unique_ptr<CompactRows> entries =
        std::make_unique<TimeEntryRows>(org, record_time_entries(org, truth), personality);
    add("TimeEntries", time_entry_schema(), std::move(entries));
}

Collection* Store::by_name(const std::string& name)
{
    auto found = collections_.find(name);
    return found == collections_.end() ? nullptr : &found->second;
}

bool Store::erase_person(const Guid& person)
{
    std::size_t erased = 0;
    for (auto& [name, collection] : collections_) {
        bool are_people = name == "People" || name == "TrackingPeople";
        erased += collection.remove_all(are_people ? "id" : "personId", person);
    }
    return erased > 0;
}

void Store::personality_changed()
{
    for (auto& [name, collection] : collections_)
        collection.changed();
}

std::string Store::name_of(const std::string& host, const std::string& resource) const
{
    for (const auto& [name, collection] : collections_)
        if (collection.schema().host == host && collection.schema().resource == resource)
            return name;
    return "";
}

} // namespace fake
