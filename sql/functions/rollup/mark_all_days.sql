CREATE OR REPLACE FUNCTION timesheet.mark_all_days() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.lock_writers();
  PERFORM timesheet.lock_agents(ARRAY(SELECT a.agent_id FROM timesheet.agents AS a)); -- corrections have ended
  INSERT INTO timesheet.stale_days (agent_id, workday)
  SELECT e.agent_id, e.workday FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL
  UNION
  SELECT h.agent_id, h.workday FROM timesheet.hour_entries AS h WHERE h.deleted_at IS NULL
  ORDER BY 1, 2 -- so that a step of a refresh computes days that lie close together
  ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION timesheet.mark_all_days() IS
  'Marks every agent''s every day, as a change of the session rules does.';
CALL timesheet.set_grants('FUNCTION timesheet.mark_all_days()');
