#include "jibble/resource.hpp"

#include <string_view>

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

// A person also carries PINs and face data, so people are never asked for with all members.
constexpr const char* person = "id,organizationId,code,role,email,status,fullName,preferredName,"
                               "groupId,createdAt,updatedAt";
constexpr const char* culture_zone = "ICultureSettings/TimeZone";
constexpr const char* sheet_zone = "ICalculationSettings/TimeSheetTimeZone";
constexpr const char* tracked_zones = "timeZone,timeSheetTimeZone";
constexpr const char* workspace_people = "People";
constexpr const char* tracked_people = "TimeTrackingPeople";
constexpr const char* unordered = "";

std::string between(const char* member, Window window)
{
    return fmt::format("{} ge {} and {} le {}", member, to_text(window.since), member,
                       to_text(window.until));
}

} // namespace

std::vector<Resource> dimension_resources()
{
    std::vector<QueryForm> lists = query_forms("", "createdAt asc", unordered);
    Resource zones{tracked_people, JibbleHost::time_tracking, "People"};
    zones.forms = query_forms(std::string("id,") + tracked_zones, "fullName", unordered);
    zones.forms.front().select = std::string("id,fullName,") + tracked_zones;
    zones.has_fallback = true;
    zones.members = {"timeZone", "timeSheetTimeZone"};
    Resource people{workspace_people, JibbleHost::workspace, "People"};
    people.forms = query_forms(person, "fullName", unordered);
    Resource schedules{"Schedules", JibbleHost::workspace, "Schedules"};
    schedules.forms = query_forms("", "name", unordered);
    schedules.is_optional = true;
    // Only the zone of people without one of their own depends on it (R3).
    Resource organizations{"Organizations", JibbleHost::workspace, "Organizations"};
    organizations.forms = query_forms("", unordered, unordered);
    organizations.is_dispensable = true;
    return {organizations, {"Groups", JibbleHost::workspace, "Groups", lists},         zones,
            people,        {"Activities", JibbleHost::workspace, "Activities", lists}, schedules};
}

bool is_workspace_people(const Resource& resource)
{
    return std::string_view(resource.stored_as) == workspace_people;
}

// No known client selects such keys; so people are asked for without them where possible.
Resource people_with_zones()
{
    Resource people{workspace_people, JibbleHost::workspace, "People"};
    people.forms = query_forms(fmt::format("{},{},{}", person, culture_zone, sheet_zone),
                               "fullName", unordered);
    people.members = {culture_zone, sheet_zone};
    return people;
}

std::vector<Resource> entry_resources(Window window)
{
    return {{"TimeEntries", JibbleHost::time_tracking, "TimeEntries",
             query_forms("", "time asc", "time asc"), between("belongsToDate", window)},
            {"HourEntries", JibbleHost::time_tracking, "HourEntries",
             query_forms("", "createdAt asc", unordered), between("date", window)}};
}

Resource in_form(Resource resource, const QueryForm& form)
{
    resource.order = form.order;
    resource.counts = form.counts;
    return resource;
}

} // namespace timesheetd
