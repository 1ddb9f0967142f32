CREATE OR REPLACE FUNCTION timesheet.rules_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.mark_all_days();
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.rules_changed() IS
  'Trigger: marks every day when a rule of the sessions, their notes or the week changes.';
CREATE OR REPLACE TRIGGER rules_changed AFTER UPDATE ON timesheet.settings
  FOR EACH ROW
    WHEN ((OLD.max_session, OLD.overnight_switch, OLD.missing_clock_out, OLD.activity_after_break, OLD.long_session,
      OLD.week_starts_on) IS DISTINCT FROM (NEW.max_session, NEW.overnight_switch, NEW.missing_clock_out,
      NEW.activity_after_break, NEW.long_session, NEW.week_starts_on))
  EXECUTE FUNCTION timesheet.rules_changed();
CREATE OR REPLACE TRIGGER rules_inserted AFTER INSERT ON timesheet.settings
  FOR EACH ROW EXECUTE FUNCTION timesheet.rules_changed();
CALL timesheet.set_grants('FUNCTION timesheet.rules_changed()');
