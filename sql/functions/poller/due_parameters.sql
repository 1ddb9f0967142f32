-- What is left to do is asked of the run log each time, so a pass that was cut, or failed, goes on with the next call.
CREATE OR REPLACE FUNCTION timesheet.due_parameters(of_job text) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE of_job
    WHEN 'nightly' THEN CASE WHEN timesheet.nightly_resync_is_due()
      -- Its days are read, its audit is not.
      OR EXISTS (SELECT FROM timesheet.unfinished_passes AS u
        WHERE u.command = 'nightly audit' AND u.began_at > now() - interval '20 hours') THEN '{}'::jsonb END
    WHEN 'backfill' THEN (
      SELECT jsonb_build_object('since', coalesce(u.since, d.first_day),
        'until', greatest(d.last_day, u.next_day - 1, u.since))
      FROM timesheet.poller AS p CROSS JOIN LATERAL timesheet.unread_days(p.backfill_since) AS d
      LEFT JOIN LATERAL (
        SELECT w.since, w.next_day FROM timesheet.unfinished_passes AS w
        WHERE w.command = 'backfill' AND w.since >= p.backfill_since ORDER BY w.since LIMIT 1) AS u ON true
      WHERE d.first_day IS NOT NULL OR u.since IS NOT NULL)
    ELSE '{}' END
$$;
COMMENT ON FUNCTION timesheet.due_parameters(text) IS
  'What a job of the poller is called with now. Backfill: the first day of the pass that was cut, else the first one '
  'that was not read yet, and the last one. Others: nothing ({}). Null: it is not due, as the nightly resync of this '
  'night, or the backfill, is complete.';
CALL timesheet.set_grants('FUNCTION timesheet.due_parameters(text)');
