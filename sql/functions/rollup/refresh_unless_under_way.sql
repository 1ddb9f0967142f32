-- For the job of every minute: what is marked by now is stored by the other refresh, or by the next minute's.
CREATE OR REPLACE FUNCTION timesheet.refresh_unless_under_way() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.reassign_changed_zones();
  BEGIN
    LOCK TABLE timesheet.refresh_lock IN SHARE UPDATE EXCLUSIVE MODE NOWAIT;
  EXCEPTION WHEN lock_not_available THEN
    RETURN NULL;
  END;
  RETURN timesheet.refresh();
END
$$;
COMMENT ON FUNCTION timesheet.refresh_unless_under_way() IS
  'timesheet.refresh(), or null at once while another transaction refreshes.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_unless_under_way()');
