CREATE OR REPLACE FUNCTION timesheet.revoke_portal_links(email text) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  contact CONSTANT int := timesheet.contact_id(email);
  revoked int;
BEGIN
  UPDATE timesheet.portal_links AS l SET ended_at = now(), ended_because = 'revoked'
  WHERE l.contact_id = contact AND l.ended_at IS NULL
    AND now() < l.created_at + (SELECT s.portal_link_days FROM timesheet.settings AS s) * interval '24 hours';
  GET DIAGNOSTICS revoked = ROW_COUNT;
  RETURN revoked;
END
$$;
COMMENT ON FUNCTION timesheet.revoke_portal_links(text) IS
  'Ends all links to the portal that a contact has, for good; e-mails that are sent later have links that are valid. '
  'Returns how many were valid. Errors: no_data_found for an unknown address.';
CALL timesheet.set_grants('FUNCTION timesheet.revoke_portal_links(text)');
