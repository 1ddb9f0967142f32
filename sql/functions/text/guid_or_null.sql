-- As people copy ids: in braces, brackets or quotes, in capitals, without hyphens or with those of a word processor.
CREATE OR REPLACE FUNCTION timesheet.guid_or_null(given text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  marks constant text := ' {}()[]<>"''`';
  id text := given;
BEGIN
  IF id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' COLLATE "C" THEN -- most are written so
    id := btrim(regexp_replace(btrim(translate(lower(timesheet.clean_text(given) COLLATE "C"),
      E'\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u201C\u201D\u201E\u00AB\u00BB', '------"""""""'), marks),
      '^urn:uuid:', ''), marks);
  END IF;
  RETURN CASE WHEN id ~ '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$' COLLATE "C"
    THEN timesheet.id_or_null(id::uuid) END;
END
$$;
COMMENT ON FUNCTION timesheet.guid_or_null(text) IS
  'The id that the text is, cleaned by timesheet.clean_text(), in any letter case, in braces, brackets or quotes, and '
  'with or without hyphens and urn:uuid:. Null where it is none, or the one of zeros, which is no id.';
CALL timesheet.set_grants('FUNCTION timesheet.guid_or_null(text)');
