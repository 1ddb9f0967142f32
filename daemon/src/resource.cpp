#include "resource.hpp"

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

// A person also carries PINs and face data, so people are never asked for whole.
constexpr const char* person = "id,organizationId,code,role,email,status,fullName,preferredName,"
                               "groupId,createdAt,updatedAt";
constexpr const char* person_zones = ",ICultureSettings/TimeZone,"
                                     "ICalculationSettings/TimeSheetTimeZone";
constexpr const char* tracked_person_zones = "id,timeZone,timeSheetTimeZone";

std::string between(const char* member, Window window)
{
    return fmt::format("{} ge {} and {} le {}", member, to_text(window.since), member,
                       to_text(window.until));
}

} // namespace

std::vector<Resource> dimension_resources()
{
    Resource people{"People", JibbleHost::workspace, "People"};
    people.selects = {std::string(person) + person_zones, person};
    Resource schedules{"Schedules", JibbleHost::workspace, "Schedules"};
    schedules.is_optional = true;
    Resource tracked_people{"TimeTrackingPeople", JibbleHost::time_tracking, "People"};
    tracked_people.selects = {"id,fullName,timeZone,timeSheetTimeZone", tracked_person_zones};
    return {{"Organizations", JibbleHost::workspace, "Organizations"},
            {"Groups", JibbleHost::workspace, "Groups"},
            people,
            {"Activities", JibbleHost::workspace, "Activities"},
            schedules,
            tracked_people};
}

std::vector<Resource> entry_resources(Window window)
{
    return {{"TimeEntries",
             JibbleHost::time_tracking,
             "TimeEntries",
             {},
             between("belongsToDate", window)},
            {"HourEntries", JibbleHost::time_tracking, "HourEntries", {}, between("date", window)}};
}

Resource only(Resource resource, const Guid& id)
{
    resource.filter = "id eq " + to_text(id);
    return resource;
}

} // namespace timesheetd
