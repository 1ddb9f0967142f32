CREATE OR REPLACE FUNCTION timesheet.require_writable() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.require_every_row();
  IF current_setting('session_replication_role') = 'replica' THEN
    RAISE EXCEPTION 'session_replication_role is replica, so that no trigger marks the days that change'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'SET session_replication_role = origin.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_writable() IS
  'Fails where a write could go wrong silently: as timesheet.require_every_row(), and where triggers do not fire.';
CALL timesheet.set_grants('FUNCTION timesheet.require_writable()');
