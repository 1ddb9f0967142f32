CREATE OR REPLACE FUNCTION timesheet.refresh_sessions(agents int[], days date[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
BEGIN
  DELETE FROM timesheet.session_rollup AS r USING unnest(agents, days) AS d (agent_id, workday)
  WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  -- An entry that another writer is moving to a day not marked yet may stand there still.
  INSERT INTO timesheet.session_rollup AS r (jibble_activity_id, agent_id, workday, client_group_id, activity_id, kind,
    started_at, ended_at, seconds, end_reason, is_complete)
  SELECT s.jibble_activity_id, s.agent_id, s.workday, s.client_group_id, s.activity_id, s.kind, s.started_at,
    s.ended_at, s.seconds, s.end_reason, s.is_complete
  FROM timesheet.stale_periods(agents, days) AS p
  CROSS JOIN LATERAL timesheet.sessions(p.since, p.until, p.agent_id) AS s
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = s.agent_id AND d.workday = s.workday
  ON CONFLICT (jibble_activity_id) DO UPDATE SET
    agent_id = excluded.agent_id, workday = excluded.workday, client_group_id = excluded.client_group_id,
    activity_id = excluded.activity_id, kind = excluded.kind, started_at = excluded.started_at,
    ended_at = excluded.ended_at, seconds = excluded.seconds, end_reason = excluded.end_reason,
    is_complete = excluded.is_complete;
END
$$;
COMMENT ON FUNCTION timesheet.refresh_sessions(int[], date[]) IS
  'Stores the sessions of these days of these agents (two arrays that belong together) in timesheet.session_rollup.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_sessions(int[], date[])');
