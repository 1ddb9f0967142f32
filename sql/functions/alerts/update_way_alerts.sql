-- A pass tries an e-mail several times within seconds, so their number alone is no failure that lasts.
CREATE OR REPLACE FUNCTION timesheet.update_way_alerts() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT timesheet.raise_alerts('notification_failed', array_agg(w.way ORDER BY w.way),
    array_agg(format('%s since %s: %s',
      CASE WHEN w.way = 'webhook' THEN 'messages to the webhook fail'
        ELSE 'e-mails to ' || substr(w.way, 7) || ' fail' END,
      timesheet.office_time_text(w.failing_since), coalesce(w.last_error, 'no reason is known')) ORDER BY w.way))
  FROM timesheet.notification_ways AS w
  WHERE w.is_configured AND (w.is_refused
    OR w.failures >= 3 AND w.failing_since <= clock_timestamp() - interval '5 minutes')
$$;
COMMENT ON FUNCTION timesheet.update_way_alerts() IS
  'Raises the alert notification_failed of each way that is configured and was refused, or failed three times in a '
  'row and for five minutes; resolves it when the way works or is not configured any more.';
CALL timesheet.set_grants('FUNCTION timesheet.update_way_alerts()');
