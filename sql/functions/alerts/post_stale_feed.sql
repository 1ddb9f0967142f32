-- Where timesheetd is dead it cannot say so. A message about this alert that it has left in the queue is posted rather
-- than a new one. Any other that waits, such as that the last one is over, goes: one message says all.
CREATE OR REPLACE FUNCTION timesheet.post_stale_feed() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  alert bigint;
  message bigint;
  webhook text;
BEGIN
  SELECT a.alert_id INTO alert FROM timesheet.alerts AS a
  WHERE a.kind = 'stale_feed' AND a.resolved_at IS NULL AND a.acknowledged_at IS NULL AND NOT EXISTS (
      SELECT FROM timesheet.alert_notifications AS n
      LEFT JOIN timesheet.webhook_messages AS m USING (webhook_message_id)
      WHERE n.alert_id = a.alert_id AND n.way = 'webhook' AND n.event = 'began'
        AND m.state IS DISTINCT FROM 'queued' AND m.state IS DISTINCT FROM 'sending');
  IF alert IS NULL
    OR timesheet.last_pass_at() > now() - (SELECT s.pass_silence FROM timesheet.settings AS s) THEN
    RETURN NULL;
  END IF;
  SELECT u.url INTO webhook FROM timesheet.alert_webhook_url() AS u;
  IF webhook IS NULL THEN
    RETURN NULL;
  END IF;
  BEGIN
    PERFORM timesheet.require_pg_net();
  EXCEPTION WHEN feature_not_supported OR insufficient_privilege THEN -- timesheet.alert_warning() says so
    RETURN NULL;
  END;
  PERFORM timesheet.take_lock('digest_queue_lock', '1s');
  SELECT m.webhook_message_id INTO message FROM timesheet.webhook_messages AS m
  WHERE m.kind = 'stale_feed' AND m.state IN ('queued', 'sending') AND m.alert_ids @> ARRAY[alert]
  ORDER BY m.webhook_message_id DESC LIMIT 1;
  IF message IS NULL THEN
    WITH replaced AS (
      UPDATE timesheet.webhook_messages AS m SET state = 'failed',
        error = concat_ws('; ', 'the feed was stale again before it was sent', m.error)
      WHERE m.kind = 'stale_feed' AND m.state IN ('queued', 'sending') RETURNING m.webhook_message_id
    )
    DELETE FROM timesheet.alert_notifications AS n USING replaced AS r
    WHERE n.webhook_message_id = r.webhook_message_id;
    IF timesheet.is_alert_paused('webhook', 'stale_feed') THEN
      RETURN NULL;
    END IF;
    message := timesheet.queue_stale_feed(alert);
  END IF;
  UPDATE timesheet.webhook_messages AS m SET state = 'sent', sent_at = clock_timestamp(), attempts = m.attempts + 1,
    last_attempt_at = clock_timestamp(), error = NULL
  WHERE m.webhook_message_id = message;
  RETURN (SELECT timesheet.post_webhook(webhook, m.body) FROM timesheet.webhook_messages AS m
    WHERE m.webhook_message_id = message);
END
$$;
COMMENT ON FUNCTION timesheet.post_stale_feed() IS
  'Where the feed is stale, no message to the webhook reported it, and no pass of timesheetd was made for '
  'settings.pass_silence: asks pg_net to post it to the address that Supabase''s Vault has as '
  'timesheet_alert_webhook_url, and records it as sent. Returns pg_net''s number of the request, null where none is '
  'made. Errors: those of timesheet.post_webhook(), lock_not_available while messages are queued.';
CALL timesheet.set_grants('FUNCTION timesheet.post_stale_feed()');
