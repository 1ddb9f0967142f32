CREATE OR REPLACE FUNCTION timesheet.next_delivery(returned bigint[] DEFAULT '{}',
  only_notifications boolean DEFAULT false, OUT delivery_id bigint, OUT kind text, OUT email text, OUT subject text,
  OUT content jsonb, OUT html text, OUT body text, OUT idempotency_key uuid, OUT attempts int,
  OUT unsubscribe_token uuid, OUT is_indeterminate boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH next AS MATERIALIZED (
    SELECT d.*, c.unsubscribe_token FROM timesheet.outgoing_emails AS d
    LEFT JOIN timesheet.contacts AS c USING (contact_id)
    LEFT JOIN timesheet.outbox_messages AS m USING (delivery_id)
    WHERE d.state = 'queued' AND d.next_attempt_at <= clock_timestamp() AND c.missing_since IS NULL
      AND d.delivery_id <> ALL (returned)
      AND coalesce(m.kind IN ('alert', 'briefing'), false) = only_notifications
    ORDER BY coalesce(m.kind = 'briefing', false),
      d.last_attempt_at NULLS FIRST, d.next_attempt_at, d.delivery_id LIMIT 1
  )
  SELECT n.delivery_id, coalesce(m.kind, 'digest'), coalesce(m.recipient, d.email),
    coalesce(m.subject, n.content ->> 'subject'), n.content, n.html, n.body, n.idempotency_key, n.attempts,
    CASE WHEN m.kind IS NULL THEN n.unsubscribe_token END, n.is_indeterminate
  FROM next AS n LEFT JOIN timesheet.digest_deliveries AS d USING (delivery_id)
  LEFT JOIN timesheet.outbox_messages AS m USING (delivery_id)
$$;
COMMENT ON FUNCTION timesheet.next_delivery(bigint[], boolean) IS
  'The queued e-mail that is to be tried next, apart from those returned to the queue in this pass: first what was '
  'not tried yet, then what was tried longest ago. only_notifications: alerts, then briefings; else all '
  'others. kind: digest, or as in timesheet.outbox_messages. unsubscribe_token: of a digest alone. '
  'is_indeterminate: an earlier attempt may have been accepted. Nulls if none is due.';
CALL timesheet.set_grants('FUNCTION timesheet.next_delivery(bigint[], boolean)', 'EXECUTE TO timesheet_ingest');
