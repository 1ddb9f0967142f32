CREATE OR REPLACE VIEW timesheet.weekly_report AS
SELECT r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
  sum(r.work_seconds) / 3600.0 AS hours, sum(r.unconfirmed_seconds) / 3600.0 AS unconfirmed_hours,
  sum(r.break_seconds) / 3600.0 AS break_hours,
  sum(r.sessions)::int AS sessions, sum(r.incomplete_sessions)::int AS incomplete_sessions,
  sum(r.work_seconds)::bigint AS work_seconds, sum(r.unconfirmed_seconds)::bigint AS unconfirmed_seconds,
  sum(r.break_seconds)::bigint AS break_seconds, sum(r.manual_seconds)::bigint AS manual_seconds,
  r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id
FROM timesheet.daily_report AS r
GROUP BY r.week_start, r.client_group, r.client_group_code, r.agent, r.activity,
  r.client_group_id, r.agent_id, r.activity_id, r.client_group_jibble_id, r.agent_jibble_id, r.activity_jibble_id;
COMMENT ON VIEW timesheet.weekly_report IS
  'As timesheet.daily_report, by week: the client group''s own, else the setting''s (R11).';
CALL timesheet.set_grants('TABLE timesheet.weekly_report', 'SELECT TO timesheet_reader');
