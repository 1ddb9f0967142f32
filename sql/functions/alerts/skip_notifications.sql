CREATE OR REPLACE FUNCTION timesheet.skip_notifications() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  INSERT INTO timesheet.alert_notifications (alert_id, way, event)
  SELECT a.alert_id, w.way, e.event
  FROM timesheet.alerts AS a CROSS JOIN timesheet.notification_ways AS w
  CROSS JOIN unnest(ARRAY['began', 'ended']) AS e (event)
  WHERE a.acknowledged_at IS NOT NULL AND w.is_configured AND (e.event = 'began' OR a.resolved_at IS NOT NULL)
    AND (a.resolved_at IS NULL
      OR a.resolved_at > now() - (SELECT l.lasts FROM timesheet.notification_limit() AS l))
    AND NOT EXISTS (SELECT FROM timesheet.alert_notifications AS n
      WHERE n.alert_id = a.alert_id AND n.way = w.way AND n.event = e.event)
  ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION timesheet.skip_notifications() IS
  'Records that no message reports what begins and ends of alerts that a person has acknowledged.';
CALL timesheet.set_grants('FUNCTION timesheet.skip_notifications()');
