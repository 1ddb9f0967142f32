CREATE OR REPLACE VIEW timesheet.notes AS
SELECT n.workday, n.code, a.name AS agent, g.name AS client_group, n.at,
  n.at AT TIME ZONE coalesce(a.time_zone, g.time_zone) AS at_local, n.detail,
  n.agent_id, g.client_group_id, n.jibble_activity_id
FROM timesheet.note_rollup AS n
JOIN timesheet.agent_names AS a ON a.agent_id = n.agent_id
JOIN timesheet.client_group_names AS g ON g.key = n.client_group_id
WHERE NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = n.agent_id AND s.workday = n.workday)
  AND timesheet.require_every_row_when_planned()
  AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row())
UNION ALL
SELECT d.workday, n.code, a.name, g.name, n.at, n.at AT TIME ZONE coalesce(a.time_zone, g.time_zone), n.detail,
  n.agent_id, g.client_group_id, n.jibble_activity_id
FROM timesheet.stale_workdays AS d
CROSS JOIN LATERAL timesheet.derived_notes(d.workday, d.workday + 1, d.only_agent) AS n
JOIN timesheet.agent_names AS a ON a.agent_id = n.agent_id
JOIN timesheet.client_group_names AS g ON g.key = coalesce(n.client_group_id, 0)
WHERE n.agent_id = ANY (d.agents)
UNION ALL
SELECT n.workday, n.code, a.name, g.name, n.at, n.at AT TIME ZONE coalesce(a.time_zone, g.time_zone), n.detail,
  n.agent_id, g.client_group_id, n.jibble_activity_id
FROM timesheet.rejected_entry_notes(NULL, NULL, NULL) AS n
LEFT JOIN timesheet.agent_names AS a ON a.agent_id = n.agent_id
JOIN timesheet.client_group_names AS g ON g.key = 0;
COMMENT ON VIEW timesheet.notes IS
  'What a person should know (R13), as timesheet.notes() gives it, with names; at_local is in the agent''s present '
  'working zone. Exact at every moment.';
CALL timesheet.set_grants('TABLE timesheet.notes', 'SELECT TO timesheet_reader');
