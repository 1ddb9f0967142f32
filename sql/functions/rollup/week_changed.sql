-- By the entries, not by what is stored: a refresh under way has not shown yet what it stores.
CREATE OR REPLACE FUNCTION timesheet.week_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.lock_writers();
  INSERT INTO timesheet.stale_days (agent_id, workday)
  SELECT e.agent_id, e.workday FROM timesheet.time_entries AS e
  WHERE e.client_group_id = NEW.client_group_id AND e.deleted_at IS NULL
  UNION
  SELECT h.agent_id, h.workday FROM timesheet.hour_entries AS h
  WHERE h.client_group_id = NEW.client_group_id AND h.deleted_at IS NULL
  ORDER BY 1, 2 -- as in mark_all_days()
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.week_changed() IS
  'Trigger: marks a client group''s days when its week begins on another day, or its reporting zone becomes known or '
  'unknown.';
CREATE OR REPLACE TRIGGER week_changed AFTER UPDATE ON timesheet.client_groups
  FOR EACH ROW
    WHEN ((OLD.week_starts_on, OLD.unknown_time_zone)
    IS DISTINCT FROM (NEW.week_starts_on, NEW.unknown_time_zone))
  EXECUTE FUNCTION timesheet.week_changed();
CALL timesheet.set_grants('FUNCTION timesheet.week_changed()');
