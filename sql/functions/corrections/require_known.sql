-- One check for both corrections, so that both give the same errors.
CREATE OR REPLACE FUNCTION timesheet.require_known(for_agent int, for_client_group int) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF for_agent IS NOT NULL AND NOT EXISTS (SELECT FROM timesheet.agents AS a WHERE a.agent_id = for_agent) THEN
    RAISE EXCEPTION 'there is no agent %', for_agent
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Take an agent_id of timesheet.agents.';
  END IF;
  IF for_client_group IS NOT NULL
    AND NOT EXISTS (SELECT FROM timesheet.client_groups AS g WHERE g.client_group_id = for_client_group) THEN
    RAISE EXCEPTION 'there is no client group %', for_client_group
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Take a client_group_id of timesheet.client_groups.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_known(int, int) IS
  'Raises invalid_parameter_value if the agent or the client group does not exist; null is no question.';
CALL timesheet.set_grants('FUNCTION timesheet.require_known(int, int)');
