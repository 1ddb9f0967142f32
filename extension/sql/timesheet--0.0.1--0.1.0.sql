-- A call reads an agent's whole history: worth spreading over parallel workers.
\echo Use "ALTER EXTENSION timesheet UPDATE" to load this file. \quit
ALTER FUNCTION timesheet.native_sessions(date, date, int, timestamptz) COST 10000;
ALTER FUNCTION timesheet.native_daily_hours(date, date, int, timestamptz) COST 10000;
ALTER FUNCTION timesheet.native_weekly_hours(date, date, int, timestamptz) COST 10000;
ALTER FUNCTION timesheet.native_notes(date, date, int, timestamptz) COST 10000;
