-- generate_series() would be taken for a thousand rows, and the reports on it for costly enough to be compiled (JIT),
-- which takes seconds.
CREATE OR REPLACE FUNCTION timesheet.dates_between(first_day date, last_day date) RETURNS SETOF date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT first_day + n FROM generate_series(0, last_day - first_day) AS n
$$;
COMMENT ON FUNCTION timesheet.dates_between(date, date) IS
  'The dates from the first to the last, both included; none where one of them is null.';
CALL timesheet.set_grants('FUNCTION timesheet.dates_between(date, date)', 'EXECUTE TO timesheet_reader');
