CREATE OR REPLACE VIEW timesheet.agent_labels AS
SELECT l.id AS agent_id, l.name AS label
FROM (
  SELECT array_agg(a.agent_id) AS ids, array_agg(a.name) AS names, array_agg(a.code) AS codes,
    array_agg(a.email) AS emails
  FROM timesheet.agent_names AS a
) AS a
CROSS JOIN LATERAL timesheet.distinct_names(a.ids, a.names, a.codes, a.emails) AS l;
COMMENT ON VIEW timesheet.agent_labels IS
  'The name of each agent as the dashboard shows it, no two alike: see timesheet.distinct_names().';
CALL timesheet.set_grants('TABLE timesheet.agent_labels', 'SELECT TO timesheet_reader');
