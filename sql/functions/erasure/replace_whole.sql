-- Neither "Ann" in Annabel or Mary-Ann, nor n@example.com in ann@example.com or n@example.com.au.
CREATE OR REPLACE FUNCTION timesheet.replace_whole(given text, words text[], substitute text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT CASE WHEN w.pattern IS NULL THEN given ELSE regexp_replace(given,
    '(?<![[:alnum:]_])(?<![[:alnum:]][.+''-])(' || w.pattern || ')(?![[:alnum:]_]|[.-][[:alnum:]])',
    replace(substitute, E'\\', E'\\\\'), 'g') END
  FROM (SELECT string_agg(regexp_replace(u.word, E'[][\\\\.^$*+?(){}|-]', E'\\\\\\&', 'g'), '|'
      ORDER BY length(u.word) DESC) AS pattern
    FROM unnest(words) AS u (word) WHERE u.word <> '') AS w
$$;
COMMENT ON FUNCTION timesheet.replace_whole(text, text[], text) IS
  'The text with each of these words, names or addresses replaced where it is not a part of a longer one.';
CALL timesheet.set_grants('FUNCTION timesheet.replace_whole(text, text[], text)');
