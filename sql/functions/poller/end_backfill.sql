CREATE OR REPLACE FUNCTION timesheet.end_backfill() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  -- No job would be left to record how it ended, or to resolve the alert that it had no answer.
  DELETE FROM timesheet.poller_calls AS c WHERE c.job = 'backfill' AND c.answered_at IS NULL;
  UPDATE timesheet.poller SET backfill_since = NULL WHERE backfill_since IS NOT NULL;
  PERFORM timesheet.remove_jobs('{timesheet-poller-backfill}', 'timesheet.unschedule_poller()');
END
$$;
COMMENT ON FUNCTION timesheet.end_backfill() IS 'Removes the job of a backfill that is complete.';
CALL timesheet.set_grants('FUNCTION timesheet.end_backfill()');
