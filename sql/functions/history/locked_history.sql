-- A statement sees what was committed when it began; these rows are read after the agents were locked, by a later one.
CREATE OR REPLACE FUNCTION timesheet.locked_history(of_agents int[]) RETURNS SETOF timesheet.agent_history
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.lock_agents(of_agents);
  RETURN QUERY SELECT t.* FROM timesheet.agent_history AS t WHERE t.agent_id = ANY (of_agents);
END
$$;
COMMENT ON FUNCTION timesheet.locked_history(int[]) IS
  'The histories of these agents, locked by timesheet.lock_agents(): so that no correction changes them before what is '
  'made of them is committed.';
CALL timesheet.set_grants('FUNCTION timesheet.locked_history(int[])');
