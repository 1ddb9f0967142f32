CREATE OR REPLACE FUNCTION timesheet.operate_erase_contact(actor text, email text,
  request uuid DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'erase_contact', request);
  contact CONSTANT int := (SELECT c.contact_id FROM timesheet.contacts AS c
    WHERE c.email = lower(timesheet.clean_text(operate_erase_contact.email) COLLATE "C"));
  result jsonb;
BEGIN
  IF done IS NOT NULL THEN
    RETURN done -> 'result';
  END IF;
  result := jsonb_build_object('digests', timesheet.erase_contact(email));
  PERFORM timesheet.record_action(actor, 'erase_contact', jsonb_build_object('contact', contact), request, result);
  RETURN result;
END
$$;
COMMENT ON FUNCTION timesheet.operate_erase_contact(text, text, uuid) IS
  'timesheet.erase_contact(), recorded in timesheet.operator_actions by the number of the contact, null for a '
  'supervisor who is none. Returns what it returns, as an object.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_erase_contact(text, text, uuid)',
  'EXECUTE TO timesheet_operator');
