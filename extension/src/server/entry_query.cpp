#include "entry_query.hpp"

namespace timesheet::server
{

namespace
{

// R3 lets a workday lie a day from the local date; zones and cut-offs move it by up to a day and a
// half more. An entry of workday w is never earlier than days_before before w, nor later than
// days_after after the next midnight.
constexpr int days_before = 2;
constexpr int days_after = 3;

// Dates reach further than instants do.
Instant midnight(int64_t day)
{
    constexpr int64_t first = MIN_TIMESTAMP / microseconds_per_day + 3;
    constexpr int64_t last =
        END_TIMESTAMP / microseconds_per_day - 3; // max_session is at most two days
    return Min(Max(day, first), last) * microseconds_per_day;
}

} // namespace

EntryTimes entry_times(const Arguments& arguments, const Rules& rules)
{
    EntryTimes times;
    // An entry before the first wanted one may be what an out closes, one after the last may end
    // it.
    if (arguments.has_since() && !DATE_NOT_FINITE(arguments.since)) {
        times.has_from = true;
        times.from = midnight(int64_t{arguments.since} - days_before) - rules.max_session;
    }
    if (arguments.has_until() && !DATE_NOT_FINITE(arguments.until)) {
        times.has_to = true;
        times.to = midnight(int64_t{arguments.until} + days_after) + rules.max_session;
    }
    return times;
}

TableQuery<time_entries_table> entries_query(const Arguments& arguments, const Rules& rules)
{
    const EntryTimes times = entry_times(arguments, rules);
    TableQuery<time_entries_table> query;
    query.add(" WHERE t.deleted_at IS NULL");
    if (!arguments.for_everybody)
        query.add(" AND t.agent_id OPERATOR(pg_catalog.=) $?", INT4OID,
                  Int32GetDatum(arguments.agent));
    if (times.has_from)
        query.add(" AND t.start_time_utc OPERATOR(pg_catalog.>=) $?", TIMESTAMPTZOID,
                  TimestampTzGetDatum(times.from));
    if (times.has_to)
        query.add(" AND t.start_time_utc OPERATOR(pg_catalog.<) $?", TIMESTAMPTZOID,
                  TimestampTzGetDatum(times.to));
    query.add(" ORDER BY t.agent_id, t.start_time_utc, t.kind, t.jibble_activity_id");
    return query;
}

TableQuery<hour_entries_table> hour_entries_query(const Arguments& arguments)
{
    TableQuery<hour_entries_table> query;
    query.add(" WHERE t.deleted_at IS NULL");
    if (!arguments.for_everybody)
        query.add(" AND t.agent_id OPERATOR(pg_catalog.=) $?", INT4OID,
                  Int32GetDatum(arguments.agent));
    if (arguments.has_since())
        query.add(" AND t.workday OPERATOR(pg_catalog.>=) $?", DATEOID,
                  DateADTGetDatum(arguments.since));
    if (arguments.has_until())
        query.add(" AND t.workday OPERATOR(pg_catalog.<) $?", DATEOID,
                  DateADTGetDatum(arguments.until));
    query.add(" ORDER BY t.agent_id");
    return query;
}

TupleDesc hour_entries_descriptor()
{
    TupleDesc descriptor = CreateTemplateTupleDesc(hour_entries_table.selected);
    for (int i = 0; i < hour_entries_table.selected; i++)
        TupleDescInitEntry(descriptor, static_cast<AttrNumber>(i + 1),
                           hour_entries_table.columns[i].name, hour_entries_table.columns[i].type,
                           -1, 0);
    return descriptor;
}

void check_entry(const Entry& e, int16 kind, const Rules& rules)
{
    if (kind < 0 || kind > 3)
        report_value(time_entries_table, "kind", psprintf("%d", kind), "0, 1, 2 or 3",
                     ERRCODE_CHECK_VIOLATION);
    if (!IS_VALID_TIMESTAMP(e.time))
        report_value(time_entries_table, "start_time_utc", timestamptz_to_str(e.time),
                     "a finite time", ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
    if (!IS_VALID_TIMESTAMP(e.workday_end))
        report_value(time_entries_table, "workday_end", timestamptz_to_str(e.workday_end),
                     "a finite time", ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
    check_workday(time_entries_table, e.workday);
    // R1: of an entry that is no event nothing is computed.
    if (kind < 3 && e.time >= END_TIMESTAMP - rules.max_session)
        report_value(time_entries_table, "start_time_utc", timestamptz_to_str(e.time),
                     "so early that max_session after it is a time as well",
                     ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
}

void check_workday(const InputTable& table, Day day)
{
    if (IS_VALID_DATE(day))
        return;
    report_value(table, "workday", DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity", "a finite date",
                 ERRCODE_DATETIME_VALUE_OUT_OF_RANGE);
}

} // namespace timesheet::server
