-- Always the hash of a text of at most 43 bytes, so that no text takes longer than a token.
CREATE OR REPLACE FUNCTION timesheet.portal_token_sha256(token text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sha256(convert_to(CASE WHEN octet_length(token) = 43 THEN token ELSE 'no token' END, 'UTF8'))
$$;
COMMENT ON FUNCTION timesheet.portal_token_sha256(text) IS
  'What timesheet.portal_links keeps of a token. A text that has not the length of a token has the hash of none.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_token_sha256(text)');
