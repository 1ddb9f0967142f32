CREATE OR REPLACE FUNCTION timesheet.is_no_id(given text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN coalesce(timesheet.clean_text(given), '') ~ '^[][{}()<>"''`0 -]*$' COLLATE "C";
END
$$;
COMMENT ON FUNCTION timesheet.is_no_id(text) IS
  'Whether the text names nothing: null, blanks, or zeros, hyphens and brackets alone.';
CALL timesheet.set_grants('FUNCTION timesheet.is_no_id(text)');
