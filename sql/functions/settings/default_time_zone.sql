CREATE OR REPLACE FUNCTION timesheet.default_time_zone() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT coalesce(
    (SELECT coalesce(timesheet.usable_time_zone(s.default_time_zone), 'UTC') FROM timesheet.settings AS s),
    CASE WHEN timesheet.require_every_row() THEN 'UTC' END) -- without a row it says so
$$;
COMMENT ON FUNCTION timesheet.default_time_zone() IS
  'settings.default_time_zone as it can be used here; UTC where this server does not know it. Errors: '
  'object_not_in_prerequisite_state where the settings have no row.';
CALL timesheet.set_grants('FUNCTION timesheet.default_time_zone()', 'EXECUTE TO timesheet_reader');
