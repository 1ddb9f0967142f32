CREATE OR REPLACE FUNCTION timesheet.is_tombstoned(of_resource text, id uuid) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT coalesce((SELECT r.payload IS NULL FROM timesheet.raw_events AS r
                   WHERE r.jibble_id = id AND r.resource = of_resource ORDER BY r.raw_event_id DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION timesheet.is_tombstoned(text, uuid) IS
  'Whether the last that is known of this object is that it was found deleted.';
CALL timesheet.set_grants('FUNCTION timesheet.is_tombstoned(text, uuid)');
