CREATE OR REPLACE FUNCTION timesheet.record_email_way(of_delivery bigint, has_worked boolean, was_refused boolean,
  why text) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  DELETE FROM timesheet.alert_notifications AS n WHERE was_refused AND n.delivery_id = of_delivery;
  SELECT timesheet.record_way('email ' || m.recipient, has_worked, was_refused, why)
  FROM timesheet.outbox_messages AS m WHERE m.delivery_id = of_delivery AND m.kind IN ('alert', 'briefing')
$$;
COMMENT ON FUNCTION timesheet.record_email_way(bigint, boolean, boolean, text) IS
  'As timesheet.record_way(), of the address of an alert or a briefing; of another e-mail nothing. Refused for good, '
  'the beginnings and ends in an alert count as not reported.';
CALL timesheet.set_grants('FUNCTION timesheet.record_email_way(bigint, boolean, boolean, text)');
