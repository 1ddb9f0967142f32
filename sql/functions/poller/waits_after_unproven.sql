-- As timesheetd run does: a read that proved nothing would prove no more ten minutes later, at the cost of 35 days.
CREATE OR REPLACE FUNCTION timesheet.waits_after_unproven(of_job text) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT of_job IN ('nightly', 'backfill') AND EXISTS (
      SELECT FROM timesheet.ingest_runs AS r
      WHERE r.command = of_job AND r.is_unproven AND r.finished_at > now() - interval '1 hour')
    AND NOT EXISTS ( -- a pass that was cut goes on, and an audit that is left is made
      SELECT FROM timesheet.unfinished_passes AS u
      WHERE of_job = 'nightly' AND u.command IN ('nightly', 'nightly audit')
          AND u.began_at > now() - interval '20 hours'
        OR of_job = 'backfill' AND u.command = 'backfill'
          AND u.since >= (SELECT p.backfill_since FROM timesheet.poller AS p))
$$;
COMMENT ON FUNCTION timesheet.waits_after_unproven(text) IS
  'Whether this job of the poller, nightly or backfill, is left alone for an hour, as what it read last counts but '
  'could not be proven complete (timesheet.ingest_runs.is_unproven). Its alert poller_unreachable stays open '
  'meanwhile.';
CALL timesheet.set_grants('FUNCTION timesheet.waits_after_unproven(text)');
