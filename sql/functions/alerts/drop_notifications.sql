-- Failed with it are its events, so that a new message says what is still open then.
CREATE OR REPLACE FUNCTION timesheet.drop_notifications() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH dropped AS (
    UPDATE timesheet.outbox_messages AS m SET state = 'failed', error = concat_ws('; ', CASE
        WHEN w.is_configured IS TRUE THEN l.reason
        ELSE 'ALERT_EMAILS does not have the address any more' END, m.error)
    FROM timesheet.outbox_messages AS q LEFT JOIN timesheet.notification_ways AS w ON w.way = 'email ' || q.recipient
    CROSS JOIN timesheet.notification_limit() AS l
    WHERE m.delivery_id = q.delivery_id AND m.state = 'queued' AND CASE m.kind
      WHEN 'alert' THEN w.is_configured IS NOT TRUE
        OR m.created_at < now() - l.lasts AND NOT m.is_indeterminate
      WHEN 'briefing' THEN (m.content -> 'is_for_staff') = 'true' AND w.is_configured IS NOT TRUE
      ELSE false END
    RETURNING m.delivery_id
  )
  DELETE FROM timesheet.alert_notifications AS n USING dropped AS d WHERE n.delivery_id = d.delivery_id;
  WITH dropped AS (
    UPDATE timesheet.webhook_messages AS m SET state = 'failed', error = concat_ws('; ', CASE
        WHEN w.is_configured THEN l.reason
        ELSE 'ALERT_WEBHOOK_URL is not set any more' END, m.error)
    FROM (SELECT EXISTS (SELECT FROM timesheet.notification_ways AS w WHERE w.way = 'webhook' AND w.is_configured))
      AS w (is_configured)
    CROSS JOIN timesheet.notification_limit() AS l
    WHERE m.state = 'queued' AND (NOT w.is_configured OR m.created_at < now() - l.lasts)
    RETURNING m.webhook_message_id
  )
  DELETE FROM timesheet.alert_notifications AS n USING dropped AS d
  WHERE n.webhook_message_id = d.webhook_message_id
$$;
COMMENT ON FUNCTION timesheet.drop_notifications() IS
  'Gives up messages that wait and have no way any more, and alerts that wait for longer than '
  'timesheet.notification_limit(). The beginnings and ends in them count as not reported.';
CALL timesheet.set_grants('FUNCTION timesheet.drop_notifications()');
