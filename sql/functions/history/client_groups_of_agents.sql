CREATE OR REPLACE FUNCTION timesheet.client_groups_of_agents(of_agents int[]) RETURNS int[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT array_agg(g.client_group_id ORDER BY g.client_group_id) FROM timesheet.client_groups AS g
  WHERE g.jibble_id IN (
      SELECT o.group_jibble_id FROM timesheet.agents AS a JOIN timesheet.attribute_history AS o USING (jibble_id)
      WHERE a.agent_id = ANY (of_agents) AND o.resource = 'People')
    OR g.client_group_id IN (
      SELECT c.client_group_id FROM timesheet.client_group_assignments AS c WHERE c.agent_id = ANY (of_agents))
$$;
COMMENT ON FUNCTION timesheet.client_groups_of_agents(int[]) IS
  'The client groups that Jibble or a correction ever gave to one of these agents: none but these can be in their '
  'histories. Null if there are none.';
CALL timesheet.set_grants('FUNCTION timesheet.client_groups_of_agents(int[])');
