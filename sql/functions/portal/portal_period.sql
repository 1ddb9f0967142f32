-- From both ends, so that no date is one that cannot be calculated with.
CREATE OR REPLACE FUNCTION timesheet.portal_period(INOUT since date, INOUT until date)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT least(greatest(since, t.today - 400), t.today + 400), greatest(least(until, t.today + 400), t.today - 400)
  FROM (SELECT (now() + interval '14 hours')::date) AS t (today) -- where the day begins first
$$;
COMMENT ON FUNCTION timesheet.portal_period(date, date) IS
  'The days of [since, until), null for unbounded, that the portal shows: at most 400 days back and 400 ahead.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_period(date, date)');
