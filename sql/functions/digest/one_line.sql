-- Names from Jibble go into subjects and lines: no line break, and nothing that changes the direction of the text
-- after it.
CREATE OR REPLACE FUNCTION timesheet.one_line(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT btrim(regexp_replace(given,
    E'[[:cntrl:]\u0001-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F'
      || E'\uFEFF\uFFF9-\uFFFB\U000E0000-\U000E007F]+', ' ', 'g'))
$$;
COMMENT ON FUNCTION timesheet.one_line(text) IS
  'The text on one line: runs of control characters, of line and paragraph separators and of characters that are '
  'invisible or change the direction become a space.';
CALL timesheet.set_grants('FUNCTION timesheet.one_line(text)');
