CREATE OR REPLACE FUNCTION timesheet.operate_revoke_portal_links(actor text, email text, request uuid DEFAULT NULL)
  RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'revoke_portal_links', request);
  result int;
BEGIN
  IF done IS NOT NULL THEN
    RETURN (done ->> 'result')::int;
  END IF;
  result := timesheet.revoke_portal_links(email);
  PERFORM timesheet.record_action(actor, 'revoke_portal_links', jsonb_build_object('email', email), request,
    to_jsonb(result));
  RETURN result;
END
$$;
COMMENT ON FUNCTION timesheet.operate_revoke_portal_links(text, text, uuid) IS
  'timesheet.revoke_portal_links(), recorded in timesheet.operator_actions. Returns how many links were valid.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_revoke_portal_links(text, text, uuid)',
  'EXECUTE TO timesheet_operator');
