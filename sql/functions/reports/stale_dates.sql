-- What a report's filter on days or weeks is put on, before a stale day is looked at or the engine asked: after a
-- change of the settings all of them are stale. An entry of an absurd date must not make the list long: what lies far
-- from today is listed day by day.
CREATE OR REPLACE VIEW timesheet.stale_dates AS
SELECT n.workday
FROM (
  SELECT greatest((SELECT min(s.workday) FROM timesheet.stale_days AS s), current_date - 7305) AS first_day,
    -- least() would be the bound where nothing is stale; this is null, and no date is listed.
    (SELECT m.workday - greatest(m.workday - (current_date + 366), 0)
     FROM (SELECT max(s.workday) AS workday FROM timesheet.stale_days AS s) AS m) AS last_day
) AS b
CROSS JOIN LATERAL timesheet.dates_between(b.first_day, b.last_day) AS n (workday)
WHERE timesheet.require_every_row_when_planned()
UNION ALL
(SELECT DISTINCT s.workday FROM timesheet.stale_days AS s WHERE s.workday < current_date - 7305)
UNION ALL
(SELECT DISTINCT s.workday FROM timesheet.stale_days AS s WHERE s.workday > current_date + 366);
COMMENT ON VIEW timesheet.stale_dates IS
  'The dates among which every stale day is, each once: all from the first stale day to the last, at most 20 years '
  'back and a year ahead, and beyond these the stale ones.';
CALL timesheet.set_grants('TABLE timesheet.stale_dates');
