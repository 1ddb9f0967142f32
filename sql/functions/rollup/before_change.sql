CREATE OR REPLACE FUNCTION timesheet.before_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.require_read_committed();
  IF NOT timesheet.agents_are_locked() THEN
    PERFORM timesheet.lock_writers();
    PERFORM timesheet.name_corrections() WHERE TG_OP IN ('UPDATE', 'DELETE');
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.before_change() IS
  'Trigger: takes the writers'' lock before anything about the change is looked at, but not for a correction: see '
  'timesheet.lock_agents().';
CREATE OR REPLACE TRIGGER before_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON timesheet.time_entries
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.before_change();
CREATE OR REPLACE TRIGGER before_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON timesheet.hour_entries
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.before_change();
-- The lock before the row's, and no snapshot of the past: see before_change().
CREATE OR REPLACE TRIGGER before_change
  BEFORE UPDATE OF day_cutoff, max_session, overnight_switch, missing_clock_out, activity_after_break, long_session,
    week_starts_on, default_time_zone
  ON timesheet.settings
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.before_change();
CREATE OR REPLACE TRIGGER before_insert BEFORE INSERT ON timesheet.settings
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.before_change();
-- The lock before the row's: a session that derives client groups takes them in this order too.
CREATE OR REPLACE TRIGGER before_change BEFORE UPDATE ON timesheet.client_groups
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.before_change();
CALL timesheet.set_grants('FUNCTION timesheet.before_change()');
