-- The local date decides, so that a day has one briefing whatever the clock does: where DST skips the time it is due
-- with the next minute that there is, and where DST repeats it, it was made already. A briefing just before midnight is
-- still due in the hour after it, as no pass may fall into its last minutes.
CREATE OR REPLACE FUNCTION timesheet.briefing_day(at timestamptz DEFAULT now()) RETURNS date
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE WHEN d.day = l.local::date OR l.local < d.day + s.briefing_time + interval '1 hour' THEN d.day END
  FROM timesheet.settings AS s
  CROSS JOIN LATERAL (SELECT at AT TIME ZONE timesheet.default_time_zone()) AS l (local)
  CROSS JOIN LATERAL (SELECT (l.local - s.briefing_time::interval)::date) AS d (day)
$$;
COMMENT ON FUNCTION timesheet.briefing_day(timestamptz) IS
  'The date, in settings.default_time_zone, whose morning briefing is due at this instant, whether or not it was made '
  'already; null before settings.briefing_time.';
CALL timesheet.set_grants('FUNCTION timesheet.briefing_day(timestamptz)');
