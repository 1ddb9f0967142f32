-- Deliveries to contacts that are held back are left out: they wait until the contact is listed again.
CREATE OR REPLACE FUNCTION timesheet.next_attempt_at(returned bigint[] DEFAULT '{}',
  only_notifications boolean DEFAULT false) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT min(d.next_attempt_at) FROM timesheet.outgoing_emails AS d
  LEFT JOIN timesheet.contacts AS c USING (contact_id)
  LEFT JOIN timesheet.outbox_messages AS m USING (delivery_id)
  WHERE d.state = 'queued' AND c.missing_since IS NULL AND d.delivery_id <> ALL (returned)
    AND coalesce(m.kind IN ('alert', 'briefing'), false) = only_notifications
$$;
COMMENT ON FUNCTION timesheet.next_attempt_at(bigint[], boolean) IS
  'When timesheet.next_delivery() will return a delivery; null if none waits, apart from those of contacts that are '
  'held back and from those returned to the queue in this pass. only_notifications: as there.';
CALL timesheet.set_grants('FUNCTION timesheet.next_attempt_at(bigint[], boolean)', 'EXECUTE TO timesheet_ingest');
