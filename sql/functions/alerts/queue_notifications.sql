CREATE OR REPLACE FUNCTION timesheet.queue_notifications(addresses text[], has_webhook boolean,
  page_url text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  ways CONSTANT text[] := ARRAY(
    SELECT 'email ' || lower(a.address COLLATE "C") FROM unnest(addresses) AS a (address) WHERE a.address <> ''
    UNION ALL SELECT 'webhook' WHERE has_webhook);
  due record;
  queued int := 0;
BEGIN
  PERFORM timesheet.require_every_row();
  PERFORM timesheet.take_lock('digest_queue_lock');
  PERFORM timesheet.record_pass('notifications')
  WHERE (timesheet.last_pass_at() > now() - interval '1 minute') IS NOT TRUE; -- most passes find nothing to write
  PERFORM timesheet.configure_ways(ways, page_url);
  PERFORM timesheet.drop_notifications();
  IF ways = '{}' THEN
    RETURN 0; -- what is due is left to passes that can send it
  END IF;
  -- The caller holds the digest lock, so one that is being sent was left by a process that died.
  UPDATE timesheet.webhook_messages AS m SET state = 'queued', error = 'the sender ended before it had an answer'
  WHERE m.state = 'sending';
  PERFORM timesheet.skip_notifications();
  FOR due IN
    SELECT d.way, d.kind, array_agg(d.alert_id) FILTER (WHERE d.begins) AS begun,
      array_agg(d.alert_id) FILTER (WHERE d.ends) AS ended
    FROM timesheet.due_notifications() AS d GROUP BY d.way, d.kind ORDER BY d.way, d.kind
  LOOP
    CONTINUE WHEN timesheet.is_alert_paused(due.way, due.kind);
    PERFORM timesheet.queue_notification(due.way, due.kind, coalesce(due.begun, '{}'), coalesce(due.ended, '{}'),
      page_url);
    queued := queued + 1;
  END LOOP;
  RETURN queued;
END
$$;
COMMENT ON FUNCTION timesheet.queue_notifications(text[], boolean, text) IS
  'For the holder of the digest lock: records by which ways timesheetd reports alerts (these addresses, a webhook or '
  'not), and queues for each way at most one message of each kind of alert with all that began and ended, unless one '
  'of the kind waits or was sent less than settings.alert_pause ago. page_url: the dashboard, for the link in a text '
  'to the webhook. Messages that a process left half sent are queued again, those of ways that are gone given up. '
  'A pass without any way queues nothing, and says nothing of the ways that others have; only where no pass had one '
  'for 24 hours they are gone. Returns how many messages were queued. Safe to repeat and to run concurrently.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.queue_notifications(text[], boolean, text)', 'EXECUTE TO timesheet_ingest');
