CREATE OR REPLACE FUNCTION timesheet.next_delivery(returned bigint[] DEFAULT '{}', OUT delivery_id bigint,
  OUT email text, OUT content jsonb, OUT html text, OUT body text, OUT idempotency_key uuid, OUT attempts int,
  OUT unsubscribe_token uuid, OUT is_indeterminate boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT d.delivery_id, d.email, d.content, d.html, d.body, d.idempotency_key, d.attempts, c.unsubscribe_token,
    d.is_indeterminate
  FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
  WHERE d.state = 'queued' AND d.next_attempt_at <= clock_timestamp() AND c.missing_since IS NULL
    AND d.delivery_id <> ALL (returned)
  ORDER BY d.last_attempt_at NULLS FIRST, d.next_attempt_at, d.delivery_id LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.next_delivery(bigint[]) IS
  'The queued delivery that is to be tried next, apart from those returned to the queue in this pass: first what was '
  'not tried yet, then what was tried longest ago. is_indeterminate: an earlier attempt may have been accepted. '
  'Nulls if none is due.';
CALL timesheet.set_grants('FUNCTION timesheet.next_delivery(bigint[])', 'EXECUTE TO timesheet_ingest');
