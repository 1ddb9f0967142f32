CREATE OR REPLACE FUNCTION timesheet.is_notification(delivery bigint) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT EXISTS (SELECT FROM timesheet.outbox_messages AS m
    WHERE m.delivery_id = delivery AND m.kind IN ('alert', 'briefing'))
$$;
COMMENT ON FUNCTION timesheet.is_notification(bigint) IS
  'Whether an e-mail is an alert or a briefing, which is rather sent twice than not at all.';
CALL timesheet.set_grants('FUNCTION timesheet.is_notification(bigint)');
