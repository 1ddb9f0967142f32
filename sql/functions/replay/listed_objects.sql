CREATE OR REPLACE FUNCTION timesheet.listed_objects(after_raw_event bigint)
RETURNS TABLE (resource text, jibble_id uuid, raw_event_id bigint)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT r.resource, r.jibble_id, min(r.raw_event_id) FROM timesheet.raw_events AS r
  WHERE r.raw_event_id > after_raw_event AND r.resource NOT IN ('TimeEntries', 'HourEntries')
    AND timesheet.id_or_null(r.jibble_id) IS NOT NULL
  GROUP BY r.resource, r.jibble_id
$$;
COMMENT ON FUNCTION timesheet.listed_objects(bigint) IS
  'The groups, people and other objects that are no entries and of which a version was stored after this raw event, '
  'each with the first such version.';
CALL timesheet.set_grants('FUNCTION timesheet.listed_objects(bigint)');
