CREATE OR REPLACE FUNCTION timesheet.end_links_of_removed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.portal_links AS l SET ended_at = now(), ended_because = 'removed'
  WHERE l.contact_id = NEW.contact_id AND l.ended_at IS NULL;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.end_links_of_removed() IS
  'Trigger: ends the links to the portal of a contact that is removed, for good.';
CREATE OR REPLACE TRIGGER end_links_of_removed AFTER UPDATE ON timesheet.contacts
  FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL)
  EXECUTE FUNCTION timesheet.end_links_of_removed();
CALL timesheet.set_grants('FUNCTION timesheet.end_links_of_removed()');
