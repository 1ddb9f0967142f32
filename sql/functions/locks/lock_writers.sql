CREATE OR REPLACE FUNCTION timesheet.lock_writers() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.take_lock('writers_lock') $$;
COMMENT ON FUNCTION timesheet.lock_writers() IS
  'Held until its transaction ends by everything that writes what is derived, except corrections, so that writers '
  'come one after another; see timesheet.lock_agents().';
CALL timesheet.set_grants('FUNCTION timesheet.lock_writers()');
