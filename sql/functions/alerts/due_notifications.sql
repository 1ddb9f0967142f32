-- What ended longer ago than timesheet.notification_limit(), or before the way was there, is reported only to those who
-- heard of its beginning.
CREATE OR REPLACE FUNCTION timesheet.due_notifications()
RETURNS TABLE (way text, kind text, alert_id bigint, begins boolean, ends boolean)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH concerned AS MATERIALIZED ( -- few of all that there ever were
    SELECT a.* FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL
    UNION
    SELECT a.* FROM timesheet.alerts AS a
    WHERE a.resolved_at > now() - (SELECT l.lasts FROM timesheet.notification_limit() AS l)
    UNION
    SELECT a.* FROM timesheet.alert_notifications AS b JOIN timesheet.alerts AS a USING (alert_id)
    WHERE b.event = 'began' AND a.resolved_at IS NOT NULL AND NOT EXISTS (
      SELECT FROM timesheet.alert_notifications AS e
      WHERE e.alert_id = b.alert_id AND e.way = b.way AND e.event = 'ended')
  )
  SELECT w.way, a.kind, a.alert_id, b.alert_id IS NULL, a.resolved_at IS NOT NULL
  FROM timesheet.notification_ways AS w
  JOIN concerned AS a ON a.acknowledged_at IS NULL AND (a.kind, a.subject) <> ('notification_failed', w.way)
  LEFT JOIN timesheet.alert_notifications AS b ON b.alert_id = a.alert_id AND b.way = w.way AND b.event = 'began'
  LEFT JOIN timesheet.alert_notifications AS e ON e.alert_id = a.alert_id AND e.way = w.way AND e.event = 'ended'
  WHERE w.is_configured AND CASE
    WHEN a.resolved_at IS NULL THEN b.alert_id IS NULL
    WHEN b.alert_id IS NULL THEN e.alert_id IS NULL
      AND a.resolved_at > greatest(w.configured_since,
        now() - (SELECT l.lasts FROM timesheet.notification_limit() AS l))
    ELSE e.alert_id IS NULL END
$$;
COMMENT ON FUNCTION timesheet.due_notifications() IS
  'What each way that is configured has still to report: alerts that began or ended and are in no message of it yet. '
  'Left out are those that a person acknowledged, and that this way itself fails.';
CALL timesheet.set_grants('FUNCTION timesheet.due_notifications()');
