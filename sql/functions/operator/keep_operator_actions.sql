-- timesheet.erase_contact() alone may take an address out. Where the contact still has it, nothing is lost by that: the
-- number says whose it is.
CREATE OR REPLACE FUNCTION timesheet.keep_operator_actions() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - 'arguments' = to_jsonb(OLD) - 'arguments'
        AND NEW.arguments - 'email' = OLD.arguments - 'email'
        AND EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.removed_at IS NOT NULL
          AND c.email = lower(timesheet.clean_text(OLD.arguments ->> 'email') COLLATE "C")
          AND NEW.arguments -> 'email' = to_jsonb('erased contact ' || c.contact_id)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'what is in timesheet.operator_actions cannot be changed or deleted'
    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'It is the record of who did what; add to it only.';
END
$$;
COMMENT ON FUNCTION timesheet.keep_operator_actions() IS
  'Trigger: refuses to change the record of staff''s actions, but for the address of a contact that is erased: its '
  'number comes in its place.';
CREATE OR REPLACE TRIGGER keep_operator_actions BEFORE DELETE OR TRUNCATE ON timesheet.operator_actions
  FOR EACH STATEMENT EXECUTE FUNCTION timesheet.keep_operator_actions();
CREATE OR REPLACE TRIGGER keep_each_operator_action BEFORE UPDATE ON timesheet.operator_actions
  FOR EACH ROW EXECUTE FUNCTION timesheet.keep_operator_actions();
CALL timesheet.set_grants('FUNCTION timesheet.keep_operator_actions()');
