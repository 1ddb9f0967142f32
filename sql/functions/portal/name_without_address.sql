-- A person who was entered in Jibble without a name may have an address in its place; an earlier address, too.
CREATE OR REPLACE FUNCTION timesheet.name_without_address(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN name ~ E'[^\\s@]@[^\\s@]' THEN '(unnamed agent)' ELSE name END
$$;
COMMENT ON FUNCTION timesheet.name_without_address(text) IS
  'An agent''s name as the portal shows it: (unnamed agent) where it has an e-mail address in it.';
CALL timesheet.set_grants('FUNCTION timesheet.name_without_address(text)');
