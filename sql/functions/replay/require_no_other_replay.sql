CREATE OR REPLACE FUNCTION timesheet.require_no_other_replay() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  other timesheet.replays;
BEGIN
  SELECT r.* INTO other FROM timesheet.replays AS r;
  IF FOUND THEN
    RAISE EXCEPTION 'this replay was given up, as another call began one of %',
      timesheet.bounds_text(other.since, other.until)
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Wait for that, then call this one again.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_no_other_replay() IS
  'For a call whose replay is gone: another call has finished it, or has begun another one, which is an error.';
CALL timesheet.set_grants('FUNCTION timesheet.require_no_other_replay()');
