-- The longest address has 320 characters: of a longer text only the first count, so that none takes long.
CREATE OR REPLACE FUNCTION timesheet.address_sha256(address text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sha256(convert_to(coalesce(lower(timesheet.clean_text(left(address, 320)) COLLATE "C"), ''), 'UTF8'))
$$;
COMMENT ON FUNCTION timesheet.address_sha256(text) IS
  'What timesheet.portal_requests keeps of an address: a hash of it, cleaned and in lower case.';
CALL timesheet.set_grants('FUNCTION timesheet.address_sha256(text)');
