-- A contact who comes back is not sent the weeks that were missed.
CREATE OR REPLACE FUNCTION timesheet.contact_returns() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  NEW.subscribed_since := now();
  RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER contact_returns BEFORE UPDATE ON timesheet.contacts
FOR EACH ROW
  WHEN ((OLD.removed_at IS NOT NULL OR OLD.unsubscribed_at IS NOT NULL)
    AND NEW.removed_at IS NULL AND NEW.unsubscribed_at IS NULL)
EXECUTE FUNCTION timesheet.contact_returns();
COMMENT ON FUNCTION timesheet.contact_returns() IS
  'Trigger: a contact who is listed again, or subscribes again, is subscribed from now on.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_returns()');
