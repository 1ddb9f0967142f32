CREATE OR REPLACE FUNCTION timesheet.short_name(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN length(n.name) > 80 THEN left(n.name, 79) || E'\u2026' ELSE n.name END
  FROM (SELECT timesheet.clean_text(given) AS name) AS n
$$;
COMMENT ON FUNCTION timesheet.short_name(text) IS
  'A name as an e-mail shows it: on one line, and not longer than 80 characters.';
CALL timesheet.set_grants('FUNCTION timesheet.short_name(text)');
