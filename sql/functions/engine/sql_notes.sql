-- R13: the notes that sessions and their absence give; those of single entries are in timesheet.entry_notes(). What a
-- note says, timesheet.notes() composes for both engines.
CREATE OR REPLACE FUNCTION timesheet.sql_notes(since date, until date, for_agent int, as_of timestamptz)
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, seconds bigint, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  WITH events AS (
    SELECT e.*, timesheet.truncated_seconds(e.ended_at - e.started_at)::bigint AS seconds,
      e.ended_at - e.started_at > (SELECT s.long_session FROM timesheet.settings AS s) AS is_long,
      -- An out closes something if the event before it says so.
      coalesce(lag(e.end_reason IN ('clock_out', 'auto_clock_out')) OVER earlier, false) AS closes_session,
      e.client_group_id IS NULL
        AND row_number() OVER (PARTITION BY e.agent_id, e.workday, e.client_group_id IS NULL
                               ORDER BY e.started_at, e.kind_rank, e.jibble_activity_id) = 1 AS is_first_without_group
    FROM timesheet.sql_events(since, until, for_agent, as_of) AS e
    WINDOW earlier AS (PARTITION BY e.agent_id ORDER BY e.started_at, e.kind_rank, e.jibble_activity_id)
  )
  SELECT e.workday, e.agent_id, e.client_group_id, n.code, e.started_at, n.seconds, e.jibble_activity_id
  FROM events AS e
  CROSS JOIN LATERAL (
    SELECT 'missing_clock_out' AS code, e.seconds WHERE e.end_reason = 'missing_clock_out'
    UNION ALL SELECT 'break_left_open', e.seconds WHERE e.end_reason = 'break_left_open'
    UNION ALL SELECT 'auto_clock_out', e.seconds WHERE e.end_reason = 'auto_clock_out' AND e.is_work
    UNION ALL SELECT 'long_session', e.seconds WHERE e.is_work AND e.is_long
    UNION ALL SELECT 'clock_out_without_clock_in', NULL WHERE e.is_out AND NOT e.closes_session
    UNION ALL SELECT 'no_client_group', NULL WHERE e.is_first_without_group
  ) AS n
  WHERE (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
$$;
COMMENT ON FUNCTION timesheet.sql_notes(date, date, int, timestamptz) IS
  'The notes that sessions give, for timesheet.notes(), by the sql engine. seconds is the session''s length.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_notes(date, date, int, timestamptz)');
