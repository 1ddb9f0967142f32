-- R6: a session without an end is certain once nothing can close it any more: when the agent's next entry is there,
-- which did not close it, or when max_session is over, 16 hours after a night shift began.
CREATE OR REPLACE FUNCTION timesheet.incomplete_sessions(as_of timestamptz)
RETURNS TABLE (jibble_activity_id uuid, agent_id int, client_group_id int, workday date, kind text,
  started_at timestamptz, ended_at timestamptz, seconds bigint, time_zone text, certain_at timestamptz)
LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT s.jibble_activity_id, s.agent_id, s.client_group_id, s.workday, s.kind, s.started_at, s.ended_at, s.seconds,
    coalesce(timesheet.usable_time_zone(e.time_zone), (SELECT timesheet.default_time_zone())), c.certain_at
  FROM timesheet.sessions((as_of AT TIME ZONE 'UTC')::date - 35, (as_of AT TIME ZONE 'UTC')::date + 3, NULL, as_of) AS s
  JOIN timesheet.time_entries AS e ON e.jibble_activity_id = s.jibble_activity_id
  CROSS JOIN LATERAL (SELECT least(
    e.start_time_utc + (SELECT t.max_session FROM timesheet.settings AS t),
    (SELECT n.start_time_utc FROM timesheet.time_entries AS n
     WHERE n.agent_id = e.agent_id AND n.deleted_at IS NULL AND n.kind < 3
       AND (n.start_time_utc, n.kind, n.jibble_activity_id) > (e.start_time_utc, e.kind, e.jibble_activity_id)
     ORDER BY n.start_time_utc, n.kind, n.jibble_activity_id LIMIT 1))) AS c (certain_at)
  WHERE s.end_reason IN ('missing_clock_out', 'break_left_open') AND c.certain_at <= as_of
$$;
COMMENT ON FUNCTION timesheet.incomplete_sessions(timestamptz) IS
  'The sessions without an end, work and breaks, of the last 35 workdays that are certain at as_of, with the zone of '
  'their entry and the instant since which they are certain.';
CALL timesheet.set_grants('FUNCTION timesheet.incomplete_sessions(timestamptz)');
