-- Nothing is tried: a query that runs in parallel can catch no error.
CREATE OR REPLACE FUNCTION timesheet.try_date(given text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN given ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' AND given !~ '^0000' THEN
    CASE WHEN right(given, 2)::int <= extract(day
      FROM make_date(left(given, 4)::int, substr(given, 6, 2)::int, 1) + interval '1 month' - interval '1 day')
      THEN make_date(left(given, 4)::int, substr(given, 6, 2)::int, right(given, 2)::int) END
  END
$$;
COMMENT ON FUNCTION timesheet.try_date(text) IS 'The text as a date (YYYY-MM-DD), or null where it is none.';
CALL timesheet.set_grants('FUNCTION timesheet.try_date(text)');
