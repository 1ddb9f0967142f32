CREATE OR REPLACE FUNCTION timesheet.next_webhook_message(OUT webhook_message_id bigint, OUT body text,
  OUT attempts int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT m.webhook_message_id, m.body, m.attempts FROM timesheet.webhook_messages AS m
  WHERE m.state = 'queued' AND (m.next_attempt_at <= clock_timestamp()
    OR m.next_attempt_at > clock_timestamp() + interval '25 hours') -- by a clock that was wrong
  ORDER BY m.last_attempt_at NULLS FIRST, m.webhook_message_id LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.next_webhook_message() IS
  'The message to the webhook that is to be tried next: first what was not tried yet. Nulls if none is due.';
CALL timesheet.set_grants('FUNCTION timesheet.next_webhook_message()', 'EXECUTE TO timesheet_ingest');
