CREATE OR REPLACE FUNCTION timesheet.read_settings(given jsonb, known jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  one record;
  read_values jsonb := '{}';
BEGIN
  IF given IS NULL THEN
    RETURN '{}';
  ELSIF jsonb_typeof(given) <> 'object' THEN
    RAISE EXCEPTION 'settings are given as {"name": value}, not as %', left(given::text, 80)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'See the columns of timesheet.settings.';
  END IF;
  FOR one IN SELECT e.key, e.value FROM jsonb_each(given) AS e ORDER BY e.key LOOP
    IF NOT known ? one.key THEN
      RAISE EXCEPTION 'there is no setting "%"', left(one.key, 80)
        USING ERRCODE = 'invalid_parameter_value', HINT = 'See the columns of timesheet.settings.';
    END IF;
    BEGIN
      read_values := read_values || jsonb_build_object(one.key, to_jsonb(jsonb_populate_record(
        NULL::timesheet.settings, jsonb_build_object(one.key, one.value))) -> one.key);
    EXCEPTION WHEN data_exception THEN
      RAISE EXCEPTION 'the setting % cannot be %: %', one.key, left(one.value #>> '{}', 80), SQLERRM
        USING ERRCODE = 'invalid_parameter_value', HINT = 'See the comment of that column of timesheet.settings.';
    END;
  END LOOP;
  RETURN read_values;
END
$$;
COMMENT ON FUNCTION timesheet.read_settings(jsonb, jsonb) IS
  'Settings as their columns hold them. known: an object with each name that there is. Errors: '
  'invalid_parameter_value for an unknown name or a value of another type.';
CALL timesheet.set_grants('FUNCTION timesheet.read_settings(jsonb, jsonb)');
