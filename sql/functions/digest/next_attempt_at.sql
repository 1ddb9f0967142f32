-- What waits for a contact that is held back waits without being asked for.
CREATE OR REPLACE FUNCTION timesheet.next_attempt_at() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT min(d.next_attempt_at) FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
  WHERE d.state = 'queued' AND c.missing_since IS NULL
$$;
COMMENT ON FUNCTION timesheet.next_attempt_at() IS 'From when timesheet.next_delivery() gives a delivery; null if none waits but those of contacts that are held back.';
CALL timesheet.set_grants('FUNCTION timesheet.next_attempt_at()', 'EXECUTE TO timesheet_ingest');
