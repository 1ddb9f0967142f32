CREATE OR REPLACE FUNCTION timesheet.clock_text(at timestamptz, said timestamptz, zone text, with_offset boolean)
RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT to_char(l.local, CASE WHEN l.local::date = (said AT TIME ZONE zone)::date THEN 'HH24:MI'
      ELSE 'Dy FMDD Mon YYYY, HH24:MI' END)
    || CASE WHEN with_offset THEN format(' UTC%s%s', CASE WHEN l.ahead < '0' THEN '-' ELSE '+' END,
      to_char(greatest(l.ahead, - l.ahead), 'HH24:MI')) ELSE '' END
  FROM (SELECT at AT TIME ZONE zone AS local, (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC') AS ahead) AS l
$$;
COMMENT ON FUNCTION timesheet.clock_text(timestamptz, timestamptz, text, boolean) IS
  'An instant by the clock of a zone, without its date where that is the date of what was said before, and with the '
  'offset to UTC where that is wanted.';
CALL timesheet.set_grants('FUNCTION timesheet.clock_text(timestamptz, timestamptz, text, boolean)');
