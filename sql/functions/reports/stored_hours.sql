-- The stored part of the reports on hours. It asks for all whether a row is hidden, when it is planned, and whether the
-- settings' is there: see timesheet.require_every_row().
CREATE OR REPLACE VIEW timesheet.stored_hours AS
SELECT r.workday, r.week_start, g.name AS client_group, g.code AS client_group_code, a.name AS agent,
  v.name AS activity, r.work_seconds, r.unconfirmed_seconds, r.break_seconds, r.manual_seconds,
  r.session_count AS sessions, r.incomplete_count AS incomplete_sessions,
  g.client_group_id, r.agent_id, v.activity_id, g.jibble_id AS client_group_jibble_id, a.jibble_id AS agent_jibble_id,
  v.jibble_id AS activity_jibble_id
FROM timesheet.daily_rollup AS r
JOIN timesheet.client_group_names AS g ON g.key = r.client_group_id
JOIN timesheet.agent_names AS a ON a.agent_id = r.agent_id
JOIN timesheet.activity_names AS v ON v.key = r.activity_id
WHERE NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = r.agent_id AND s.workday = r.workday)
  AND timesheet.require_every_row_when_planned()
  AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row());
COMMENT ON VIEW timesheet.stored_hours IS
  'Of the rollup the days that are not stale, with names, for timesheet.daily_report and weekly_report.';
CALL timesheet.set_grants('TABLE timesheet.stored_hours');
