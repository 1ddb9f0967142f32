-- R7, R8: an event's session, in the columns of timesheet.sessions().
CREATE OR REPLACE FUNCTION timesheet.sql_sessions(
  since date, until date, for_agent int, as_of timestamptz, carries_on boolean DEFAULT NULL)
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind text, started_at timestamptz,
  ended_at timestamptz, seconds bigint, end_reason text, is_complete boolean, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT e.agent_id, e.client_group_id, e.activity_id, e.workday, CASE WHEN e.is_work THEN 'work' ELSE 'break' END,
    e.started_at, e.ended_at, timesheet.truncated_seconds(e.ended_at - e.started_at)::bigint, e.end_reason::text,
    e.end_reason IN ('next_activity', 'break', 'clock_out', 'auto_clock_out'), e.jibble_activity_id
  FROM timesheet.sql_attributed_events(since, until, for_agent, as_of, carries_on) AS e
  WHERE (e.is_work OR e.is_break)
    AND (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
$$;
COMMENT ON FUNCTION timesheet.sql_sessions(date, date, int, timestamptz, boolean) IS
  'timesheet.sessions() by the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_sessions(date, date, int, timestamptz, boolean)');
