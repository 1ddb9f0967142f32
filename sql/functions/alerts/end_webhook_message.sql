CREATE OR REPLACE FUNCTION timesheet.end_webhook_message(message bigint, was_sent boolean, is_refused boolean,
  error text, wait interval DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  said CONSTANT text := left(timesheet.clean_text(error), 2000);
  became text;
BEGIN
  UPDATE timesheet.webhook_messages AS m SET
    state = CASE WHEN was_sent THEN 'sent' WHEN m.created_at <= clock_timestamp() - l.lasts THEN 'failed'
      ELSE 'queued' END,
    sent_at = CASE WHEN was_sent THEN clock_timestamp() END, error = CASE WHEN NOT was_sent THEN said END,
    next_attempt_at = clock_timestamp() + greatest(least(coalesce(wait, '0'), '24:00'),
      least(60, power(2, least(m.attempts, 10) - 1)) * interval '1 minute')
  FROM timesheet.notification_limit() AS l WHERE m.webhook_message_id = message AND m.state = 'sending'
  RETURNING m.state INTO became;
  IF became IS NULL THEN
    RETURN NULL;
  END IF;
  IF became = 'failed' THEN
    DELETE FROM timesheet.alert_notifications AS n WHERE n.webhook_message_id = message;
  END IF;
  PERFORM timesheet.record_way('webhook', was_sent, is_refused, said);
  RETURN became;
END
$$;
COMMENT ON FUNCTION timesheet.end_webhook_message(bigint, boolean, boolean, text, interval) IS
  'Records how an attempt ended. One that failed is tried again after a minute, then after twice as long each time, up '
  'to an hour, and after wait at the earliest; timesheet.notification_limit() after it was queued the message is given '
  'up: a new one says what is open then. Returns the new state, null if the message was not being sent.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.end_webhook_message(bigint, boolean, boolean, text, interval)', 'EXECUTE TO timesheet_ingest');
