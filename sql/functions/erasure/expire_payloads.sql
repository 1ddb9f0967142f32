-- A part at a time, oldest first, so that a setting that is new holds up no run.
CREATE OR REPLACE FUNCTION timesheet.expire_payloads(most int DEFAULT 5000) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  reduced int := 0;
  keep interval;
BEGIN
  SELECT s.keep_payloads INTO keep FROM timesheet.settings AS s;
  IF keep IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM timesheet.lock_raw_events();
  UPDATE timesheet.raw_events AS r
  SET payload = timesheet.reduced_payload(r.resource, r.payload), reduced_at = clock_timestamp()
  WHERE r.raw_event_id IN (SELECT o.raw_event_id FROM timesheet.raw_events AS o
    WHERE o.reduced_at IS NULL AND o.fetched_at < now() - keep
      AND o.resource IN ('TimeEntries', 'HourEntries', 'People', 'TimeTrackingPeople')
    ORDER BY o.fetched_at LIMIT most);
  GET DIAGNOSTICS reduced = ROW_COUNT;
  RETURN reduced;
END
$$;
COMMENT ON FUNCTION timesheet.expire_payloads(int) IS
  'Reduces payloads of people and entries that were read longer ago than settings.keep_payloads; see '
  'timesheet.reduced_payload(). Returns how many. Called by each run; safe to repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.expire_payloads(int)');
