CREATE OR REPLACE FUNCTION timesheet.agents_are_locked() RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$ SELECT coalesce(current_setting('timesheet.agents_are_locked', true), '') IN ('on', 'true') $$;
COMMENT ON FUNCTION timesheet.agents_are_locked() IS
  'A correction is at work, which locked the agents whose entries it changes, and says so by the setting '
  'timesheet.agents_are_locked. Who sets that by hand may be ended by deadlock_detected; no mark is missed, as '
  'mark_time_entries() locks them again.';
CALL timesheet.set_grants('FUNCTION timesheet.agents_are_locked()');
