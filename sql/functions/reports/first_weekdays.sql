CREATE OR REPLACE VIEW timesheet.first_weekdays AS
SELECT DISTINCT g.week_starts_on FROM timesheet.client_group_names AS g;
COMMENT ON VIEW timesheet.first_weekdays IS
  'The weekdays on which the week of some client group begins (ISO, 1 Monday to 7 Sunday): one or two, mostly.';
CALL timesheet.set_grants('TABLE timesheet.first_weekdays');
