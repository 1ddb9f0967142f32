CREATE OR REPLACE FUNCTION timesheet.earlier_action(action text, request uuid) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  earlier record;
BEGIN
  IF request IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT o.action, o.result INTO earlier FROM timesheet.operator_actions AS o WHERE o.request = earlier_action.request;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF earlier.action <> earlier_action.action THEN
    RAISE EXCEPTION 'request % was for %, not for %', request, earlier.action, earlier_action.action
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give each form an id of its own.';
  END IF;
  RETURN jsonb_build_object('result', earlier.result);
END
$$;
COMMENT ON FUNCTION timesheet.earlier_action(text, uuid) IS
  'What an action of staff returned that was done under this request: {"result": …}; null if none was. Errors: '
  'invalid_parameter_value for a request of another action.';
CALL timesheet.set_grants('FUNCTION timesheet.earlier_action(text, uuid)');
