CREATE OR REPLACE FUNCTION timesheet.update_run_alerts() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH failing AS (
    SELECT r.command, CASE WHEN r.times < 100
      THEN format('%s failed %s times in a row since %s; the last time on %s: %s',
        r.command, r.times, timesheet.office_time_text(r.since), timesheet.office_time_text(r.last_at),
        coalesce(r.error, 'it says no reason'))
      ELSE format('%s failed at least 100 times in a row; the last time on %s: %s', r.command,
        timesheet.office_time_text(r.last_at), coalesce(r.error, 'it says no reason')) END AS detail
    FROM timesheet.failing_commands AS r WHERE NOT r.is_given_up
  )
  SELECT timesheet.raise_alerts('failing_runs', array_agg(f.command ORDER BY f.command),
    array_agg(f.detail ORDER BY f.command))
  FROM failing AS f
$$;
COMMENT ON FUNCTION timesheet.update_run_alerts() IS
  'Raises the alert failing_runs of each command whose last three runs or passes failed, and resolves it when one '
  'succeeded or was cut, or, but for sync and nightly, when the command was not tried for 48 hours.';
CALL timesheet.set_grants('FUNCTION timesheet.update_run_alerts()');
