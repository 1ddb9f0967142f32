-- What the JSON type refuses (too deeply nested, say) is kept all the same: as a JSON string.
-- Not safe in parallel, as nothing here that catches an error.
CREATE OR REPLACE FUNCTION timesheet.as_json(given text) RETURNS json
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN given::json;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN to_json(given);
END
$$;
COMMENT ON FUNCTION timesheet.as_json(text) IS
  'The text as json, unchanged; a JSON string of it where it is not JSON to PostgreSQL.';
CALL timesheet.set_grants('FUNCTION timesheet.as_json(text)');
