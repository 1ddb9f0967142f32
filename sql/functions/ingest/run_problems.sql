CREATE OR REPLACE FUNCTION timesheet.run_problems(for_run bigint)
RETURNS TABLE (resource text, jibble_id uuid, raw_event_id bigint, problem text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT r.resource, r.jibble_id, r.raw_event_id, p.problem
  FROM timesheet.raw_events AS r JOIN timesheet.ingest_problems AS p USING (raw_event_id)
  WHERE r.ingest_run_id = for_run ORDER BY r.raw_event_id
$$;
COMMENT ON FUNCTION timesheet.run_problems(bigint) IS
  'The versions a run brought that could not be understood, and why.';
CALL timesheet.set_grants('FUNCTION timesheet.run_problems(bigint)', 'EXECUTE TO timesheet_ingest');
