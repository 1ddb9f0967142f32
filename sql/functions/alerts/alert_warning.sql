CREATE OR REPLACE FUNCTION timesheet.alert_warning() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  webhook record;
  failure text;
BEGIN
  SELECT u.url, u.problem INTO webhook FROM timesheet.alert_webhook_url() AS u;
  IF webhook.problem IS NOT NULL THEN
    RETURN webhook.problem;
  ELSIF webhook.url IS NULL THEN
    RETURN NULL;
  END IF;
  BEGIN
    PERFORM timesheet.require_pg_net();
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT;
    RETURN 'the Vault has timesheet_alert_webhook_url, but ' || failure;
  END;
  IF NOT EXISTS (SELECT FROM timesheet.scheduled_jobs AS j WHERE j.name = 'timesheet-update-alerts') THEN
    RETURN 'the Vault has timesheet_alert_webhook_url, but the job timesheet-update-alerts is not scheduled: run '
      'SELECT timesheet.schedule_jobs()';
  END IF;
  RETURN (SELECT format('%s may read net.http_request_queue, where the secret timesheet_alert_webhook_url waits until '
      'it is sent: %s; as the owner of pg_net, REVOKE SELECT ON net.http_request_queue FROM PUBLIC, and GRANT it to '
      'the roles that send requests', timesheet.count_text(r.number, 'role', 'roles'), r.names)
    FROM timesheet.request_readers('{timesheet-update-alerts}') AS r WHERE r.number > 0);
EXCEPTION WHEN OTHERS THEN -- of the Vault
  RETURN 'the secret timesheet_alert_webhook_url of the Vault cannot be read: ' || SQLERRM;
END
$$;
COMMENT ON FUNCTION timesheet.alert_warning() IS
  'Where the Vault has an address for alerts of the database''s own (timesheet_alert_webhook_url): why it cannot post '
  'to it, or which roles may read it while it waits to be sent. Null: nothing is wrong, or there is none.';
CALL timesheet.set_grants('FUNCTION timesheet.alert_warning()', 'EXECUTE TO timesheet_ingest');
