-- What timesheetd calls: a run is opened, filled page by page, and closed. Only closing it derives anything.
CREATE OR REPLACE FUNCTION timesheet.begin_run(
  command text, since date DEFAULT NULL, until date DEFAULT NULL, daemon_version text DEFAULT NULL,
  deriving_run bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  run bigint;
BEGIN
  -- A caller that may begin holds the ingest lock, so a run still open belongs to a process that has ended.
  UPDATE timesheet.ingest_runs AS r SET status = 'failed', finished_at = clock_timestamp(),
    error = 'interrupted: the process ended without closing the run'
  WHERE r.status = 'running' AND r.ingest_run_id IS DISTINCT FROM deriving_run;
  INSERT INTO timesheet.ingest_runs (command, since, until, daemon_version)
  VALUES (begin_run.command, begin_run.since, begin_run.until, begin_run.daemon_version)
  RETURNING ingest_run_id INTO run;
  RETURN run;
END
$$;
COMMENT ON FUNCTION timesheet.begin_run(text, date, date, text, bigint) IS
  'Opens a run in the run log and returns its id; runs left open by a process that died are closed as failed, but not '
  'the one that the caller is still deriving, named by deriving_run.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.begin_run(text, date, date, text, bigint)',
  'EXECUTE TO timesheet_ingest');
