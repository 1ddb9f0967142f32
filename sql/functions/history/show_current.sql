-- An override may begin in the future: what is current changes with the clock, too. An agent that another transaction
-- has locked is left out: it does the same, or the next run does.
CREATE OR REPLACE FUNCTION timesheet.show_current(of_agents int[]) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  UPDATE timesheet.agents AS a SET time_zone = t.time_zone, client_group_id = t.client_group_id
  FROM (
    SELECT o.agent_id, t.time_zone, t.client_group_id
    FROM timesheet.agents AS o
    JOIN (
      SELECT DISTINCT ON (t.agent_id) t.agent_id, t.time_zone, t.client_group_id
      FROM timesheet.agent_history AS t
      WHERE t.agent_id = ANY (of_agents) AND t.valid_from <= now()
      ORDER BY t.agent_id, t.valid_from DESC
    ) AS t ON t.agent_id = o.agent_id
    WHERE (o.time_zone, o.client_group_id) IS DISTINCT FROM (t.time_zone, t.client_group_id)
    FOR NO KEY UPDATE OF o SKIP LOCKED
  ) AS t
  WHERE t.agent_id = a.agent_id
$$;
COMMENT ON FUNCTION timesheet.show_current(int[]) IS 'Copies the current zone and client group to timesheet.agents.';
CALL timesheet.set_grants('FUNCTION timesheet.show_current(int[])');
