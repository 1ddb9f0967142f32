-- Tokens are never compared, only their hashes are looked up: how much of a guess is right changes nothing.
CREATE OR REPLACE FUNCTION timesheet.contact_of_token(token text, OUT contact_id int, OUT valid_until timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT l.contact_id, l.valid_until FROM timesheet.live_portal_links AS l
  WHERE l.token_sha256 = timesheet.portal_token_sha256(token)
$$;
COMMENT ON FUNCTION timesheet.contact_of_token(text) IS
  'Whose token this is and until when it is valid; nulls if it is not, or not any more, for whatever reason.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_of_token(text)');
