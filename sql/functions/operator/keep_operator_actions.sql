CREATE OR REPLACE FUNCTION timesheet.keep_operator_actions() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  RAISE EXCEPTION 'what is in timesheet.operator_actions cannot be changed or deleted'
    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'It is the record of who did what; add to it only.';
END
$$;
COMMENT ON FUNCTION timesheet.keep_operator_actions() IS 'Trigger: refuses to change the record of staff''s actions.';
CREATE OR REPLACE TRIGGER keep_operator_actions BEFORE UPDATE OR DELETE OR TRUNCATE ON timesheet.operator_actions
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.keep_operator_actions();
CALL timesheet.set_grants('FUNCTION timesheet.keep_operator_actions()');
