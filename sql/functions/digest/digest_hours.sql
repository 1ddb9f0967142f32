CREATE OR REPLACE VIEW timesheet.digest_hours AS
SELECT f.delivery_id, f.week, f.week < d.week AS is_correction, f.client_group_id, g.name AS client_group, f.agent_id,
  a.name AS agent, f.workday,
  f.work_seconds, f.unconfirmed_seconds, f.hours
FROM timesheet.digest_figures AS f
JOIN timesheet.digest_deliveries AS d USING (delivery_id)
JOIN timesheet.client_group_names AS g USING (client_group_id)
JOIN timesheet.agent_names AS a USING (agent_id)
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digest_hours IS
  'The numbers of each delivery as they were when it was queued, by agent and day; the names are those of now.';
COMMENT ON COLUMN timesheet.digest_hours.is_correction IS
  'Whether the numbers are of an earlier week, reported again as they had changed.';
CALL timesheet.set_grants('TABLE timesheet.digest_hours', 'SELECT TO timesheet_reader');
