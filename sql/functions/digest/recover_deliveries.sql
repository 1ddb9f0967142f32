-- A former contact gets nothing, a delivery that waited too long is too old to send, and what a sender that died left
-- behind is resolved where that is possible.
CREATE OR REPLACE FUNCTION timesheet.recover_deliveries(of_provider text, idempotency_window interval) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  doubtful int;
BEGIN
  PERFORM timesheet.record_email_way(m.delivery_id, false, false, 'the sender ended before it had an answer')
  FROM timesheet.outbox_messages AS m WHERE m.state = 'sending';
  UPDATE timesheet.outgoing_emails AS d
    SET is_indeterminate = true, error = 'the sender ended before it had an answer'
  WHERE d.state = 'sending';
  UPDATE timesheet.outgoing_emails AS d SET state = 'failed', error = 'the contact was removed or has unsubscribed'
  FROM timesheet.contacts AS c
  WHERE c.contact_id = d.contact_id AND d.state = 'queued' AND NOT d.is_indeterminate
    AND timesheet.is_not_sent_to(d.delivery_id, c.removed_at, c.unsubscribed_at);
  UPDATE timesheet.outgoing_emails AS d
  SET state = 'failed',
    error = concat_ws('; ', 'it could not be sent for more than a week', d.error,
      CASE WHEN d.tableoid = 'timesheet.digest_deliveries'::regclass
        THEN 'to send it now, run timesheet.resend_digest()' END)
  WHERE d.state = 'queued' AND d.attempts = 0 AND d.created_at < now() - interval '8 days';
  -- Only the same provider knows the key, and only for that long. A contact who was removed is not tried again. Alerts
  -- and briefings are tried again all the same.
  UPDATE timesheet.outgoing_emails AS d
    SET state = 'in_doubt', error = concat_ws('; ', d.error, 'it may have been accepted, so it is not sent again')
  WHERE d.state IN ('queued', 'sending') AND d.is_indeterminate AND NOT timesheet.is_notification(d.delivery_id)
    AND (d.provider IS DISTINCT FROM of_provider OR d.first_attempt_at <= clock_timestamp() - idempotency_window
         OR EXISTS (SELECT FROM timesheet.contacts AS c
           WHERE c.contact_id = d.contact_id
             AND timesheet.is_not_sent_to(d.delivery_id, c.removed_at, c.unsubscribed_at)));
  GET DIAGNOSTICS doubtful = ROW_COUNT;
  UPDATE timesheet.outgoing_emails AS d SET state = 'queued' WHERE d.state = 'sending';
  IF NOT EXISTS (SELECT FROM timesheet.outgoing_emails AS d WHERE d.state = 'queued') THEN
    PERFORM timesheet.update_sender_alert(NULL); -- no e-mail is refused any more
  END IF;
  RETURN doubtful;
END
$$;
COMMENT ON FUNCTION timesheet.recover_deliveries(text, interval) IS
  'For the holder of the digest lock: queues again what a sender that died left in the state sending, if this '
  'provider recognises a repeated key for idempotency_window (0: never), and puts the rest in doubt; returns how many '
  'are newly in doubt. Alerts and briefings are queued again in any case. What waited for more than eight days without '
  'an attempt fails. Where none is left in the queue, the alert that the sender is refused is resolved.';
CALL timesheet.set_grants('FUNCTION timesheet.recover_deliveries(text, interval)', 'EXECUTE TO timesheet_ingest');
