-- An Airtable cell is a text or a list of texts. Every text of the contacts' list comes through here, and is clean.
CREATE OR REPLACE FUNCTION timesheet.cell_texts(cell json) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT c.text FROM (
    SELECT timesheet.clean_text(cell #>> '{}') WHERE json_typeof(cell) NOT IN ('array', 'object', 'null')
    UNION ALL
    SELECT timesheet.clean_text(e.value)
    FROM json_array_elements_text(CASE WHEN json_typeof(cell) = 'array' THEN cell END) AS e (value)
  ) AS c (text) WHERE c.text IS NOT NULL
$$;
COMMENT ON FUNCTION timesheet.cell_texts(json) IS
  'The texts of a cell that is one or a list of them, each cleaned by timesheet.clean_text(); those that are empty '
  'are left out.';
CALL timesheet.set_grants('FUNCTION timesheet.cell_texts(json)');
