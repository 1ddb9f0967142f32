-- One rule for every day, moved agents or not: R9 over what is the client groups' own. An event of another
-- client's may end an own session, and that session shows when; nothing else of the event is taken from it,
-- neither its workday nor its zone, and without a session, hours or a note of their own there is no row.
CREATE OR REPLACE FUNCTION timesheet.client_attendance(of_client_groups int[], since date, until date)
  RETURNS SETOF timesheet.attendance
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RETURN QUERY
    WITH sessions AS (
      -- The last of each day in session order (R2), with what the day's others add.
      SELECT DISTINCT ON (s.agent_id, s.workday) s.agent_id, s.workday, s.client_group_id, s.jibble_activity_id,
        min(s.started_at) FILTER (WHERE s.kind = 'work') OVER of_day AS clock_in,
        CASE WHEN s.end_reason IN ('clock_out', 'auto_clock_out') THEN s.ended_at END AS clock_out,
        greatest(max(s.started_at) OVER of_day, max(s.ended_at)
          FILTER (WHERE s.end_reason IN ('clock_out', 'auto_clock_out')) OVER of_day) AS last_activity_at
      FROM timesheet.session_log AS s
      WHERE s.client_group_id = ANY (of_client_groups)
        AND (since IS NULL OR s.workday >= since) AND (until IS NULL OR s.workday < until)
      WINDOW of_day AS (PARTITION BY s.agent_id, s.workday)
      ORDER BY s.agent_id, s.workday, s.started_at DESC, s.kind DESC, s.jibble_activity_id DESC
    ), hours AS (
      SELECT r.agent_id, r.workday, sum(r.work_seconds)::bigint AS work_seconds,
        sum(r.break_seconds)::bigint AS break_seconds, max(r.client_group_id) AS client_group_id,
        array_agg(DISTINCT r.client_group ORDER BY r.client_group) AS client_groups
      FROM timesheet.daily_report AS r
      WHERE r.client_group_id = ANY (of_client_groups)
        AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until)
      GROUP BY r.agent_id, r.workday
    ), noted AS (
      SELECT n.* FROM timesheet.client_noted_days(of_client_groups, since, until) AS n
    ), days AS (
      SELECT agent_id, workday, s.clock_in, s.clock_out,
        greatest(s.last_activity_at, n.last_activity_at) AS last_activity_at,
        coalesce(s.client_group_id, h.client_group_id, n.client_group_id) AS client_group_id,
        coalesce(s.jibble_activity_id, n.jibble_activity_id) AS jibble_activity_id,
        coalesce(h.work_seconds, 0) AS work_seconds, coalesce(h.break_seconds, 0) AS break_seconds,
        coalesce(n.codes, '') AS codes, coalesce(h.client_groups, '{}') AS client_groups
      FROM hours AS h FULL JOIN noted AS n USING (agent_id, workday) LEFT JOIN sessions AS s USING (agent_id, workday)
      WHERE h.workday IS NOT NULL OR n.last_activity_at IS NOT NULL
    )
    SELECT a.name, d.workday, d.clock_in, d.clock_out, d.last_activity_at,
      z.zone, d.clock_in AT TIME ZONE z.zone, d.clock_out AT TIME ZONE z.zone, d.last_activity_at AT TIME ZONE z.zone,
      g.name, g.time_zone, d.clock_in AT TIME ZONE g.time_zone, d.clock_out AT TIME ZONE g.time_zone,
      d.last_activity_at AT TIME ZONE g.time_zone,
      d.work_seconds / 3600.0, d.break_seconds / 3600.0, d.codes,
      d.work_seconds, d.break_seconds, d.agent_id, g.client_group_id, a.jibble_id, g.jibble_id, d.client_groups
    FROM days AS d
    JOIN timesheet.agent_names AS a ON a.agent_id = d.agent_id
    JOIN timesheet.client_group_names AS g ON g.key = d.client_group_id
    LEFT JOIN timesheet.time_entries AS e ON e.jibble_activity_id = d.jibble_activity_id
    -- Not the agent's present one, which another client group may have set.
    CROSS JOIN LATERAL (
      SELECT coalesce(timesheet.usable_time_zone(e.time_zone), CASE WHEN d.jibble_activity_id IS NULL
        THEN timesheet.time_zone_at_noon(d.agent_id, d.workday) END, g.time_zone) AS zone OFFSET 0
    ) AS z;
END
$$;
COMMENT ON FUNCTION timesheet.client_attendance(int[], date, date) IS
  'timesheet.attendance as these client groups may see it: a row per agent and workday in [since, until), null for '
  'unbounded, with sessions, manual hours or notes of theirs, made of those alone. Clock-in, clock-out and last '
  'activity by R9 over their own sessions, whatever event ended them, and notes; client group and working zone of the '
  'last own session, else of the manual hours or the last note; client_groups names theirs alone.';
CALL timesheet.set_grants('FUNCTION timesheet.client_attendance(int[], date, date)');
