-- Of seven, not of all client groups: an estimate of many would make the reports look costly, and be compiled (JIT).
CREATE OR REPLACE VIEW timesheet.first_weekdays AS
SELECT w.week_starts_on FROM (VALUES (1), (2), (3), (4), (5), (6), (7)) AS w (week_starts_on)
WHERE w.week_starts_on IN (SELECT g.week_starts_on FROM timesheet.client_group_names AS g);
COMMENT ON VIEW timesheet.first_weekdays IS
  'The weekdays on which the week of some client group begins (ISO, 1 Monday to 7 Sunday): one or two, mostly.';
CALL timesheet.set_grants('TABLE timesheet.first_weekdays');
