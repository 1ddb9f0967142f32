-- R11. 2000-01-03 was a Monday. Views have it inlined into queries of any search_path: what is parsed here is not
-- parsed there.
CREATE OR REPLACE FUNCTION timesheet.week_start(day date, starts_on int) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day - ((day - date '2000-01-02' - starts_on) % 7 + 7) % 7;
COMMENT ON FUNCTION timesheet.week_start(date, int) IS
  'The first day of the week that holds day; starts_on is ISO, 1 Monday to 7 Sunday.';
CALL timesheet.set_grants('FUNCTION timesheet.week_start(date, int)', 'EXECUTE TO timesheet_reader');
