-- Reports for people and BI tools: names, not ids, and exact at every moment. Days that are not stale come from
-- the rollups, stale ones from the engine, in one statement and so in one snapshot.
--
-- The engine is asked after the list of dates and the marks, and before the names: filters on days and weeks leave out
-- what they do not want before it is asked, whatever the planner believes of the number of stale days. It is asked for
-- all agents of a day at once, and once for each first weekday that client groups have.
CREATE OR REPLACE VIEW timesheet.daily_report AS
SELECT r.workday, r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
  r.work_seconds / 3600.0 AS hours, r.unconfirmed_seconds / 3600.0 AS unconfirmed_hours,
  r.break_seconds / 3600.0 AS break_hours, r.sessions, r.incomplete_sessions,
  r.work_seconds, r.unconfirmed_seconds, r.break_seconds, r.manual_seconds,
  r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id
FROM timesheet.stored_hours AS r
UNION ALL
SELECT d.workday, d.week_start, g.name, g.code, a.name, v.name,
  h.work_seconds / 3600.0, h.unconfirmed_seconds / 3600.0, h.break_seconds / 3600.0,
  h.session_count, h.incomplete_count,
  h.work_seconds, h.unconfirmed_seconds, h.break_seconds, h.manual_seconds,
  g.client_group_id, h.agent_id, v.activity_id, g.jibble_id, a.jibble_id, v.jibble_id
FROM (
  SELECT t.workday, timesheet.week_start(t.workday, f.week_starts_on) AS week_start, f.week_starts_on
  FROM timesheet.stale_dates AS t CROSS JOIN timesheet.first_weekdays AS f
  OFFSET 0 -- kept whole, so that what depends on a part of it cannot come before a filter on the other
) AS d
CROSS JOIN LATERAL (
  SELECT array_agg(DISTINCT s.agent_id) AS agents,
    CASE WHEN min(s.agent_id) = max(s.agent_id) THEN min(s.agent_id) END AS only_agent
  FROM timesheet.stale_days AS s WHERE s.workday = d.workday HAVING count(*) > 0
) AS s
CROSS JOIN LATERAL timesheet.daily_hours(d.workday, d.workday + 1, s.only_agent) AS h
JOIN timesheet.agent_names AS a ON a.agent_id = h.agent_id
CROSS JOIN LATERAL (
  SELECT g.client_group_id, g.name, g.code, g.jibble_id FROM timesheet.client_group_names AS g
  WHERE g.key = coalesce(h.client_group_id, 0) AND g.week_starts_on = d.week_starts_on
  OFFSET 0 -- or it would come before the engine, which would be asked once for each client group
) AS g
JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0)
WHERE h.agent_id = ANY (s.agents);
COMMENT ON VIEW timesheet.daily_report IS
  'Hours by workday, client group, agent and activity. hours includes manual hours, unconfirmed_hours is the part of '
  'it from running, missing and automatic clock-outs; all hours are unrounded: round with timesheet.round_hours() '
  '(R12). Exact at every moment.';
COMMENT ON COLUMN timesheet.daily_report.week_start IS
  'The first day of the client group''s week that holds the workday.';
COMMENT ON COLUMN timesheet.daily_report.sessions IS 'Work sessions; 0 where all hours were typed in.';
COMMENT ON COLUMN timesheet.daily_report.incomplete_sessions IS 'Work sessions without a clock-out.';
CALL timesheet.set_grants('TABLE timesheet.daily_report', 'SELECT TO timesheet_reader');
