-- Nothing is waited for, so no part of the transaction has to be undone where a lock cannot be had; and an agent that
-- this transaction has locked before costs no WAL.
CREATE OR REPLACE FUNCTION timesheet.lock_free_agents(of_agents int[]) RETURNS int[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RETURN (
    WITH free AS MATERIALIZED (
      SELECT a.agent_id FROM timesheet.agents AS a WHERE a.agent_id = ANY (of_agents)
      ORDER BY a.agent_id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT array_agg(a.agent_id ORDER BY a.agent_id) FROM timesheet.agents AS a
    WHERE a.agent_id = ANY (of_agents) AND a.agent_id NOT IN (SELECT f.agent_id FROM free AS f));
END
$$;
COMMENT ON FUNCTION timesheet.lock_free_agents(int[]) IS
  'Locks those of these agents that no other transaction has locked, until the transaction ends. Returns the others, '
  'null if there are none.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_free_agents(int[])');
