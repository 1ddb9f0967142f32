CREATE OR REPLACE VIEW timesheet.attendance AS
SELECT r.agent, r.workday, r.clock_in, r.clock_out, r.last_activity_at,
  r.time_zone, r.clock_in AT TIME ZONE r.time_zone AS clock_in_local,
  r.clock_out AT TIME ZONE r.time_zone AS clock_out_local,
  r.last_activity_at AT TIME ZONE r.time_zone AS last_activity_local,
  r.client_group, r.client_group_time_zone, r.clock_in AT TIME ZONE r.client_group_time_zone AS clock_in_client,
  r.clock_out AT TIME ZONE r.client_group_time_zone AS clock_out_client,
  r.last_activity_at AT TIME ZONE r.client_group_time_zone AS last_activity_client,
  r.work_seconds / 3600.0 AS work_hours, r.break_seconds / 3600.0 AS break_hours, r.notes,
  r.work_seconds, r.break_seconds, r.agent_id, r.client_group_id, r.agent_jibble_id, r.client_group_jibble_id,
  ARRAY(SELECT DISTINCT n.name FROM timesheet.client_group_names AS n
    WHERE n.key = ANY (r.client_groups) ORDER BY n.name) AS client_groups
FROM (
  SELECT a.name AS agent, r.workday, r.clock_in, r.clock_out, r.last_activity_at,
    coalesce(timesheet.usable_time_zone(r.time_zone), a.time_zone, (SELECT timesheet.default_time_zone())) AS time_zone,
    g.name AS client_group, g.time_zone AS client_group_time_zone,
    r.work_seconds, r.break_seconds, r.notes, r.agent_id, g.client_group_id, a.jibble_id AS agent_jibble_id,
    g.jibble_id AS client_group_jibble_id, r.client_groups
  FROM timesheet.attendance_rollup AS r
  JOIN timesheet.client_group_names AS g ON g.key = r.client_group_id
  JOIN timesheet.agent_names AS a ON a.agent_id = r.agent_id
  WHERE NOT EXISTS (SELECT FROM timesheet.stale_days AS s WHERE s.agent_id = r.agent_id AND s.workday = r.workday)
  UNION ALL
  SELECT a.name, d.workday, t.clock_in, t.clock_out, t.last_activity_at,
    coalesce(timesheet.usable_time_zone(t.time_zone), a.time_zone, (SELECT timesheet.default_time_zone())), g.name,
    g.time_zone,
    t.work_seconds, t.break_seconds, t.notes, t.agent_id, g.client_group_id, a.jibble_id, g.jibble_id, t.client_groups
  FROM timesheet.stale_workdays AS d
  CROSS JOIN LATERAL timesheet.attendance_days(d.workday, d.workday + 1, d.only_agent) AS t
  JOIN timesheet.agent_names AS a ON a.agent_id = t.agent_id
  JOIN timesheet.client_group_names AS g ON g.key = coalesce(t.client_group_id, 0)
  WHERE t.agent_id = ANY (d.agents)
) AS r
WHERE timesheet.require_every_row_when_planned()
  AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row());
COMMENT ON VIEW timesheet.attendance IS
  'A row per agent and workday with a live entry or manual hours: clock-in, clock-out (null unless an out closed the '
  'last session) and last activity (R9), as instants, in the working zone (…_local) and in the client group''s zone '
  '(…_client). notes: the codes of the day''s notes, with commas. client_groups: the names of all that got hours of '
  'the day, in order; client_group and the working zone are those of its last session (R2), without one of the manual '
  'hours, else of the last entry. Exact at every moment.';
CALL timesheet.set_grants('TABLE timesheet.attendance', 'SELECT TO timesheet_reader');
