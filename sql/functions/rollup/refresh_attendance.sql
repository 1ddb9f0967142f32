CREATE OR REPLACE FUNCTION timesheet.refresh_attendance(agents int[], days date[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
BEGIN
  DELETE FROM timesheet.attendance_rollup AS r USING unnest(agents, days) AS d (agent_id, workday)
  WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  INSERT INTO timesheet.attendance_rollup (agent_id, workday, client_group_id, time_zone, clock_in, clock_out,
    last_activity_at, work_seconds, break_seconds, notes, client_groups)
  SELECT t.agent_id, t.workday, coalesce(t.client_group_id, 0), t.time_zone, t.clock_in, t.clock_out,
    t.last_activity_at, t.work_seconds, t.break_seconds, t.notes, t.client_groups
  FROM timesheet.stale_periods(agents, days) AS p
  CROSS JOIN LATERAL timesheet.attendance_days(p.since, p.until, p.agent_id) AS t
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = t.agent_id AND d.workday = t.workday;
END
$$;
COMMENT ON FUNCTION timesheet.refresh_attendance(int[], date[]) IS
  'Stores the attendance of these days of these agents (two arrays that belong together) in '
  'timesheet.attendance_rollup.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_attendance(int[], date[])');
