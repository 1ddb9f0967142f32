CREATE OR REPLACE FUNCTION timesheet.portal_digests(token text)
RETURNS TABLE (delivery bigint, week date, sent_at timestamptz, subject text, html text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  contact CONSTANT int := (SELECT t.contact_id FROM timesheet.contact_of_token(token) AS t);
BEGIN
  IF contact IS NOT NULL THEN
    RETURN QUERY SELECT r.* FROM timesheet.contact_digests(contact) AS r;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.portal_digests(text) IS
  'timesheet.contact_digests() of the contact with this token; no row for a token that is not valid.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_digests(text)', 'EXECUTE TO timesheet_portal');
