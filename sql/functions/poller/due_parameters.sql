-- What is left to do is asked of the run log each time, so a pass that was cut, or failed, goes on with the next call.
CREATE OR REPLACE FUNCTION timesheet.due_parameters(of_job text) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE of_job
    WHEN 'nightly' THEN CASE WHEN timesheet.nightly_resync_is_due() THEN '{}'::jsonb END
    WHEN 'backfill' THEN (
      SELECT jsonb_build_object('since', u.first_day, 'until', u.last_day)
      FROM timesheet.poller AS p CROSS JOIN LATERAL timesheet.unread_days(p.backfill_since) AS u
      WHERE u.first_day IS NOT NULL)
    ELSE '{}' END
$$;
COMMENT ON FUNCTION timesheet.due_parameters(text) IS
  'What a job of the poller is called with now: of backfill the first days that were not read yet, of others nothing '
  '({}). Null: it is not due, as the nightly read of this night, or the backfill, is complete.';
CALL timesheet.set_grants('FUNCTION timesheet.due_parameters(text)');
