CREATE OR REPLACE VIEW timesheet.activity_labels AS
SELECT l.id AS key, l.name AS label
FROM (
  SELECT array_agg(v.key) AS keys, array_agg(v.name) AS names, array_agg(v.code) AS codes
  FROM timesheet.activity_names AS v
) AS v
CROSS JOIN LATERAL timesheet.distinct_names(v.keys, v.names, v.codes, NULL) AS l;
COMMENT ON VIEW timesheet.activity_labels IS
  'The name of each activity, by the key that rollups have, as the dashboard shows it, no two alike: see '
  'timesheet.distinct_names().';
CALL timesheet.set_grants('TABLE timesheet.activity_labels', 'SELECT TO timesheet_reader');
