CREATE OR REPLACE FUNCTION timesheet.take_refresh_lock_at_once() RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  LOCK TABLE timesheet.refresh_lock IN SHARE UPDATE EXCLUSIVE MODE NOWAIT;
  RETURN true;
EXCEPTION WHEN lock_not_available THEN
  RETURN false;
END
$$;
COMMENT ON FUNCTION timesheet.take_refresh_lock_at_once() IS
  'As timesheet.lock_refresh(), or false at once while another transaction refreshes.';
CALL timesheet.set_grants('FUNCTION timesheet.take_refresh_lock_at_once()');
