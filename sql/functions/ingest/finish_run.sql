CREATE OR REPLACE FUNCTION timesheet.finish_run(for_run bigint, OUT new bigint, OUT changed bigint, OUT deleted bigint,
  OUT rejected bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  after_raw_event bigint;
  through_raw_event bigint;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.require_open_run(for_run);
  PERFORM timesheet.lock_writers();
  PERFORM timesheet.seal_run(for_run) FROM timesheet.ingest_runs AS r
    WHERE r.ingest_run_id = for_run AND r.through_raw_event IS NULL;
  SELECT s.normalised_through, r.through_raw_event INTO after_raw_event, through_raw_event
  FROM timesheet.ingest_state AS s CROSS JOIN timesheet.ingest_runs AS r WHERE r.ingest_run_id = for_run;
  SELECT n.deleted, n.rejected INTO deleted, rejected FROM timesheet.normalise(after_raw_event, through_raw_event) AS n;
  UPDATE timesheet.ingest_state SET normalised_through = through_raw_event WHERE normalised_through < through_raw_event;
  PERFORM timesheet.expire_payloads();
  -- Without an error: where the daemon died meanwhile, the next one may have set down an interruption already.
  UPDATE timesheet.ingest_runs AS r
  SET status = 'succeeded', error = NULL, finished_at = clock_timestamp(), deleted = r.deleted + finish_run.deleted,
    rejected = r.rejected + finish_run.rejected
  WHERE r.ingest_run_id = for_run
  RETURNING r.new, r.changed, r.deleted, r.rejected
    INTO finish_run.new, finish_run.changed, finish_run.deleted, finish_run.rejected;
END
$$;
COMMENT ON FUNCTION timesheet.finish_run(bigint) IS
  'Derives the normalised tables from all raw events not yet seen by them, up to where the run was sealed or else to '
  'the last one, in one transaction, and closes the run as succeeded.';
CALL timesheet.set_grants('FUNCTION timesheet.finish_run(bigint)', 'EXECUTE TO timesheet_ingest');
