CREATE OR REPLACE FUNCTION timesheet.mark_hour_entries() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO timesheet.stale_days (agent_id, workday)
    SELECT DISTINCT o.agent_id, o.workday FROM old_rows AS o WHERE o.deleted_at IS NULL ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO timesheet.stale_days (agent_id, workday)
    SELECT DISTINCT n.agent_id, n.workday FROM new_rows AS n WHERE n.deleted_at IS NULL ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.mark_hour_entries() IS 'Trigger: marks the days that a change of hour entries touches.';
CREATE OR REPLACE TRIGGER mark_inserted AFTER INSERT ON timesheet.hour_entries
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheet.mark_hour_entries();
CREATE OR REPLACE TRIGGER mark_updated AFTER UPDATE ON timesheet.hour_entries
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.mark_hour_entries();
CREATE OR REPLACE TRIGGER mark_deleted AFTER DELETE ON timesheet.hour_entries
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheet.mark_hour_entries();
CALL timesheet.set_grants('FUNCTION timesheet.mark_hour_entries()');
