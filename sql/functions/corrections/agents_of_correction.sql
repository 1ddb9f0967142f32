CREATE OR REPLACE FUNCTION timesheet.agents_of_correction(for_agent int, for_client_group int) RETURNS int[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE WHEN for_agent IS NOT NULL THEN ARRAY[for_agent] ELSE (
    SELECT coalesce(array_agg(DISTINCT t.agent_id), '{}') FROM timesheet.agent_history AS t
    WHERE t.client_group_id = for_client_group) END
$$;
COMMENT ON FUNCTION timesheet.agents_of_correction(int, int) IS
  'The agents that a correction of timesheet.corrections can change: its agent, or without one each that was ever in '
  'its client group, as it may have entries there.';
CALL timesheet.set_grants('FUNCTION timesheet.agents_of_correction(int, int)');
