-- JSON text may hold what PostgreSQL cannot unescape: a NUL character, or half of a
-- surrogate pair where a note was cut. Neither may make the whole object unreadable.
CREATE OR REPLACE FUNCTION timesheet.readable(payload json) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE
    -- The plain search first: most texts escape nothing, and it is many times faster.
    WHEN payload::pg_catalog.text LIKE E'%\\\\u%'
      AND payload::pg_catalog.text ~ E'\\\\u(0000|[dD][89a-fA-F])'
    THEN pg_catalog.regexp_replace(payload::pg_catalog.text,
      E'(?<!\\\\)((?:\\\\\\\\)*)\\\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F])'
        || E'|(?<!\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u)[dD][c-fC-F][0-9a-fA-F]{2})',
      E'\\1\\\\ufffd', 'g')::pg_catalog.json
    ELSE payload
  END
$$;
COMMENT ON FUNCTION timesheet.readable(json) IS
  'The payload with each escaped NUL character and each half of a surrogate pair replaced by U+FFFD, so that ->> can '
  'read it.';
CALL timesheet.set_grants('FUNCTION timesheet.readable(json)');
