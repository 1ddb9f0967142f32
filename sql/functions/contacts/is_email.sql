CREATE OR REPLACE FUNCTION timesheet.is_email(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT length(given) <= 254 AND timesheet.clean_text(given) = given
    AND given ~
      E'^[^][:space:][:cntrl:]@<>(),;:\\\\"[]{1,64}@([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]*[a-z0-9])$'
$$;
COMMENT ON FUNCTION timesheet.is_email(text) IS
  'Whether the text, in lower case, is one plain e-mail address without a name.';
CALL timesheet.set_grants('FUNCTION timesheet.is_email(text)');
