-- A name for every id, also for none, which is 0 in the rollups.
-- The settings by subqueries: a join would have the planner expect hundreds of them.
CREATE OR REPLACE VIEW timesheet.client_group_names AS
SELECT g.client_group_id AS key, g.client_group_id, g.jibble_id, coalesce(g.name, '(unnamed client group)') AS name,
  g.code, coalesce(timesheet.usable_time_zone(g.time_zone), (SELECT timesheet.default_time_zone())) AS time_zone,
  coalesce(g.week_starts_on, (SELECT s.week_starts_on FROM timesheet.settings AS s)) AS week_starts_on
FROM timesheet.client_groups AS g
WHERE timesheet.require_every_row_when_planned()
UNION ALL
SELECT 0, NULL, NULL, '(no client group)', NULL,
  -- which raises, as then there is no row
  coalesce((SELECT timesheet.default_time_zone()), timesheet.require_every_row()::text),
  (SELECT s.week_starts_on FROM timesheet.settings AS s);
COMMENT ON VIEW timesheet.client_group_names IS
  'Client groups by the key that rollups have, with the effective zone and first weekday; key 0 is no client group.';
CALL timesheet.set_grants('TABLE timesheet.client_group_names', 'SELECT TO timesheet_reader');
