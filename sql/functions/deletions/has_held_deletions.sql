CREATE OR REPLACE FUNCTION timesheet.has_held_deletions() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT EXISTS (SELECT FROM timesheet.held_deletions) $$;
COMMENT ON FUNCTION timesheet.has_held_deletions() IS
  'Whether anything is held back. Where not, a run that holds nothing back either need not say so.';
CALL timesheet.set_grants('FUNCTION timesheet.has_held_deletions()', 'EXECUTE TO timesheet_ingest');
