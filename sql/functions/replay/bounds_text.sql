CREATE OR REPLACE FUNCTION timesheet.bounds_text(since date, until date) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE WHEN since IS NULL AND until IS NULL THEN 'all workdays'
    WHEN until IS NULL THEN 'the workdays from ' || since
    WHEN since IS NULL THEN 'the workdays before ' || until
    ELSE format('the workdays from %s to before %s', since, until) END
$$;
COMMENT ON FUNCTION timesheet.bounds_text(date, date) IS 'The workdays in [since, until) in words.';
CALL timesheet.set_grants('FUNCTION timesheet.bounds_text(date, date)');
