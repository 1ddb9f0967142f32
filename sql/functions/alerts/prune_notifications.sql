-- What reported an alert that is open stays, or the alert would be reported again.
CREATE OR REPLACE FUNCTION timesheet.prune_notifications(keep interval DEFAULT '90 days') RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  pruned bigint;
  more bigint;
BEGIN
  DELETE FROM timesheet.alert_notifications AS n USING timesheet.alerts AS a
  WHERE a.alert_id = n.alert_id AND n.queued_at < now() - keep
    AND a.resolved_at < now() - greatest(keep, '24 hours');
  DELETE FROM timesheet.webhook_messages AS m
  WHERE m.state IN ('sent', 'failed') AND m.created_at < now() - keep AND NOT EXISTS (
    SELECT FROM timesheet.alert_notifications AS n WHERE n.webhook_message_id = m.webhook_message_id);
  GET DIAGNOSTICS pruned = ROW_COUNT;
  DELETE FROM timesheet.outbox_messages AS m
  WHERE m.kind IN ('alert', 'briefing') AND m.state IN ('sent', 'failed') AND m.created_at < now() - keep
    AND NOT EXISTS (SELECT FROM timesheet.alert_notifications AS n WHERE n.delivery_id = m.delivery_id);
  GET DIAGNOSTICS more = ROW_COUNT;
  RETURN pruned + more;
END
$$;
COMMENT ON FUNCTION timesheet.prune_notifications(interval) IS
  'Deletes messages about alerts, and briefings, that ended longer ago than keep, but not what reported alerts that '
  'are open or ended since. Returns how many messages went.';
CALL timesheet.set_grants('FUNCTION timesheet.prune_notifications(interval)');
