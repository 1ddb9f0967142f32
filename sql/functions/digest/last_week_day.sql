CREATE OR REPLACE FUNCTION timesheet.last_week_day() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT (now() AT TIME ZONE timesheet.default_time_zone())::date - 7
  WHERE (SELECT timesheet.require_every_row())
$$;
COMMENT ON FUNCTION timesheet.last_week_day() IS 'A day of last week: a week ago in settings.default_time_zone.';
CALL timesheet.set_grants('FUNCTION timesheet.last_week_day()', 'EXECUTE TO timesheet_ingest');
