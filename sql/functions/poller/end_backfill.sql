CREATE OR REPLACE FUNCTION timesheet.end_backfill() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  unproven record;
BEGIN
  SELECT p.backfill_since, count(r.day) AS days, min(r.day) AS first_day, max(r.day) AS last_day, (
      SELECT l.error FROM timesheet.ingest_runs AS l WHERE l.command = 'backfill' AND l.is_unproven
      ORDER BY l.ingest_run_id DESC LIMIT 1) AS error
  INTO unproven
  FROM timesheet.poller AS p
  LEFT JOIN LATERAL timesheet.days_read(p.backfill_since, (now() AT TIME ZONE 'UTC')::date + 1) AS r
    ON r.read_at IS NULL
  WHERE p.backfill_since IS NOT NULL GROUP BY p.backfill_since;
  IF NOT FOUND THEN
    NULL; -- it ended before
  ELSIF unproven.days = 0 THEN
    PERFORM timesheet.resolve_alert('poller_unreachable', 'backfill');
  ELSE
    PERFORM timesheet.raise_alert('poller_unreachable', 'backfill', format('the backfill is complete, but of %s days '
      'from %s to %s it could not be proven in 3 attempts what was deleted: %s; what was read counts, and so does what '
      'may be deleted; once the cause is corrected, SELECT timesheet.schedule_poller(''https://…'', '
      'backfill_since => ''%2$s'') reads them again',
      unproven.days, unproven.first_day, unproven.last_day, unproven.error));
  END IF;
  -- No job would be left to record how it ended, or to resolve the alert that it had no answer.
  DELETE FROM timesheet.poller_calls AS c WHERE c.job = 'backfill' AND c.answered_at IS NULL;
  UPDATE timesheet.poller SET backfill_since = NULL WHERE backfill_since IS NOT NULL;
  PERFORM timesheet.remove_jobs('{timesheet-poller-backfill}', 'timesheet.unschedule_poller()');
END
$$;
COMMENT ON FUNCTION timesheet.end_backfill() IS
  'Removes the job of a backfill that is complete, and resolves its alert; where it could not be proven what was '
  'deleted on some days, the alert says which and stays, until a backfill reads them.';
CALL timesheet.set_grants('FUNCTION timesheet.end_backfill()');
