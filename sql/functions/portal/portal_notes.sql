CREATE OR REPLACE FUNCTION timesheet.portal_notes(token text, since date, until date)
RETURNS TABLE (workday date, agent text, client_group text, code text, at timestamptz, detail text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  contact CONSTANT int := (SELECT t.contact_id FROM timesheet.contact_of_token(token) AS t);
BEGIN
  IF contact IS NOT NULL THEN
    RETURN QUERY SELECT r.* FROM timesheet.contact_portal_notes(contact, since, until) AS r;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.portal_notes(text, date, date) IS
  'timesheet.contact_portal_notes() of the contact with this token; no row for a token that is not valid.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_notes(text, date, date)', 'EXECUTE TO timesheet_portal');
