CREATE OR REPLACE FUNCTION timesheet.operate_erase_agent(actor text, for_agent int,
  request uuid DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'erase_agent', request);
  result jsonb;
BEGIN
  IF done IS NOT NULL THEN
    RETURN done -> 'result';
  END IF;
  SELECT to_jsonb(e) INTO result FROM timesheet.erase_agent(for_agent) AS e;
  PERFORM timesheet.record_action(actor, 'erase_agent', jsonb_build_object('for_agent', for_agent), request, result);
  RETURN result;
END
$$;
COMMENT ON FUNCTION timesheet.operate_erase_agent(text, int, uuid) IS
  'timesheet.erase_agent(), recorded in timesheet.operator_actions. Returns what it returns, as an object.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_erase_agent(text, int, uuid)',
  'EXECUTE TO timesheet_operator');
