-- Deliveries to contacts that are held back are left out: they wait until the contact is listed again.
CREATE OR REPLACE FUNCTION timesheet.next_attempt_at(returned bigint[] DEFAULT '{}') RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT min(d.next_attempt_at) FROM timesheet.outgoing_emails AS d
  LEFT JOIN timesheet.contacts AS c USING (contact_id)
  WHERE d.state = 'queued' AND c.missing_since IS NULL AND d.delivery_id <> ALL (returned)
$$;
COMMENT ON FUNCTION timesheet.next_attempt_at(bigint[]) IS
  'When timesheet.next_delivery() will return a delivery; null if none waits, apart from those of contacts that are '
  'held back and from those returned to the queue in this pass.';
CALL timesheet.set_grants('FUNCTION timesheet.next_attempt_at(bigint[])', 'EXECUTE TO timesheet_ingest');
