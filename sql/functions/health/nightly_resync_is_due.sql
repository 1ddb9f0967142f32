-- A night begins at 03:00 of settings.default_time_zone.
CREATE OR REPLACE FUNCTION timesheet.nightly_resync_is_due(at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT (SELECT timesheet.require_every_row()) AND NOT EXISTS (
    SELECT FROM timesheet.ingest_runs AS r CROSS JOIN (SELECT timesheet.default_time_zone()) AS z (zone)
    WHERE r.command = 'nightly' AND r.status = 'succeeded' AND r.started_at <= at
      AND r.started_at >= (date_trunc('day', (at AT TIME ZONE z.zone) - interval '3 hours') + interval '3 hours')
        AT TIME ZONE z.zone)
$$;
COMMENT ON FUNCTION timesheet.nightly_resync_is_due(timestamptz) IS
  'Whether the nightly read of 35 days has not succeeded since the last 03:00 in settings.default_time_zone.';
CALL timesheet.set_grants('FUNCTION timesheet.nightly_resync_is_due(timestamptz)', 'EXECUTE TO timesheet_ingest');
