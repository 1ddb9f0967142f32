CREATE OR REPLACE FUNCTION timesheet.take_digest_lock() RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.take_lock('digest_lock') $$;
COMMENT ON FUNCTION timesheet.take_digest_lock() IS
  'Takes the digest lock, so that no other session sends until this transaction ends; as timesheet.take_ingest_lock() '
  'does. Errors: lock_not_available.';
CALL timesheet.set_grants('FUNCTION timesheet.take_digest_lock()', 'EXECUTE TO timesheet_ingest');
