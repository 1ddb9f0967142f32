CREATE OR REPLACE FUNCTION timesheet.before_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'entries, and the rules for them, cannot be changed in a % transaction, '
      'which does not see what was committed after it began', current_setting('transaction_isolation')
      USING ERRCODE = 'invalid_transaction_state', HINT = 'Use BEGIN ISOLATION LEVEL READ COMMITTED.';
  END IF;
  PERFORM timesheet.lock_writers();
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.before_change() IS
  'Trigger: takes the writers'' lock before anything about the change is looked at.';
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
