-- Names, codes and addresses are stored clean, by every way in, so that all that shows or compares them need not
-- clean them. What Jibble sent stays as it came, in timesheet.raw_events.
CREATE OR REPLACE FUNCTION timesheet.clean_names() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  NEW.code := timesheet.clean_text(NEW.code);
  IF TG_TABLE_NAME = 'agents' THEN
    NEW.full_name := timesheet.clean_text(NEW.full_name);
    NEW.email := timesheet.clean_text(NEW.email);
  ELSE
    NEW.name := timesheet.clean_text(NEW.name);
  END IF;
  RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER clean_names BEFORE INSERT OR UPDATE OF full_name, email, code ON timesheet.agents
FOR EACH ROW EXECUTE FUNCTION timesheet.clean_names();
CREATE OR REPLACE TRIGGER clean_names BEFORE INSERT OR UPDATE OF name, code ON timesheet.client_groups
FOR EACH ROW EXECUTE FUNCTION timesheet.clean_names();
CREATE OR REPLACE TRIGGER clean_names BEFORE INSERT OR UPDATE OF name, code ON timesheet.activities
FOR EACH ROW EXECUTE FUNCTION timesheet.clean_names();
COMMENT ON FUNCTION timesheet.clean_names() IS
  'Trigger: the name and code of an agent, a client group or an activity, and an agent''s address, are stored as '
  'timesheet.clean_text() makes them; null where nothing is left.';
CALL timesheet.set_grants('FUNCTION timesheet.clean_names()');
