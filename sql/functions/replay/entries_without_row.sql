CREATE OR REPLACE FUNCTION timesheet.entries_without_row(of_resource text) RETURNS SETOF uuid
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT DISTINCT r.jibble_id FROM timesheet.raw_events AS r
  WHERE r.resource = of_resource AND r.payload IS NOT NULL AND timesheet.id_or_null(r.jibble_id) IS NOT NULL
    AND NOT EXISTS (SELECT FROM timesheet.time_entries AS e
      WHERE e.jibble_activity_id = r.jibble_id AND of_resource = 'TimeEntries')
    AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS h
      WHERE h.jibble_id = r.jibble_id AND of_resource = 'HourEntries')
$$;
COMMENT ON FUNCTION timesheet.entries_without_row(text) IS
  'The time entries (TimeEntries) or hour entries (HourEntries) that raw events have, and that have no row.';
CALL timesheet.set_grants('FUNCTION timesheet.entries_without_row(text)');
