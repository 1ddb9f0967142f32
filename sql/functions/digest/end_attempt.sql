CREATE OR REPLACE FUNCTION timesheet.end_attempt(for_delivery bigint, outcome text, provider_message_id text,
  attempt_error text, wait interval DEFAULT NULL, indeterminate boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  is_notification CONSTANT boolean := timesheet.is_notification(for_delivery);
  became text;
  was_indeterminate boolean;
BEGIN
  IF outcome NOT IN ('sent', 'failed', 'in_doubt', 'queued') THEN
    RAISE EXCEPTION 'outcome "%" is not known', outcome
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use sent, failed, in_doubt or queued.';
  END IF;
  UPDATE timesheet.outgoing_emails AS d
  -- If an earlier attempt may have been accepted, this is not a failure but in doubt. An alert is rather sent twice.
  SET state = CASE WHEN is_notification AND outcome = 'in_doubt' THEN 'queued'
      WHEN outcome = 'failed' AND d.is_indeterminate AND NOT is_notification THEN 'in_doubt' ELSE outcome END,
    provider_message_id = coalesce(end_attempt.provider_message_id, d.provider_message_id), error = attempt_error,
    is_indeterminate = d.is_indeterminate OR indeterminate OR (is_notification AND outcome = 'in_doubt'),
    sent_at = CASE WHEN outcome = 'sent' THEN clock_timestamp() END,
    next_attempt_at = clock_timestamp() + CASE WHEN is_notification
      THEN greatest(least(coalesce(wait, '0'), '01:00'), CASE outcome WHEN 'in_doubt' THEN interval '1 minute' END)
      ELSE coalesce(wait, '0') END
  WHERE d.delivery_id = for_delivery AND d.state = 'sending'
  RETURNING d.state, d.is_indeterminate INTO became, was_indeterminate;
  IF is_notification AND became IS NOT NULL THEN
    PERFORM timesheet.record_email_way(for_delivery, became = 'sent', became = 'failed', attempt_error);
  END IF;
  -- So the sender is in order. A repeated key says nothing of that: it was perhaps accepted the first time.
  -- An alert that was accepted does not say that the digests, which were refused, would be.
  IF became = 'sent' AND NOT was_indeterminate AND NOT (is_notification AND EXISTS (
      SELECT FROM timesheet.outgoing_emails AS d
      WHERE d.state = 'queued' AND d.last_attempt_at IS NOT NULL AND NOT timesheet.is_notification(d.delivery_id)))
  THEN
    PERFORM timesheet.update_sender_alert(NULL);
  END IF;
  RETURN became;
END
$$;
COMMENT ON FUNCTION timesheet.end_attempt(bigint, text, text, text, interval, boolean) IS
  'Records how an attempt ended: sent, failed, in_doubt, or queued for another after wait. indeterminate: it may have '
  'been accepted, so a later failure is in_doubt. An alert or a briefing is never in doubt, but queued again, and '
  'waits for an hour at most. Returns the new state.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.end_attempt(bigint, text, text, text, interval, boolean)',
  'EXECUTE TO timesheet_ingest');
