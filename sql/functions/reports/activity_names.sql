CREATE OR REPLACE VIEW timesheet.activity_names AS
SELECT v.activity_id AS key, v.activity_id, v.jibble_id, coalesce(v.name, '(unnamed activity)') AS name, v.code
FROM timesheet.activities AS v
WHERE timesheet.require_every_row_when_planned()
UNION ALL
SELECT 0, NULL, NULL, '(no activity)', NULL;
COMMENT ON VIEW timesheet.activity_names IS 'Activities by the key that rollups have; key 0 is no activity.';
CALL timesheet.set_grants('TABLE timesheet.activity_names', 'SELECT TO timesheet_reader');
