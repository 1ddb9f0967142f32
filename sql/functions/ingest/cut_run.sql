CREATE OR REPLACE FUNCTION timesheet.cut_run(for_run bigint, reason text) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  UPDATE timesheet.ingest_runs AS r SET status = 'cut', finished_at = clock_timestamp(), error = reason
  WHERE r.ingest_run_id = for_run AND r.status = 'running'
$$;
COMMENT ON FUNCTION timesheet.cut_run(bigint, text) IS
  'Closes a run that had no time for more. What it stored raw stays and is derived by the next run that succeeds.';
CALL timesheet.set_grants('FUNCTION timesheet.cut_run(bigint, text)', 'EXECUTE TO timesheet_ingest');
