CREATE OR REPLACE FUNCTION timesheet.portal_opened(token text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF (SELECT t.contact_id FROM timesheet.contact_of_token(token) AS t) IS NOT NULL THEN
    INSERT INTO timesheet.portal_visits AS v (token_sha256, first_opened_at, last_opened_at, openings)
    VALUES (timesheet.portal_token_sha256(token), clock_timestamp(), clock_timestamp(), 1)
    ON CONFLICT (token_sha256) DO UPDATE SET last_opened_at = excluded.last_opened_at, openings = v.openings + 1;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.portal_opened(text) IS
  'Counts an opening of the portal by the link with this token; nothing for a token that is not valid.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_opened(text)', 'EXECUTE TO timesheet_portal');
