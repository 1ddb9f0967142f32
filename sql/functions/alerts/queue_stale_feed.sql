CREATE OR REPLACE FUNCTION timesheet.queue_stale_feed(alert bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  begun bigint[];
  ended bigint[];
BEGIN
  -- The webhook of the Vault may be none of timesheetd's ways: then only this alert is due.
  SELECT array_agg(d.alert_id) FILTER (WHERE d.begins), array_agg(d.alert_id) FILTER (WHERE d.ends) INTO begun, ended
  FROM timesheet.due_notifications() AS d WHERE d.way = 'webhook' AND d.kind = 'stale_feed';
  IF (alert = ANY (begun)) IS NOT TRUE THEN
    begun := array_append(begun, alert);
  END IF;
  PERFORM timesheet.queue_notification('webhook', 'stale_feed', begun, coalesce(ended, '{}'),
    (SELECT w.page_url FROM timesheet.notification_ways AS w WHERE w.page_url IS NOT NULL
     ORDER BY w.way = 'webhook' DESC, w.last_seen_at DESC LIMIT 1));
  RETURN (SELECT n.webhook_message_id FROM timesheet.alert_notifications AS n
    WHERE n.alert_id = alert AND n.way = 'webhook' AND n.event = 'began');
END
$$;
COMMENT ON FUNCTION timesheet.queue_stale_feed(bigint) IS
  'Queues the message to the webhook that this alert stale_feed has begun, with all others of the kind that are due, '
  'and the dashboard''s address as timesheetd last had it. Returns the id of the message. Errors: unique_violation '
  'where it was reported before.';
CALL timesheet.set_grants('FUNCTION timesheet.queue_stale_feed(bigint)');
