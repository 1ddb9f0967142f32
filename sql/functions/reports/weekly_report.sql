-- As daily_report, but the engine is asked once for a week, from its first stale day to its last.
CREATE OR REPLACE VIEW timesheet.weekly_report AS
SELECT r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
  sum(r.work_seconds) / 3600.0 AS hours, sum(r.unconfirmed_seconds) / 3600.0 AS unconfirmed_hours,
  sum(r.break_seconds) / 3600.0 AS break_hours,
  sum(r.sessions)::int AS sessions, sum(r.incomplete_sessions)::int AS incomplete_sessions,
  sum(r.work_seconds)::bigint AS work_seconds, sum(r.unconfirmed_seconds)::bigint AS unconfirmed_seconds,
  sum(r.break_seconds)::bigint AS break_seconds, sum(r.manual_seconds)::bigint AS manual_seconds,
  r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id
FROM (
  SELECT r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
    r.work_seconds, r.unconfirmed_seconds, r.break_seconds, r.manual_seconds, r.sessions, r.incomplete_sessions,
    r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id
  FROM timesheet.stored_hours AS r
  UNION ALL
  SELECT w.week_start, g.name, g.code, a.name, v.name,
    h.work_seconds, h.unconfirmed_seconds, h.break_seconds, h.manual_seconds, h.session_count, h.incomplete_count,
    g.client_group_id, h.agent_id, v.activity_id, g.jibble_id, a.jibble_id, v.jibble_id
  FROM (
    SELECT DISTINCT timesheet.week_start(t.workday, f.week_starts_on) AS week_start, f.week_starts_on
    FROM timesheet.stale_dates AS t CROSS JOIN timesheet.first_weekdays AS f
  ) AS w
  CROSS JOIN LATERAL (
    SELECT min(s.workday) AS first_day, max(s.workday) AS last_day,
      CASE WHEN min(s.agent_id) = max(s.agent_id) THEN min(s.agent_id) END AS only_agent
    FROM timesheet.stale_days AS s WHERE s.workday >= w.week_start AND s.workday < w.week_start + 7 HAVING count(*) > 0
  ) AS s
  CROSS JOIN LATERAL timesheet.daily_hours(s.first_day, s.last_day + 1, s.only_agent) AS h
  JOIN timesheet.agent_names AS a ON a.agent_id = h.agent_id
  CROSS JOIN LATERAL (
    SELECT g.client_group_id, g.name, g.code, g.jibble_id FROM timesheet.client_group_names AS g
    WHERE g.key = coalesce(h.client_group_id, 0) AND g.week_starts_on = w.week_starts_on
    OFFSET 0
  ) AS g
  JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0)
  -- OFFSET 0: row by row, never a join that the planner could begin with.
  WHERE EXISTS (
    SELECT FROM timesheet.stale_days AS k WHERE k.agent_id = h.agent_id AND k.workday = h.workday OFFSET 0)
) AS r
GROUP BY r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
  r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id;
COMMENT ON VIEW timesheet.weekly_report IS
  'As timesheet.daily_report, by week: the client group''s own, else the setting''s (R11).';
CALL timesheet.set_grants('TABLE timesheet.weekly_report', 'SELECT TO timesheet_reader');
