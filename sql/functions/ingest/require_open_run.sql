CREATE OR REPLACE FUNCTION timesheet.require_open_run(run bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM timesheet.ingest_runs AS r WHERE r.ingest_run_id = run AND r.status = 'running') THEN
    RAISE EXCEPTION 'ingest run % is not open', coalesce(run::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Open one with timesheet.begin_run().';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_open_run(bigint) IS
  'Raises object_not_in_prerequisite_state unless this run is open.';
CALL timesheet.set_grants('FUNCTION timesheet.require_open_run(bigint)');
