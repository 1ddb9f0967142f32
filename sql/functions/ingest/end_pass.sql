-- The slices of a nightly pass are in the run log as sync: each read its own days, and none is the whole night's. So
-- the pass as a whole gets a row too, which says it began when its first call did; its number is as old, so that the
-- run log stays in the order of beginnings. One that failed did so now, after the syncs that succeeded meanwhile: it
-- has a number of now, by which timesheet.feed_health finds it.
CREATE OR REPLACE FUNCTION timesheet.end_pass(of_command text, from_day date, through_day date, daemon_version text)
RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH ended AS (
    DELETE FROM timesheet.unfinished_passes AS p WHERE p.command = of_command AND p.since = from_day RETURNING p.*
  )
  INSERT INTO timesheet.ingest_runs (ingest_run_id, command, since, until, daemon_version, started_at, finished_at,
    status, error, is_unproven)
  SELECT CASE WHEN e.unproven IS NULL THEN e.ingest_run_id
      ELSE nextval(pg_get_serial_sequence('timesheet.ingest_runs', 'ingest_run_id')) END, e.command,
    e.since, through_day, end_pass.daemon_version, e.began_at, clock_timestamp(),
    CASE WHEN e.unproven IS NULL THEN 'succeeded' ELSE 'failed' END, e.unproven, e.unproven IS NOT NULL
  FROM ended AS e WHERE e.command = 'nightly'
$$;
COMMENT ON FUNCTION timesheet.end_pass(text, date, date, text) IS
  'All days of the pass of this command that began with from_day were read: forgets where it goes on. A nightly pass '
  'that was read in slices is entered in the run log with its whole window: as succeeded, or as failed where something '
  'could not be proven deleted.';
CALL timesheet.set_grants('FUNCTION timesheet.end_pass(text, date, date, text)', 'EXECUTE TO timesheet_ingest');
