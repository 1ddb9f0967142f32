CREATE OR REPLACE FUNCTION timesheet.operate_resubscribe(actor text, email text, request uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'resubscribe', request);
BEGIN
  IF done IS NOT NULL THEN
    RETURN;
  END IF;
  UPDATE timesheet.contacts AS c SET unsubscribed_at = NULL, subscribed_since = now()
  WHERE c.contact_id = timesheet.contact_id(email) AND c.unsubscribed_at IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% has not unsubscribed', email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'The address receives digests while Airtable lists it.';
  END IF;
  PERFORM timesheet.record_action(actor, 'resubscribe', jsonb_build_object('email', email), request);
END
$$;
COMMENT ON FUNCTION timesheet.operate_resubscribe(text, text, uuid) IS
  'Sends digests again to a contact that had unsubscribed and asks for them. Recorded in timesheet.operator_actions. '
  'Errors: no_data_found for an unknown address, object_not_in_prerequisite_state if it had not unsubscribed.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_resubscribe(text, text, uuid)',
  'EXECUTE TO timesheet_operator');
