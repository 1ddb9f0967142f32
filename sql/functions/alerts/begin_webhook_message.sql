CREATE OR REPLACE FUNCTION timesheet.begin_webhook_message(message bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.webhook_messages AS m SET state = 'sending', attempts = m.attempts + 1,
    last_attempt_at = clock_timestamp()
  WHERE m.webhook_message_id = message AND m.state = 'queued';
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION timesheet.begin_webhook_message(bigint) IS
  'Records an attempt before the webhook is asked; false if the message is no longer queued.';
CALL timesheet.set_grants('FUNCTION timesheet.begin_webhook_message(bigint)', 'EXECUTE TO timesheet_ingest');
