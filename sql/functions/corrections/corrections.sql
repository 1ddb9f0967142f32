CREATE OR REPLACE VIEW timesheet.corrections AS
SELECT c.correction_id, c.kind, c.agent_id, c.client_group_id, c.since, c.time_zone, c.day_cutoff, c.created_at,
  c.actor, c.revoked_at, c.since_date
FROM (
  SELECT a.correction_id, 'client_group' AS kind, a.agent_id, a.client_group_id, a.since, NULL::text AS time_zone,
    NULL::time AS day_cutoff, a.created_at, a.actor, a.revoked_at, NULL::date AS since_date
  FROM timesheet.client_group_assignments AS a
  UNION ALL
  SELECT w.correction_id, 'working_time', w.agent_id, w.client_group_id,
    w.since::timestamp AT TIME ZONE coalesce(timesheet.usable_time_zone(w.time_zone),
      timesheet.usable_time_zone(a.time_zone), timesheet.usable_time_zone(g.time_zone), timesheet.default_time_zone()),
    w.time_zone, w.day_cutoff, w.created_at, w.actor, w.revoked_at, w.since
  FROM timesheet.working_time_overrides AS w
  LEFT JOIN timesheet.agents AS a ON a.agent_id = w.agent_id
  LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = w.client_group_id
) AS c
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.corrections IS
  'Corrections of what Jibble shows, those that were taken back as well: by timesheet.assign_client_group() (kind '
  'client_group) and by timesheet.set_working_time() (working_time).';
COMMENT ON COLUMN timesheet.corrections.since IS
  'From when it counts. Of a working time this is midnight of since_date in its own zone, or without one in the zone '
  'that the agent or the client group has now: the rules take the zone of that day.';
COMMENT ON COLUMN timesheet.corrections.since_date IS 'The first workday of a working time; null for a client group.';
COMMENT ON COLUMN timesheet.corrections.actor IS 'Who made it; null: the owner of the schema, in SQL.';
COMMENT ON COLUMN timesheet.corrections.revoked_at IS 'When it was taken back; null: it counts.';
CALL timesheet.set_grants('TABLE timesheet.corrections', 'SELECT TO timesheet_reader');
