-- Raw event ids must become visible in order, or normalise() would step over a late one. Another lock than
-- the writers', so that one run can be stored while the one before is derived; who takes both takes this one last.
CREATE OR REPLACE FUNCTION timesheet.lock_raw_events() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT timesheet.take_lock('raw_events_lock') $$;
COMMENT ON FUNCTION timesheet.lock_raw_events() IS
  'Held until its transaction ends by everything that adds raw events, or needs to know the last one.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_raw_events()');
