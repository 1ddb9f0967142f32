-- Nothing is changed, but a person looks at what is made for another.
CREATE OR REPLACE FUNCTION timesheet.operate_view_portal(actor text, email text, request uuid DEFAULT NULL)
RETURNS TABLE (valid_until timestamptz, client_group_id int, client_group text, time_zone text, week_starts_on int,
  as_of timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'view_portal', request);
  contact CONSTANT int := timesheet.contact_id(email);
BEGIN
  IF done IS NULL THEN
    PERFORM timesheet.record_action(actor, 'view_portal', jsonb_build_object('email', email), request);
  END IF;
  RETURN QUERY SELECT NULL::timestamptz, s.* FROM timesheet.contact_session(contact) AS s
    WHERE EXISTS (SELECT FROM timesheet.contacts AS c
      WHERE c.contact_id = contact AND c.removed_at IS NULL AND c.missing_since IS NULL);
END
$$;
COMMENT ON FUNCTION timesheet.operate_view_portal(text, text, uuid) IS
  'What timesheet.portal_session() returns to a contact, for a member of staff, who then reads '
  'timesheet.contact_weekly() and the others: no row if the portal shows nothing to the contact. Recorded in '
  'timesheet.operator_actions. Errors: no_data_found for an unknown address.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_view_portal(text, text, uuid)',
  'EXECUTE TO timesheet_operator');
