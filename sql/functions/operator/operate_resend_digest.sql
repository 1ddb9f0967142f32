CREATE OR REPLACE FUNCTION timesheet.operate_resend_digest(actor text, email text, week date,
  request uuid DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'resend_digest', request);
  result bigint;
BEGIN
  IF done IS NOT NULL THEN
    RETURN (done ->> 'result')::bigint;
  END IF;
  result := timesheet.resend_digest(email, week);
  PERFORM timesheet.record_action(actor, 'resend_digest', jsonb_build_object('email', email, 'week', week), request,
    to_jsonb(result));
  RETURN result;
END
$$;
COMMENT ON FUNCTION timesheet.operate_resend_digest(text, text, date, uuid) IS
  'timesheet.resend_digest(), recorded in timesheet.operator_actions. Returns the delivery.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_resend_digest(text, text, date, uuid)',
  'EXECUTE TO timesheet_operator');
