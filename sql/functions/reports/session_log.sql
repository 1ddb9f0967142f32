-- The stored part stays a plain table within the union, so that its indexes give rows in order, a page at a time.
CREATE OR REPLACE VIEW timesheet.session_log AS
SELECT r.started_at, r.ended_at, r.seconds, r.seconds / 3600.0 AS hours, r.kind, r.end_reason, r.is_complete, r.workday,
  a.name AS agent, g.name AS client_group, g.code AS client_group_code, v.name AS activity,
  r.agent_id, r.client_group_id, r.activity_id, r.jibble_activity_id,
  a.jibble_id AS agent_jibble_id, g.jibble_id AS client_group_jibble_id, v.jibble_id AS activity_jibble_id
FROM (
  SELECT s.started_at, s.ended_at, s.seconds, s.kind, s.end_reason, s.is_complete, s.workday, s.agent_id,
    s.client_group_id, s.activity_id, s.jibble_activity_id, true AS is_stored
  FROM timesheet.session_rollup AS s
  UNION ALL
  SELECT s.started_at, s.ended_at, s.seconds, s.kind, s.end_reason, s.is_complete, d.workday, s.agent_id,
    s.client_group_id, s.activity_id, s.jibble_activity_id, false
  FROM timesheet.stale_workdays AS d
  CROSS JOIN LATERAL timesheet.sessions(d.workday, d.workday + 1, d.only_agent) AS s
  WHERE s.agent_id = ANY (d.agents)
) AS r
-- LEFT, though each has a name: the planner must not think that few rows are left, or it reads all of them for a page.
LEFT JOIN timesheet.agent_names AS a ON a.agent_id = r.agent_id
LEFT JOIN timesheet.client_group_names AS g ON g.key = coalesce(r.client_group_id, 0)
LEFT JOIN timesheet.activity_names AS v ON v.key = coalesce(r.activity_id, 0)
WHERE (NOT r.is_stored
  OR NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = r.agent_id AND s.workday = r.workday))
  AND timesheet.require_every_row_when_planned()
  AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row());
COMMENT ON VIEW timesheet.session_log IS
  'Every work and break session, as timesheet.sessions() gives them, with names. Exact at every moment. Read long ones '
  'page by page, filtered by ids: ORDER BY started_at DESC, jibble_activity_id DESC, and from the second page on WHERE '
  '(started_at, jibble_activity_id) < the last row''s.';
CALL timesheet.set_grants('TABLE timesheet.session_log', 'SELECT TO timesheet_reader');
