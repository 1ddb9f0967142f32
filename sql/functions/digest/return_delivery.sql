CREATE OR REPLACE FUNCTION timesheet.return_delivery(for_delivery bigint, attempt_error text,
  wait interval DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.outgoing_emails AS d
  SET state = 'queued', attempts = d.attempts - 1, error = attempt_error,
    -- The time in which the provider recognises the key begins with an attempt that counts.
    first_attempt_at = CASE WHEN d.attempts > 1 THEN d.first_attempt_at END,
    next_attempt_at = clock_timestamp() + CASE WHEN timesheet.is_notification(for_delivery)
      THEN least(coalesce(wait, '0'), '01:00') ELSE coalesce(wait, '0') END
  WHERE d.delivery_id = for_delivery AND d.state = 'sending';
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM timesheet.record_email_way(for_delivery, false, false, attempt_error);
  RETURN true;
END
$$;
COMMENT ON FUNCTION timesheet.return_delivery(bigint, text, interval) IS
  'Returns a delivery to the queue after an attempt that was refused, but not because of it: the attempt does not '
  'count. An alert or a briefing waits for an hour at most. False if it was not being sent.';
CALL timesheet.set_grants('FUNCTION timesheet.return_delivery(bigint, text, interval)', 'EXECUTE TO timesheet_ingest');
