CREATE OR REPLACE FUNCTION timesheet.keep_settings() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RAISE EXCEPTION 'the row of timesheet.settings cannot be deleted'
    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Update it instead; every calculation needs it.';
END
$$;
COMMENT ON FUNCTION timesheet.keep_settings() IS 'Trigger: refuses to delete the settings.';
CREATE OR REPLACE TRIGGER keep_settings BEFORE DELETE OR TRUNCATE ON timesheet.settings
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.keep_settings();
CALL timesheet.set_grants('FUNCTION timesheet.keep_settings()');
