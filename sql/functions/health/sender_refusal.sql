CREATE OR REPLACE FUNCTION timesheet.sender_refusal() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT 'since ' || timesheet.office_time_text(a.since) || ': ' || a.detail FROM timesheet.alerts AS a
  WHERE a.kind = 'sender_refused' AND a.resolved_at IS NULL
$$;
COMMENT ON FUNCTION timesheet.sender_refusal() IS
  'Since when the e-mail provider refuses what all digests have in common, with its answer and the remedy; null where '
  'it does not, or no digest was sent since.';
CALL timesheet.set_grants('FUNCTION timesheet.sender_refusal()', 'EXECUTE TO timesheet_ingest');
