CREATE OR REPLACE FUNCTION timesheet.attendance_days(since date, until date, for_agent int)
RETURNS TABLE (
  agent_id int, workday date, client_group_id int, time_zone text, clock_in timestamptz, clock_out timestamptz,
  last_activity_at timestamptz,
  work_seconds bigint, break_seconds bigint, notes text, client_groups int[])
LANGUAGE plpgsql STABLE ROWS 10 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET row_security = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH events AS (
      -- The entry of the workday's last session in session order, as R8 gives the session wholly to it; without one the
      -- last live entry.
      SELECT DISTINCT ON (e.agent_id, e.workday) e.agent_id, e.workday,
        max(e.start_time_utc) OVER (PARTITION BY e.agent_id, e.workday) AS last_activity_at, -- R9
        e.kind > 0 AS is_session, e.client_group_id, e.time_zone
      FROM timesheet.time_entries AS e
      WHERE (for_agent IS NULL OR e.agent_id = for_agent)
        AND e.deleted_at IS NULL AND e.kind < 3 AND e.workday >= since AND e.workday < until
        -- An entry lies at most two days before its workday and three after it: see sql_events().
        AND e.start_time_utc >= (least(greatest(since, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp
          AT TIME ZONE 'UTC'
        AND e.start_time_utc < (least(greatest(until, '4713-01-31 BC'), '294276-11-30') + 3)::timestamp
          AT TIME ZONE 'UTC'
      ORDER BY e.agent_id, e.workday, e.kind > 0 DESC, e.start_time_utc DESC, e.kind DESC, e.jibble_activity_id DESC
    ), sessions AS (
      SELECT s.agent_id, s.workday, min(s.started_at) FILTER (WHERE s.kind = 'work') AS clock_in,
        (array_agg(CASE WHEN s.end_reason IN ('clock_out', 'auto_clock_out') THEN s.ended_at END
                   ORDER BY s.started_at DESC, s.kind DESC, s.jibble_activity_id DESC))[1] AS clock_out
      FROM timesheet.sessions(since, until, for_agent) AS s GROUP BY s.agent_id, s.workday
    ), hours AS (
      SELECT h.agent_id, h.workday, sum(h.work_seconds)::bigint AS work_seconds,
        sum(h.break_seconds)::bigint AS break_seconds, max(h.client_group_id) AS client_group_id,
        array_agg(DISTINCT coalesce(h.client_group_id, 0)) AS client_groups
      FROM timesheet.daily_hours(since, until, for_agent) AS h GROUP BY h.agent_id, h.workday
    ), noted AS (
      SELECT n.agent_id, n.workday, string_agg(DISTINCT n.code, ', ' ORDER BY n.code) AS codes
      FROM timesheet.derived_notes(since, until, for_agent) AS n GROUP BY n.agent_id, n.workday
    )
    SELECT agent_id, workday,
      CASE WHEN e.is_session OR h.workday IS NULL THEN e.client_group_id ELSE h.client_group_id END,
      e.time_zone, s.clock_in, s.clock_out, e.last_activity_at,
      coalesce(h.work_seconds, 0), coalesce(h.break_seconds, 0), coalesce(n.codes, ''), coalesce(h.client_groups, '{}')
    FROM events AS e
    FULL JOIN hours AS h USING (agent_id, workday)
    LEFT JOIN sessions AS s USING (agent_id, workday)
    LEFT JOIN noted AS n USING (agent_id, workday);
END
$$;
COMMENT ON FUNCTION timesheet.attendance_days(date, date, int) IS
  'The workdays of an agent, or of all, in [since, until) with a live entry or manual hours: clock-in, clock-out and '
  'last activity (R9) as instants, seconds of work and break, the codes of its notes, all client groups that got '
  'sessions or manual hours (0: none). Client group and working zone are those of the day''s last session (R2). Of a '
  'day without one the client group is that of the manual hours, else of the last live entry, and the zone is that '
  'entry''s; null without any.';
CALL timesheet.set_grants('FUNCTION timesheet.attendance_days(date, date, int)', 'EXECUTE TO timesheet_reader');
