-- R8, R10, R11: the sessions and the hour entries of the workdays, summed by week, or by day where by_week is false.
CREATE OR REPLACE FUNCTION timesheet.sql_hours(
  since date, until date, for_agent int, as_of timestamptz, by_week boolean, carries_on boolean)
RETURNS TABLE (
  period date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  WITH parts AS (
    SELECT e.workday, e.agent_id, e.client_group_id, e.activity_id, e.is_work, e.is_break, false AS is_manual,
      e.end_reason, timesheet.truncated_seconds(e.ended_at - e.started_at) AS seconds, 0::bigint AS manual_seconds
    FROM timesheet.sql_attributed_events(since, until, for_agent, as_of, carries_on) AS e
    WHERE (e.is_work OR e.is_break)
      AND (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
    UNION ALL
    SELECT h.workday, h.agent_id, h.client_group_id, h.activity_id, false, false, true, NULL, NULL, h.seconds
    FROM timesheet.hour_entries AS h
    WHERE h.deleted_at IS NULL AND (for_agent IS NULL OR h.agent_id = for_agent)
      AND (since IS NULL OR h.workday >= since) AND (until IS NULL OR h.workday < until)
  ), dated AS (
    SELECT p.*, coalesce(g.week_starts_on, (SELECT s.week_starts_on FROM timesheet.settings AS s)) AS week_starts_on
    FROM parts AS p
    LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = p.client_group_id
    OFFSET 0 -- else what several sums need is computed for each of them
  )
  SELECT CASE WHEN by_week THEN timesheet.week_start(p.workday, p.week_starts_on) ELSE p.workday END,
    p.agent_id, p.client_group_id, p.activity_id,
    coalesce(sum(p.seconds) FILTER (WHERE p.is_work), 0)
      + coalesce(sum(p.manual_seconds) FILTER (WHERE p.is_manual), 0)::bigint,
    coalesce(sum(p.seconds) FILTER (WHERE p.is_work AND timesheet.is_unconfirmed(p.end_reason)), 0),
    coalesce(sum(p.seconds) FILTER (WHERE p.is_break), 0),
    coalesce(sum(p.manual_seconds) FILTER (WHERE p.is_manual), 0)::bigint,
    (count(*) FILTER (WHERE p.is_work))::int,
    (count(*) FILTER (WHERE p.end_reason = 'missing_clock_out'))::int
  FROM dated AS p
  GROUP BY 1, p.agent_id, p.client_group_id, p.activity_id
$$;
COMMENT ON FUNCTION timesheet.sql_hours(date, date, int, timestamptz, boolean, boolean) IS
  'Hours by week or by workday, for the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_hours(date, date, int, timestamptz, boolean, boolean)');
