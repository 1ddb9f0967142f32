CREATE OR REPLACE FUNCTION timesheet.refresh_hours(agents int[], days date[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
BEGIN
  DELETE FROM timesheet.daily_rollup AS r USING unnest(agents, days) AS d (agent_id, workday)
  WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  INSERT INTO timesheet.daily_rollup (agent_id, workday, client_group_id, activity_id, week_start, work_seconds,
    unconfirmed_seconds, break_seconds, manual_seconds, session_count, incomplete_count)
  SELECT h.agent_id, h.workday, coalesce(h.client_group_id, 0), coalesce(h.activity_id, 0),
    timesheet.week_start(h.workday, coalesce(g.week_starts_on, r.week_starts_on)),
    h.work_seconds, h.unconfirmed_seconds, h.break_seconds, h.manual_seconds, h.session_count, h.incomplete_count
  FROM timesheet.stale_periods(agents, days) AS p
  CROSS JOIN LATERAL timesheet.daily_hours(p.since, p.until, p.agent_id) AS h
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = h.agent_id AND d.workday = h.workday
  CROSS JOIN timesheet.settings AS r
  LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = h.client_group_id;
END
$$;
COMMENT ON FUNCTION timesheet.refresh_hours(int[], date[]) IS
  'Stores the hours of these days of these agents (two arrays that belong together) in timesheet.daily_rollup.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_hours(int[], date[])');
