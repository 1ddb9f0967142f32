CREATE OR REPLACE FUNCTION timesheet.portal_session(token text)
RETURNS TABLE (valid_until timestamptz, client_group_id int, client_group text, time_zone text, week_starts_on int,
  as_of timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  link record;
BEGIN
  SELECT t.* INTO link FROM timesheet.contact_of_token(token) AS t;
  IF link.contact_id IS NOT NULL THEN
    RETURN QUERY SELECT link.valid_until, s.* FROM timesheet.contact_session(link.contact_id) AS s;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.portal_session(text) IS
  'What the portal shows to the contact with this token: its client groups, as timesheet.contact_session() gives them, '
  'and until when; no row for a token that is wrong, expired, revoked or null, whatever part of it is right.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_session(text)', 'EXECUTE TO timesheet_portal');
