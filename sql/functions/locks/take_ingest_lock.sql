CREATE OR REPLACE FUNCTION timesheet.take_ingest_lock() RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.take_lock('ingest_lock') $$;
COMMENT ON FUNCTION timesheet.take_ingest_lock() IS
  'Takes the ingest lock, so that no other pass reads Jibble until this transaction ends. For a connection '
  'that does nothing else, in a READ COMMITTED transaction: so it holds back no vacuum. Errors: lock_not_available.';
CALL timesheet.set_grants('FUNCTION timesheet.take_ingest_lock()', 'EXECUTE TO timesheet_ingest');
