CREATE OR REPLACE FUNCTION timesheet.alert_period_text(began timestamptz, last_at timestamptz, ended timestamptz,
  times bigint, zone text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH local AS ( -- of two times on one day, the second one has no date
    SELECT timesheet.clock_text(began, NULL, zone, z.is_changed) AS began,
      timesheet.clock_text(last_at, began, zone, z.is_changed) AS last_at,
      timesheet.clock_text(ended, CASE WHEN times = 1 THEN began ELSE last_at END, zone, z.is_changed) AS ended
    FROM (SELECT (greatest(last_at, ended) AT TIME ZONE zone) - (began AT TIME ZONE zone)
        <> greatest(last_at, ended) - began) AS z (is_changed) -- the clocks were put forward or back between them
  )
  SELECT CASE WHEN times = 1 THEN 'began ' || l.began 
      ELSE format('%s times between %s and %s', times, l.began, l.last_at) END
    || CASE WHEN ended IS NULL THEN CASE WHEN times = 1 THEN '' ELSE ', not over' END
      ELSE CASE WHEN times = 1 THEN ', over ' ELSE ', over since ' END || l.ended END
    || ' (' || timesheet.time_zone_label(zone) || ')'
  FROM local AS l
$$;
COMMENT ON FUNCTION timesheet.alert_period_text(timestamptz, timestamptz, timestamptz, bigint, text) IS
  'When an alert was open, in words: began Wed 18 Nov 2026, 10:02, over 10:31 (Asia/Manila). Of several (times): when '
  'the first one began and the last one ended, or began if it is not over (ended is null).';
CALL timesheet.set_grants('FUNCTION timesheet.alert_period_text(timestamptz, timestamptz, timestamptz, bigint, text)');
