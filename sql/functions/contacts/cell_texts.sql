-- An Airtable cell is a text or a list of texts.
CREATE OR REPLACE FUNCTION timesheet.cell_texts(cell json) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT btrim(t.text) FROM (
    SELECT cell #>> '{}' AS text WHERE json_typeof(cell) NOT IN ('array', 'object', 'null')
    UNION ALL
    SELECT e.value FROM json_array_elements_text(CASE WHEN json_typeof(cell) = 'array' THEN cell END) AS e (value)
  ) AS t WHERE btrim(t.text) <> ''
$$;
COMMENT ON FUNCTION timesheet.cell_texts(json) IS 'The texts of a cell that is one or a list of them.';
CALL timesheet.set_grants('FUNCTION timesheet.cell_texts(json)');
