-- The cut-off and the default zone decide workdays: a change of them assigns all again.
CREATE OR REPLACE FUNCTION timesheet.settings_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  everybody int[];
BEGIN
  PERFORM timesheet.lock_writers();
  SELECT array_agg(a.agent_id) INTO everybody FROM timesheet.agents AS a;
  PERFORM timesheet.rebuild_agent_history(everybody), timesheet.reassign_workdays(everybody)
    WHERE everybody IS NOT NULL;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.settings_changed() IS
  'Trigger: assigns every workday again when day_cutoff or default_time_zone changes.';
CREATE OR REPLACE TRIGGER settings_changed AFTER UPDATE ON timesheet.settings
  FOR EACH ROW WHEN ((OLD.day_cutoff, OLD.default_time_zone) IS DISTINCT FROM (NEW.day_cutoff, NEW.default_time_zone))
  EXECUTE FUNCTION timesheet.settings_changed();
-- Where the row was lost, its defaults are a change too.
CREATE OR REPLACE TRIGGER settings_inserted AFTER INSERT ON timesheet.settings
  FOR EACH ROW EXECUTE FUNCTION timesheet.settings_changed();
CALL timesheet.set_grants('FUNCTION timesheet.settings_changed()');
