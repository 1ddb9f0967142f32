CREATE OR REPLACE FUNCTION timesheet.last_closed_week() RETURNS TABLE (since date, until date)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT w.first_day - 7, w.first_day - 1
  FROM timesheet.settings AS s
  CROSS JOIN LATERAL (
    SELECT timesheet.week_start((now() AT TIME ZONE timesheet.default_time_zone())::date, s.week_starts_on) AS first_day
  ) AS w
  WHERE (SELECT timesheet.require_every_row())
$$;
COMMENT ON FUNCTION timesheet.last_closed_week() IS
  'The first and the last day of the last week that is over in settings.default_time_zone, by settings.week_starts_on.';
CALL timesheet.set_grants('FUNCTION timesheet.last_closed_week()', 'EXECUTE TO timesheet_ingest');
