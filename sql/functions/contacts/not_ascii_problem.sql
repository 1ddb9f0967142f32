CREATE OR REPLACE FUNCTION timesheet.not_ascii_problem(address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT format('this is not an e-mail address that digests can be sent to, because of the character "%s" (U+%s); '
    'type it with plain letters, digits and signs (ASCII), or give an international domain as xn--…',
    f.found, lpad(upper(to_hex(ascii(f.found))), 4, '0'))
  FROM (SELECT substring(address FROM '[^ -~]' COLLATE "C")) AS f (found)
$$;
COMMENT ON FUNCTION timesheet.not_ascii_problem(text) IS
  'What to do about an address with a character that is not ASCII, which may look like one that is.';
CALL timesheet.set_grants('FUNCTION timesheet.not_ascii_problem(text)');
