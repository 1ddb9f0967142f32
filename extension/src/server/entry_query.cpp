#include "entry_query.hpp"

namespace timesheet::server
{

namespace
{

// R3 lets a workday lie a day from the local date; zones and cut-offs move it by up to a day and a
// half more. An entry of workday w is never earlier than kDaysBefore before w, nor later than
// kDaysAfter after the next midnight.
constexpr int kDaysBefore = 2;
constexpr int kDaysAfter = 3;

// Dates reach further than instants do.
Instant midnight(int64_t day)
{
    constexpr int64_t first = MIN_TIMESTAMP / kMicrosecondsPerDay + 3;
    constexpr int64_t last =
        END_TIMESTAMP / kMicrosecondsPerDay - 3; // max_session is at most two days
    return Min(Max(day, first), last) * kMicrosecondsPerDay;
}

} // namespace

Query entries_query(const Arguments& arguments, const Rules& rules)
{
    Query query("SELECT e.agent_id, e.start_time_utc, e.kind, e.jibble_activity_id, e.workday, "
                "e.workday_end,"
                " e.client_group_id, e.activity_id, e.is_auto_out"
                " FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL");
    if (!arguments.for_everybody)
        query.add(" AND e.agent_id OPERATOR(pg_catalog.=) $?", INT4OID,
                  Int32GetDatum(arguments.agent));
    // An entry before the first wanted one may be what an out closes, one after the last may end it.
    if (arguments.has_since() && !DATE_NOT_FINITE(arguments.since))
        query.add(" AND e.start_time_utc OPERATOR(pg_catalog.>=) $?", TIMESTAMPTZOID,
                  TimestampTzGetDatum(midnight(int64_t{arguments.since} - kDaysBefore) -
                                      rules.max_session));
    if (arguments.has_until() && !DATE_NOT_FINITE(arguments.until))
        query.add(" AND e.start_time_utc OPERATOR(pg_catalog.<) $?", TIMESTAMPTZOID,
                  TimestampTzGetDatum(midnight(int64_t{arguments.until} + kDaysAfter) +
                                      rules.max_session));
    query.add(" ORDER BY e.agent_id, e.start_time_utc, e.kind, e.jibble_activity_id");
    return query;
}

Query hour_entries_query(const Arguments& arguments)
{
    Query query("SELECT h.agent_id, h.workday, h.client_group_id, h.activity_id, h.seconds"
                " FROM timesheet.hour_entries AS h WHERE h.deleted_at IS NULL");
    if (!arguments.for_everybody)
        query.add(" AND h.agent_id OPERATOR(pg_catalog.=) $?", INT4OID,
                  Int32GetDatum(arguments.agent));
    if (arguments.has_since())
        query.add(" AND h.workday OPERATOR(pg_catalog.>=) $?", DATEOID,
                  DateADTGetDatum(arguments.since));
    if (arguments.has_until())
        query.add(" AND h.workday OPERATOR(pg_catalog.<) $?", DATEOID,
                  DateADTGetDatum(arguments.until));
    query.add(" ORDER BY h.agent_id");
    return query;
}

TupleDesc hour_entries_descriptor()
{
    TupleDesc descriptor = CreateTemplateTupleDesc(5);
    TupleDescInitEntry(descriptor, kAgent, "agent_id", INT4OID, -1, 0);
    TupleDescInitEntry(descriptor, kWorkday, "workday", DATEOID, -1, 0);
    TupleDescInitEntry(descriptor, kClientGroup, "client_group_id", INT4OID, -1, 0);
    TupleDescInitEntry(descriptor, kActivity, "activity_id", INT4OID, -1, 0);
    TupleDescInitEntry(descriptor, kSeconds, "seconds", INT8OID, -1, 0);
    return descriptor;
}

} // namespace timesheet::server
