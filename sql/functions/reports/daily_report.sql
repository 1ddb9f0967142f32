-- Reports for people and BI tools: names, not ids, and exact at every moment. Days that are not stale come from
-- the rollups, stale ones from the engine, in one statement and so in one snapshot.
--
-- The days that are stale come first in each live part, and give the columns that filters are put on,
-- so that a filter leaves out what it does not want before the engine is asked. The first part asks for all whether a
-- row is hidden, when it is planned, and whether the settings' is there: see timesheet.require_every_row().
CREATE OR REPLACE VIEW timesheet.daily_report AS
SELECT r.workday, r.week_start, g.name AS client_group, g.code AS client_group_code, a.name AS agent,
  v.name AS activity,
  r.work_seconds / 3600.0 AS hours, r.unconfirmed_seconds / 3600.0 AS unconfirmed_hours,
  r.break_seconds / 3600.0 AS break_hours, r.session_count AS sessions, r.incomplete_count AS incomplete_sessions,
  r.work_seconds, r.unconfirmed_seconds, r.break_seconds, r.manual_seconds,
  g.client_group_id, r.agent_id, v.activity_id, g.jibble_id AS client_group_jibble_id, a.jibble_id AS agent_jibble_id,
  v.jibble_id AS activity_jibble_id
FROM timesheet.daily_rollup AS r
JOIN timesheet.client_group_names AS g ON g.key = r.client_group_id
JOIN timesheet.agent_names AS a ON a.agent_id = r.agent_id
JOIN timesheet.activity_names AS v ON v.key = r.activity_id
WHERE NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = r.agent_id AND s.workday = r.workday)
  AND timesheet.require_every_row_when_planned()
  AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row())
UNION ALL
SELECT d.workday, w.week_start, g.name, g.code, a.name, v.name,
  h.work_seconds / 3600.0, h.unconfirmed_seconds / 3600.0, h.break_seconds / 3600.0,
  h.session_count, h.incomplete_count,
  h.work_seconds, h.unconfirmed_seconds, h.break_seconds, h.manual_seconds,
  g.client_group_id, d.agent_id, v.activity_id, g.jibble_id, a.jibble_id, v.jibble_id
FROM timesheet.stale_agent_days AS d
-- The weeks that may hold the day, so that a filter on the week is one on days.
CROSS JOIN LATERAL (SELECT d.workday - n AS week_start FROM generate_series(0, 6) AS n) AS w
JOIN timesheet.agent_names AS a ON a.agent_id = d.agent_id
CROSS JOIN LATERAL timesheet.daily_hours(d.workday, d.workday + 1, d.agent_id) AS h
JOIN timesheet.client_group_names AS g ON g.key = coalesce(h.client_group_id, 0)
  AND w.week_start = timesheet.week_start(d.workday, g.week_starts_on)
JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0);
COMMENT ON VIEW timesheet.daily_report IS
  'Hours by workday, client group, agent and activity. hours includes manual hours, unconfirmed_hours is the part of '
  'it from running, missing and automatic clock-outs; all hours are unrounded: round with timesheet.round_hours() '
  '(R12). Exact at every moment.';
COMMENT ON COLUMN timesheet.daily_report.week_start IS
  'The first day of the client group''s week that holds the workday.';
COMMENT ON COLUMN timesheet.daily_report.sessions IS 'Work sessions; 0 where all hours were typed in.';
COMMENT ON COLUMN timesheet.daily_report.incomplete_sessions IS 'Work sessions without a clock-out.';
CALL timesheet.set_grants('TABLE timesheet.daily_report', 'SELECT TO timesheet_reader');
