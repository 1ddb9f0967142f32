CREATE OR REPLACE FUNCTION timesheet.lock_refresh() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.take_lock('refresh_lock') $$;
COMMENT ON FUNCTION timesheet.lock_refresh() IS
  'Held by timesheet.refresh() until its transaction ends, so that no older result is stored over a newer one.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_refresh()');
