CREATE OR REPLACE FUNCTION timesheet.assign_client_group(for_agent int, for_client_group int, since timestamptz)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.require_writable();
  IF for_agent IS NULL OR for_client_group IS NULL OR since IS NULL THEN
    RAISE EXCEPTION 'an assignment needs an agent, a client group and a start, not agent %, client group %, since %',
      coalesce(for_agent::text, 'null'), coalesce(for_client_group::text, 'null'), coalesce(since::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give all three; the start may be -infinity.';
  END IF;
  IF since = 'infinity' THEN
    RAISE EXCEPTION 'since must be an instant or -infinity, not infinity'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the instant from which the agent was in the group.';
  END IF;
  PERFORM timesheet.require_known(for_agent, for_client_group);

  INSERT INTO timesheet.client_group_assignments (agent_id, client_group_id, since)
  VALUES (for_agent, for_client_group, assign_client_group.since);
  RETURN timesheet.correct_agents(for_agent, for_client_group);
END
$$;
COMMENT ON FUNCTION timesheet.assign_client_group(int, int, timestamptz) IS
  'Corrects which client group an agent was in from an instant on, until Jibble shows a later change. Returns how many '
  'entries changed. Errors: invalid_parameter_value.';
CALL timesheet.set_grants('FUNCTION timesheet.assign_client_group(int, int, timestamptz)');
