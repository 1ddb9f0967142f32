CREATE OR REPLACE FUNCTION timesheet.local_time_text(at timestamptz, zone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT to_char(at AT TIME ZONE zone, 'Dy FMDD Mon YYYY, HH24:MI') || ' (' || timesheet.time_zone_label(zone) || ')'
$$;
COMMENT ON FUNCTION timesheet.local_time_text(timestamptz, text) IS
  'An instant as people in a zone read it, the zone named: Wed 18 Nov 2026, 14:05 (Asia/Manila). Give a usable zone.';
CALL timesheet.set_grants('FUNCTION timesheet.local_time_text(timestamptz, text)');
