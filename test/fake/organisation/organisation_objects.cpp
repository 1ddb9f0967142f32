#include "organisation/organisation_objects.hpp"

#include "values/json_writer.hpp"

#include <algorithm>

namespace fake
{

namespace
{

void instant(JsonObject& object, const char* name, Micros value, int digits = 3)
{
    std::string text;
    append_utc(text, value, digits);
    object.text(name, text);
}

void guid(JsonObject& object, const char* name, const Guid& value)
{
    object.text(name, to_text(value));
}

template <class Item, class Describe>
std::vector<RawObject> objects(const std::vector<Item>& items, Describe describe)
{
    std::vector<RawObject> objects;
    for (const Item& item : items) {
        JsonObject object;
        describe(object, item);
        objects.emplace_back(object.finish());
    }
    return objects;
}

std::string_view zone_name(const TimeZone* zone)
{
    return zone ? std::string_view(zone->name()) : std::string_view();
}

} // namespace

std::vector<RawObject> organization_objects(const Organisation& org)
{
    JsonObject object;
    guid(object, "id", org.id);
    object.text("name", org.name);
    object.text("status", "Active");
    auto owner = std::find_if(org.people.begin(), org.people.end(),
                              [](const Person& person) { return person.role == "Owner"; });
    guid(object, "ownerId", owner->id);
    instant(object, "createdAt", owner->created);
    instant(object, "updatedAt", owner->updated);
    object.text("ICultureSettings/TimeZone", org.zone->name());
    object.null("ICalculationSettings/TimeSheetTimeZone");
    object.text("IOrganizationProfileSettings/FirstDayOfWeek", "Monday");
    return {RawObject(object.finish())};
}

std::vector<RawObject> person_objects(const Organisation& org)
{
    return objects(org.people, [&](JsonObject& object, const Person& person) {
        guid(object, "id", person.id);
        guid(object, "organizationId", org.id);
        object.text("code", person.code);
        object.text("role", person.role);
        object.text("email", person.email);
        object.null("phoneNumber");
        object.text("status", person.status);
        object.text("fullName", person.full_name);
        object.text_or_null("preferredName", person.preferred_name);
        if (person.group < 0)
            object.null("groupId");
        else
            guid(object, "groupId", org.groups[person.group].id);
        guid(object, "scheduleId", org.schedules[2].id);
        object.text("pinCode", person.pin_code);
        object.raw("faceDescriptor",
                   "[0.0" + person.pin_code + ",-0.1" + person.pin_code + ",0.25]");
        object.text("faceData", "ZmFjZS10ZW1wbGF0ZS0" + person.pin_code);
        instant(object, "createdAt", person.created);
        instant(object, "updatedAt", person.updated);
        object.text("ICultureSettings/TimeZone", person.own_zone->name());
        object.text_or_null("ICalculationSettings/TimeSheetTimeZone",
                            zone_name(person.time_sheet_zone));
    });
}

std::vector<RawObject> group_objects(const Organisation& org)
{
    return objects(org.groups, [&](JsonObject& object, const Group& group) {
        guid(object, "id", group.id);
        object.text("name", group.name);
        object.text("status", "Active");
        guid(object, "organizationId", org.id);
        instant(object, "createdAt", group.created);
        instant(object, "updatedAt", group.updated);
    });
}

std::vector<RawObject> activity_objects(const Organisation& org)
{
    return objects(org.activities, [&](JsonObject& object, const Activity& activity) {
        guid(object, "id", activity.id);
        object.text("code", activity.code);
        object.text("name", activity.name);
        object.null("description");
        object.text("color", activity.color);
        object.text("status", activity.archived ? "Archived" : "Active");
        guid(object, "organizationId", org.id);
        instant(object, "createdAt", activity.created);
        instant(object, "updatedAt", activity.updated);
    });
}

std::vector<RawObject> schedule_objects(const Organisation& org)
{
    return objects(org.schedules, [&](JsonObject& object, const Schedule& schedule) {
        guid(object, "id", schedule.id);
        object.text("name", schedule.name);
        object.text("status", "Active");
        guid(object, "organizationId", org.id);
        object.text("startTime", schedule.start);
        object.text("endTime", schedule.end);
    });
}

std::vector<RawObject> tracking_person_objects(const Organisation& org)
{
    return objects(org.people, [&](JsonObject& object, const Person& person) {
        guid(object, "id", person.id);
        object.text("fullName", person.full_name);
        object.text("timeZone", person.own_zone->name());
        object.text_or_null("timeSheetTimeZone", zone_name(person.time_sheet_zone));
    });
}

std::vector<RawObject> hour_entry_objects(const Organisation& org, const Truth& truth)
{
    return objects(truth.hour_entries, [&](JsonObject& object, const HourEntry& entry) {
        guid(object, "id", entry.id);
        guid(object, "personId", org.people[entry.agent].id);
        guid(object, "organizationId", org.id);
        object.null("projectId");
        if (entry.activity < 0)
            object.null("activityId");
        else
            guid(object, "activityId", org.activities[static_cast<std::size_t>(entry.activity)].id);
        std::string date, duration;
        append_date(date, entry.date);
        append_duration(duration, entry.seconds);
        object.text("date", date);
        object.text("duration", duration);
        object.text_or_null("note", entry.id.low % 5 == 0 ? "Offline work" : "");
        object.text("status", entry.archived ? "Archived" : "Active");
        object.text("clientType", "Web");
        Micros created =
            std::min((entry.date + 1) * days + static_cast<Micros>(entry.id.low % days), truth.now);
        instant(object, "createdAt", created, 6);
        instant(object, "updatedAt", created, 6);
    });
}

} // namespace fake
