CREATE OR REPLACE FUNCTION timesheet.operate_update_settings(actor text, changes jsonb, seen jsonb DEFAULT NULL,
  request uuid DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'update_settings', request);
  result jsonb;
BEGIN
  IF done IS NOT NULL THEN
    RETURN done -> 'result';
  END IF;
  result := timesheet.update_settings(changes, seen);
  PERFORM timesheet.record_action(actor, 'update_settings',
    jsonb_build_object('changes', changes, 'seen', seen), request,
    to_jsonb(result));
  RETURN result;
END
$$;
COMMENT ON FUNCTION timesheet.operate_update_settings(text, jsonb, jsonb, uuid) IS
  'timesheet.update_settings(), recorded in timesheet.operator_actions. Returns the settings as they are then.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_update_settings(text, jsonb, jsonb, uuid)',
  'EXECUTE TO timesheet_operator');
