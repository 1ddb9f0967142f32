CREATE OR REPLACE FUNCTION timesheet.rebuild_objects(of_resource text, ids uuid[], is_whole boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  -- What no raw event has did not come from Jibble.
  IF is_whole AND of_resource = 'TimeEntries' THEN
    DELETE FROM timesheet.time_entries AS e
    WHERE e.jibble_activity_id = ANY (ids) AND NOT EXISTS (SELECT FROM timesheet.raw_events AS r
      WHERE r.jibble_id = e.jibble_activity_id AND r.resource = of_resource AND r.payload IS NOT NULL);
  ELSIF is_whole THEN
    DELETE FROM timesheet.hour_entries AS e
    WHERE e.jibble_id = ANY (ids) AND NOT EXISTS (SELECT FROM timesheet.raw_events AS r
      WHERE r.jibble_id = e.jibble_id AND r.resource = of_resource AND r.payload IS NOT NULL);
  END IF;
  PERFORM timesheet.normalise_objects(of_resource, ids);
END
$$;
COMMENT ON FUNCTION timesheet.rebuild_objects(text, uuid[], boolean) IS
  'Writes these time or hour entries as the raw events have them; is_whole: and deletes those that no raw event has.';
CALL timesheet.set_grants('FUNCTION timesheet.rebuild_objects(text, uuid[], boolean)');
