-- Letters beyond ASCII are refused on both sides of the @: what takes them by SMTP is rare among the servers that an
-- e-mail passes, no provider here promises it, and most of them are a look-alike that was copied from elsewhere.
CREATE OR REPLACE FUNCTION timesheet.is_email(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT length(given) <= 254
    AND given ~ E'^[a-z0-9!#$%&''*+/=?^_`{|}~.-]{1,64}@([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]*[a-z0-9])$'
      COLLATE "C"
$$;
COMMENT ON FUNCTION timesheet.is_email(text) IS
  'Whether the text, in lower case, is one plain e-mail address without a name, of ASCII characters.';
CALL timesheet.set_grants('FUNCTION timesheet.is_email(text)');
