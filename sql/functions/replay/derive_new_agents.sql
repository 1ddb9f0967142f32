CREATE OR REPLACE FUNCTION timesheet.derive_new_agents(after_agent int) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  new_agents CONSTANT int[] := (SELECT array_agg(a.agent_id) FROM timesheet.agents AS a
    WHERE a.agent_id > after_agent
      AND NOT EXISTS (SELECT FROM timesheet.agent_history AS t WHERE t.agent_id = a.agent_id));
BEGIN
  PERFORM timesheet.rebuild_agent_history(new_agents), timesheet.reassign_workdays(new_agents)
  WHERE new_agents IS NOT NULL;
END
$$;
COMMENT ON FUNCTION timesheet.derive_new_agents(int) IS
  'Derives the history of agents after this one that have none, as only an entry has named them so far, and assigns '
  'the workdays of their entries.';
CALL timesheet.set_grants('FUNCTION timesheet.derive_new_agents(int)');
