CREATE OR REPLACE FUNCTION timesheet.time_text(at timestamptz, zone text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT to_char(at AT TIME ZONE zone, 'Dy FMDD Mon YYYY, HH24:MI') || ' (' || timesheet.time_zone_label(zone) || ')'
$$;
COMMENT ON FUNCTION timesheet.time_text(timestamptz, text) IS
  'An instant as people write it, in a zone that is named: Mon 23 Nov 2026, 08:00 (Asia/Manila). English in every locale.';
CALL timesheet.set_grants('FUNCTION timesheet.time_text(timestamptz, text)');
