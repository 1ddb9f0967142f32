CREATE OR REPLACE FUNCTION timesheet.end_old_links() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.portal_links AS l SET ended_at = now(), ended_because = 'too_old'
  WHERE l.ended_at IS NULL
    AND l.created_at + least(OLD.portal_link_days, NEW.portal_link_days) * interval '24 hours' <= now();
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.end_old_links() IS
  'Trigger: when settings.portal_link_days changes, ends the links to the portal that were too old before or are now, '
  'so that none comes back when it is raised.';
CREATE OR REPLACE TRIGGER end_old_links AFTER UPDATE ON timesheet.settings
  FOR EACH ROW WHEN (OLD.portal_link_days IS DISTINCT FROM NEW.portal_link_days)
  EXECUTE FUNCTION timesheet.end_old_links();
CALL timesheet.set_grants('FUNCTION timesheet.end_old_links()');
