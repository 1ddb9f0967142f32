// The SQL functions of the extension: timesheet.native_… . Each reads entries in session order,
// pushes them through the session machine, and writes what it emits.

#include <string>

#include "hours_rows.hpp"
#include "machine_run.hpp"
#include "note_rows.hpp"
#include "session_rows.hpp"

extern "C" {
TIMESHEET_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(timesheet_native_sessions);
PG_FUNCTION_INFO_V1(timesheet_native_daily_hours);
PG_FUNCTION_INFO_V1(timesheet_native_weekly_hours);
PG_FUNCTION_INFO_V1(timesheet_native_notes);
}

namespace timesheet::server
{

namespace
{

void sessions(FunctionCallInfo fcinfo)
{
    const Arguments arguments = read_arguments(fcinfo);
    Output output;
    in_server([&] { output.open(fcinfo); });
    SpiConnection spi;
    const Rules rules = read_rules(arguments.as_of);
    SessionRows rows(arguments, output);
    run_machine(arguments, rules, rows);
    spi.close();
}

void hours(FunctionCallInfo fcinfo, bool by_week)
{
    const Arguments arguments = read_arguments(fcinfo);
    Output output;
    in_server([&] { output.open(fcinfo); });
    SpiConnection spi;
    const Rules rules = read_rules(arguments.as_of);
    ManualHours manual(arguments);
    HoursRows rows(arguments, output, manual);
    if (by_week)
        rows.by_week(rules.week_starts_on, read_week_starts());
    run_machine(arguments, rules, rows);
    in_server([&] {
        from_server([&] { rows.finish(); });
        manual.close();
    });
    spi.close();
}

void daily_hours(FunctionCallInfo fcinfo)
{
    hours(fcinfo, false);
}
void weekly_hours(FunctionCallInfo fcinfo)
{
    hours(fcinfo, true);
}

void notes(FunctionCallInfo fcinfo)
{
    const Arguments arguments = read_arguments(fcinfo);
    Output output;
    in_server([&] { output.open(fcinfo); });
    SpiConnection spi;
    const Rules rules = read_rules(arguments.as_of);
    NoteRows rows(arguments, rules, output);
    run_machine(arguments, rules, rows);
    spi.close();
}

// The one way in: no C++ exception leaves the library.
Datum run_guarded(void (*body)(FunctionCallInfo), FunctionCallInfo fcinfo)
{
    from_server([&] { body(fcinfo); });
    return Datum{0};
}

} // namespace

} // namespace timesheet::server

extern "C" {

PGDLLEXPORT Datum timesheet_native_sessions(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::sessions, fcinfo);
}

PGDLLEXPORT Datum timesheet_native_daily_hours(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::daily_hours, fcinfo);
}

PGDLLEXPORT Datum timesheet_native_weekly_hours(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::weekly_hours, fcinfo);
}

PGDLLEXPORT Datum timesheet_native_notes(PG_FUNCTION_ARGS)
{
    return timesheet::server::run_guarded(timesheet::server::notes, fcinfo);
}

} // extern "C"
