CREATE OR REPLACE FUNCTION timesheet.queue_notification(of_way text, of_kind text, begun bigint[], ended bigint[],
  page_url text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  ids CONSTANT bigint[] := ARRAY(SELECT i.id FROM unnest(begun) AS i (id) UNION SELECT i.id FROM unnest(ended) AS i (id)
    ORDER BY 1);
  content CONSTANT jsonb := timesheet.notification_content(of_kind, begun, ended);
  email bigint;
  message bigint;
BEGIN
  IF of_way = 'webhook' THEN
    INSERT INTO timesheet.webhook_messages AS m (kind, alert_ids, body)
    VALUES (of_kind, ids, timesheet.webhook_text(of_kind, ids, ended, content, page_url))
    RETURNING m.webhook_message_id INTO message;
  ELSE
    INSERT INTO timesheet.outbox_messages AS m (kind, alert_kind, recipient, subject, content, agent_ids)
    VALUES ('alert', of_kind, substr(of_way, 7), content ->> 'subject', content, ARRAY(
      SELECT DISTINCT substr(a.subject, 7)::int FROM timesheet.alerts AS a
      WHERE a.alert_id = ANY (ids) AND a.subject ~ '^agent [0-9]{1,9}$'))
    RETURNING m.delivery_id INTO email;
  END IF;
  INSERT INTO timesheet.alert_notifications (alert_id, way, event, delivery_id, webhook_message_id)
  SELECT i.id, of_way, e.event, email, message
  FROM (VALUES ('began', begun), ('ended', ended)) AS e (event, ids) CROSS JOIN LATERAL unnest(e.ids) AS i (id);
END
$$;
COMMENT ON FUNCTION timesheet.queue_notification(text, text, bigint[], bigint[], text) IS
  'Queues one message about alerts of a kind by a way, for those that began and those that ended, and records that '
  'these are reported. Errors: unique_violation where one was reported before.';
CALL timesheet.set_grants('FUNCTION timesheet.queue_notification(text, text, bigint[], bigint[], text)');
