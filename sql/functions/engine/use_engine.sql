CREATE OR REPLACE FUNCTION timesheet.use_engine(preference text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF preference IS NULL OR preference NOT IN ('native', 'sql', 'auto') THEN
    RAISE EXCEPTION 'engine "%" is not known', coalesce(preference, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use native, sql or auto.';
  END IF;
  IF preference = 'native' AND NOT timesheet.has_native_engine() THEN
    RAISE EXCEPTION 'the native engine is not installed in this database'
      USING ERRCODE = 'feature_not_supported',
        HINT = 'Install the library with make install, then run CREATE EXTENSION timesheet; or use auto.';
  END IF;
  UPDATE timesheet.settings SET engine = preference WHERE engine <> preference;
  RETURN timesheet.engine();
END
$$;
COMMENT ON FUNCTION timesheet.use_engine(text) IS
  'Stores which engine is preferred: native, sql or auto (native where it can be had). Returns the engine that would '
  'run. Errors: feature_not_supported where native cannot be had.';
CALL timesheet.set_grants('FUNCTION timesheet.use_engine(text)');
