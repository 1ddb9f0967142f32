CREATE OR REPLACE FUNCTION timesheet.operate_send_preview(actor text, email text, week date, recipient text,
  request uuid DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'send_preview', request);
  result bigint;
BEGIN
  IF done IS NOT NULL THEN
    RETURN (done ->> 'result')::bigint;
  END IF;
  result := timesheet.send_preview(email, week, recipient);
  PERFORM timesheet.record_action(actor, 'send_preview',
    jsonb_build_object('email', email, 'week', week, 'recipient', recipient), request, to_jsonb(result));
  RETURN result;
END
$$;
COMMENT ON FUNCTION timesheet.operate_send_preview(text, text, date, text, uuid) IS
  'timesheet.send_preview(), recorded in timesheet.operator_actions. Returns the delivery, as in timesheet.outbox.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_send_preview(text, text, date, text, uuid)',
  'EXECUTE TO timesheet_operator');
