-- Only the last entry of an agent can be running, and not for longer than max_session; its workday lies at most three
-- days before its date.
CREATE OR REPLACE FUNCTION timesheet.running_days(agents int[], days date[])
RETURNS TABLE (agent_id int, workday date)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
  WITH recent AS MATERIALIZED (
    SELECT array_agg(d.agent_id ORDER BY d.agent_id, d.workday) AS agents,
      array_agg(d.workday ORDER BY d.agent_id, d.workday) AS days
    FROM unnest(agents, days) AS d (agent_id, workday) CROSS JOIN timesheet.settings AS s
    WHERE d.workday >= (now() - s.max_session)::date - 3
  )
  SELECT DISTINCT s.agent_id, s.workday
  FROM recent AS r
  CROSS JOIN LATERAL timesheet.stale_periods(r.agents, r.days) AS p
  CROSS JOIN LATERAL timesheet.sessions(p.since, p.until, p.agent_id) AS s
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = s.agent_id AND d.workday = s.workday
  WHERE s.end_reason = 'running'
$$;
COMMENT ON FUNCTION timesheet.running_days(int[], date[]) IS
  'Of these days of these agents (two arrays that belong together) those with a session that is running now.';
CALL timesheet.set_grants('FUNCTION timesheet.running_days(int[], date[])');
