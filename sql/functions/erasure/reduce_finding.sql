-- An audit asks Jibble for the person again, and would store the name again with what Jibble answers.
CREATE OR REPLACE FUNCTION timesheet.reduce_finding() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF EXISTS (SELECT FROM timesheet.erased_people AS p WHERE p.agent_id = NEW.agent_id) THEN
    NEW.detail := CASE NEW.kind WHEN 'refused' THEN 'Jibble refused to answer for this person'
      WHEN 'unreadable' THEN 'Jibble''s answer for this person could not be read' ELSE NEW.detail END;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION timesheet.reduce_finding() IS
  'Trigger: of a person whose personal data was erased no finding of an audit quotes Jibble.';
CREATE OR REPLACE TRIGGER reduce_finding BEFORE INSERT OR UPDATE OF kind, detail ON timesheet.audit_findings
  FOR EACH ROW WHEN (NEW.kind IN ('refused', 'unreadable')) EXECUTE FUNCTION timesheet.reduce_finding();
CALL timesheet.set_grants('FUNCTION timesheet.reduce_finding()');
