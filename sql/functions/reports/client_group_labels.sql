CREATE OR REPLACE VIEW timesheet.client_group_labels AS
SELECT l.id AS key, l.name AS label
FROM (
  SELECT array_agg(g.key) AS keys, array_agg(g.name) AS names, array_agg(g.code) AS codes
  FROM timesheet.client_group_names AS g
) AS g
CROSS JOIN LATERAL timesheet.distinct_names(g.keys, g.names, g.codes, NULL) AS l;
COMMENT ON VIEW timesheet.client_group_labels IS
  'The name of each client group, by the key that rollups have, as the dashboard shows it, no two alike: see '
  'timesheet.distinct_names().';
CALL timesheet.set_grants('TABLE timesheet.client_group_labels', 'SELECT TO timesheet_reader');
