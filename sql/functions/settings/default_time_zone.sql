CREATE OR REPLACE FUNCTION timesheet.default_time_zone() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT coalesce(timesheet.usable_time_zone(s.default_time_zone), 'UTC') FROM timesheet.settings AS s
$$;
COMMENT ON FUNCTION timesheet.default_time_zone() IS
  'settings.default_time_zone as it can be used here; UTC where this server does not know it. Null where the settings '
  'have no row.';
CALL timesheet.set_grants('FUNCTION timesheet.default_time_zone()', 'EXECUTE TO timesheet_reader');
