CREATE OR REPLACE VIEW timesheet.agent_names AS
SELECT a.agent_id, a.jibble_id, coalesce(a.full_name, '(unnamed agent)') AS name, a.email,
  timesheet.usable_time_zone(a.time_zone) AS time_zone, a.status, a.code
FROM timesheet.agents AS a
WHERE timesheet.require_every_row_when_planned();
COMMENT ON VIEW timesheet.agent_names IS 'Agents with a name to show for each.';
CALL timesheet.set_grants('TABLE timesheet.agent_names', 'SELECT TO timesheet_reader');
