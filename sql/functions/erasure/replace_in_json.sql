CREATE OR REPLACE FUNCTION timesheet.replace_in_json(given jsonb, words text[], substitute text) RETURNS jsonb
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE jsonb_typeof(given)
    WHEN 'string' THEN to_jsonb(timesheet.replace_whole(given #>> '{}', words, substitute))
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(timesheet.replace_in_json(e.value, words, substitute) ORDER BY e.n),
        '[]') FROM jsonb_array_elements(given) WITH ORDINALITY AS e (value, n))
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(e.key,
        timesheet.replace_in_json(e.value, words, substitute)), '{}') FROM jsonb_each(given) AS e)
    ELSE given END
$$;
COMMENT ON FUNCTION timesheet.replace_in_json(jsonb, text[], text) IS
  'As timesheet.replace_whole(), of each text in a JSON value.';
CALL timesheet.set_grants('FUNCTION timesheet.replace_in_json(jsonb, text[], text)');
