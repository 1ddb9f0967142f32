-- A call reads an agent's whole history: worth spreading over parallel workers.
\echo Use "ALTER EXTENSION timesheet UPDATE" to load this file. \quit
ALTER FUNCTION timesheet.native_sessions(date, date, int, timestamptz) COST 10000;
ALTER FUNCTION timesheet.native_daily_hours(date, date, int, timestamptz) COST 10000;
ALTER FUNCTION timesheet.native_weekly_hours(date, date, int, timestamptz) COST 10000;
ALTER FUNCTION timesheet.native_notes(date, date, int, timestamptz) COST 10000;

-- They are asked through the public functions, which run as the schema's owner; nobody else needs them. The
-- script of a trusted extension runs as a superuser, so the owner would have no right on them without this.
DO $$
DECLARE
  native regprocedure;
BEGIN
  FOREACH native IN ARRAY ARRAY[
    'timesheet.native_sessions(date, date, int, timestamptz)'::regprocedure, 'timesheet.native_daily_hours(date, date, int, timestamptz)',
    'timesheet.native_weekly_hours(date, date, int, timestamptz)', 'timesheet.native_notes(date, date, int, timestamptz)']
  LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', native);
    EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %s', native,
      (SELECT n.nspowner::regrole FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'timesheet'));
  END LOOP;
END
$$;
