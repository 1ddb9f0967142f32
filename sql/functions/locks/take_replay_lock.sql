CREATE OR REPLACE FUNCTION timesheet.take_replay_lock() RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.take_lock('replay_lock') $$;
COMMENT ON FUNCTION timesheet.take_replay_lock() IS
  'Takes the replay lock, so that no other timesheetd replay runs until this transaction ends; as '
  'timesheet.take_ingest_lock() does. Errors: lock_not_available.';
CALL timesheet.set_grants('FUNCTION timesheet.take_replay_lock()', 'EXECUTE TO timesheet_ingest');
