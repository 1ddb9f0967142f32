-- A night begins at 03:00 of settings.default_time_zone: the first time, where DST repeats that hour.
CREATE OR REPLACE FUNCTION timesheet.nightly_resync_is_due(at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH night AS (
    SELECT z.zone, date_trunc('day', (at AT TIME ZONE z.zone) - interval '3 hours') + interval '3 hours' AS local
    FROM (SELECT timesheet.default_time_zone()) AS z (zone)
  )
  SELECT (SELECT timesheet.require_every_row()) AND NOT EXISTS (
    SELECT FROM timesheet.ingest_runs AS r
    WHERE r.command = 'nightly' AND r.status = 'succeeded' AND r.started_at <= at
      AND r.started_at >= (
        -- AT TIME ZONE takes the later one of two.
        SELECT min(b.began) FROM night AS n
        CROSS JOIN unnest(ARRAY['0', '30 minutes', '1 hour', '2 hours']::interval[]) AS d (earlier)
        CROSS JOIN LATERAL (SELECT n.local AT TIME ZONE n.zone - d.earlier AS began) AS b
        WHERE d.earlier = '0' OR b.began AT TIME ZONE n.zone = n.local))
$$;
COMMENT ON FUNCTION timesheet.nightly_resync_is_due(timestamptz) IS
  'Whether the nightly read of 35 days has not succeeded since the last 03:00 in settings.default_time_zone.';
CALL timesheet.set_grants('FUNCTION timesheet.nightly_resync_is_due(timestamptz)', 'EXECUTE TO timesheet_ingest');
