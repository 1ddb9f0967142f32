-- Nothing is left of what was stored either.
CREATE OR REPLACE FUNCTION timesheet.entries_truncated() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  INSERT INTO timesheet.stale_days (agent_id, workday)
  SELECT r.agent_id, r.workday FROM timesheet.daily_rollup AS r
  UNION SELECT r.agent_id, r.workday FROM timesheet.session_rollup AS r
  UNION SELECT r.agent_id, r.workday FROM timesheet.note_rollup AS r
  UNION SELECT r.agent_id, r.workday FROM timesheet.attendance_rollup AS r
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.entries_truncated() IS 'Trigger: marks every stored day.';
CREATE OR REPLACE TRIGGER entries_truncated AFTER TRUNCATE ON timesheet.time_entries
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.entries_truncated();
CREATE OR REPLACE TRIGGER entries_truncated AFTER TRUNCATE ON timesheet.hour_entries
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.entries_truncated();
CALL timesheet.set_grants('FUNCTION timesheet.entries_truncated()');
