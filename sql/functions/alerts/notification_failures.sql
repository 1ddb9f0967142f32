CREATE OR REPLACE FUNCTION timesheet.notification_failures() RETURNS TABLE (way text, problem text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT a.subject, a.detail FROM timesheet.alerts AS a
  WHERE a.kind = 'notification_failed' AND a.resolved_at IS NULL ORDER BY a.subject
$$;
COMMENT ON FUNCTION timesheet.notification_failures() IS
  'The ways by which alerts are not received, each with since when and why.';
CALL timesheet.set_grants('FUNCTION timesheet.notification_failures()', 'EXECUTE TO timesheet_ingest');
