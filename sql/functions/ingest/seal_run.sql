CREATE OR REPLACE FUNCTION timesheet.seal_run(for_run bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  through_raw_event bigint;
BEGIN
  PERFORM timesheet.require_open_run(for_run);
  PERFORM timesheet.lock_raw_events();
  UPDATE timesheet.ingest_runs AS r
    SET through_raw_event = (SELECT coalesce(max(e.raw_event_id), 0) FROM timesheet.raw_events AS e)
  WHERE r.ingest_run_id = for_run AND r.through_raw_event IS NULL
  RETURNING r.through_raw_event INTO through_raw_event;
  RETURN through_raw_event;
END
$$;
COMMENT ON FUNCTION timesheet.seal_run(bigint) IS
  'Records that everything of this run is stored: what is stored from now on belongs to the next run, which may begin '
  'before finish_run() of this one. Returns the last raw event, or null for a run that is sealed.';
CALL timesheet.set_grants('FUNCTION timesheet.seal_run(bigint)', 'EXECUTE TO timesheet_ingest');
