CREATE OR REPLACE FUNCTION timesheet.agents_of_correction(kind text, for_agent int, for_client_group int) RETURNS int[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT coalesce(array_agg(DISTINCT t.agent_id), '{}') FROM timesheet.agent_history AS t
  WHERE t.agent_id = for_agent OR kind = 'working_time' AND t.client_group_id = for_client_group
$$;
COMMENT ON FUNCTION timesheet.agents_of_correction(text, int, int) IS
  'The agents that a correction of timesheet.corrections can change: the agent itself, or each that was ever in the '
  'client group, as it may have entries there.';
CALL timesheet.set_grants('FUNCTION timesheet.agents_of_correction(text, int, int)');
