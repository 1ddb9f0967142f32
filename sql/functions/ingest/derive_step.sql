-- A step ends after an entry: the lists of people, groups and the rest, which a run reads first, stay together, as what
-- is known of one person comes from two of them.
CREATE OR REPLACE FUNCTION timesheet.derive_step(for_run bigint, at_most int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  after_raw_event bigint;
  through_raw_event bigint;
  step_end bigint;
  step record;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.require_open_run(for_run);
  PERFORM timesheet.lock_writers();
  SELECT s.normalised_through, r.through_raw_event INTO after_raw_event, through_raw_event
  FROM timesheet.ingest_state AS s CROSS JOIN timesheet.ingest_runs AS r WHERE r.ingest_run_id = for_run;
  SELECT e.raw_event_id INTO step_end FROM timesheet.raw_events AS e
  WHERE e.raw_event_id > after_raw_event AND e.raw_event_id <= through_raw_event
    AND e.resource IN ('TimeEntries', 'HourEntries')
  ORDER BY e.raw_event_id OFFSET greatest(at_most, 1) - 1 LIMIT 1;
  IF step_end IS NULL OR step_end = through_raw_event THEN
    RETURN false;
  END IF;
  SELECT n.* INTO step FROM timesheet.normalise(after_raw_event, step_end) AS n;
  UPDATE timesheet.ingest_state SET normalised_through = step_end WHERE normalised_through < step_end;
  UPDATE timesheet.ingest_runs AS r SET deleted = r.deleted + step.deleted, rejected = r.rejected + step.rejected
  WHERE r.ingest_run_id = for_run;
  RETURN true;
END
$$;
COMMENT ON FUNCTION timesheet.derive_step(bigint, int) IS
  'Of what finish_run() would derive for a run that is sealed, the first part, at most this many entries, in a '
  'transaction of its own. False, and nothing is done, if that would be all: finish_run() does the rest.';
CALL timesheet.set_grants('FUNCTION timesheet.derive_step(bigint, int)', 'EXECUTE TO timesheet_ingest');
