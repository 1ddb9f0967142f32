#include "organisation/organisation_objects.hpp"

namespace fake
{

const Schema& organization_schema()
{
    static const Schema schema{"Organizations",
                               "workspace",
                               {{"id", Type::guid, false},
                                {"name", Type::text, false},
                                {"status", Type::text, false},
                                {"ownerId", Type::guid, true},
                                {"createdAt", Type::instant, false},
                                {"updatedAt", Type::instant, false},
                                {"ICultureSettings/TimeZone", Type::text, true},
                                {"ICalculationSettings/TimeSheetTimeZone", Type::text, true},
                                {"IOrganizationProfileSettings/FirstDayOfWeek", Type::text, true}}};
    return schema;
}

const Schema& person_schema()
{
    static const Schema schema{"People",
                               "workspace",
                               {{"id", Type::guid, false},
                                {"organizationId", Type::guid, false},
                                {"code", Type::text, true},
                                {"role", Type::text, false},
                                {"email", Type::text, true},
                                {"phoneNumber", Type::text, true},
                                {"status", Type::text, false},
                                {"fullName", Type::text, false},
                                {"preferredName", Type::text, true},
                                {"groupId", Type::guid, true},
                                {"scheduleId", Type::guid, true},
                                {"pinCode", Type::text, true},
                                {"faceDescriptor", Type::complex, true},
                                {"faceData", Type::text, true},
                                {"createdAt", Type::instant, false},
                                {"updatedAt", Type::instant, false},
                                {"ICultureSettings/TimeZone", Type::text, true},
                                {"ICalculationSettings/TimeSheetTimeZone", Type::text, true}}};
    return schema;
}

const Schema& group_schema()
{
    static const Schema schema{"Groups",
                               "workspace",
                               {{"id", Type::guid, false},
                                {"name", Type::text, false},
                                {"status", Type::text, false},
                                {"organizationId", Type::guid, false},
                                {"createdAt", Type::instant, false},
                                {"updatedAt", Type::instant, false}}};
    return schema;
}

const Schema& activity_schema()
{
    static const Schema schema{"Activities",
                               "workspace",
                               {{"id", Type::guid, false},
                                {"code", Type::text, true},
                                {"name", Type::text, false},
                                {"description", Type::text, true},
                                {"color", Type::text, true},
                                {"status", Type::text, false},
                                {"organizationId", Type::guid, false},
                                {"createdAt", Type::instant, false},
                                {"updatedAt", Type::instant, false}}};
    return schema;
}

const Schema& schedule_schema()
{
    static const Schema schema{"Schedules",
                               "workspace",
                               {{"id", Type::guid, false},
                                {"name", Type::text, false},
                                {"status", Type::text, false},
                                {"organizationId", Type::guid, false},
                                {"startTime", Type::text, true},
                                {"endTime", Type::text, true}}};
    return schema;
}

const Schema& tracking_person_schema()
{
    static const Schema schema{"People",
                               "time-tracking",
                               {{"id", Type::guid, false},
                                {"fullName", Type::text, false},
                                {"timeZone", Type::text, true},
                                {"timeSheetTimeZone", Type::text, true}}};
    return schema;
}

const Schema& hour_entry_schema()
{
    static const Schema schema{"HourEntries",
                               "time-tracking",
                               {{"id", Type::guid, false},
                                {"personId", Type::guid, false},
                                {"organizationId", Type::guid, false},
                                {"projectId", Type::guid, true},
                                {"activityId", Type::guid, true},
                                {"date", Type::date, false},
                                {"duration", Type::duration, false},
                                {"note", Type::text, true},
                                {"status", Type::text, false},
                                {"clientType", Type::text, true},
                                {"createdAt", Type::instant, false},
                                {"updatedAt", Type::instant, false}}};
    return schema;
}

} // namespace fake
