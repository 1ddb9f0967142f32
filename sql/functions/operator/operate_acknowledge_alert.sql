CREATE OR REPLACE FUNCTION timesheet.operate_acknowledge_alert(actor text, alert bigint,
  request uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'acknowledge_alert', request);
BEGIN
  IF done IS NOT NULL THEN
    RETURN;
  END IF;
  UPDATE timesheet.alerts AS a SET acknowledged_at = now(), acknowledged_by = timesheet.clean_text(actor)
  WHERE a.alert_id = alert AND a.resolved_at IS NULL AND a.acknowledged_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'alert % %', coalesce(alert::text, 'null'), coalesce(
        (SELECT CASE WHEN a.resolved_at IS NOT NULL THEN 'is over since ' || a.resolved_at
           ELSE format('was acknowledged by %s at %s', a.acknowledged_by, a.acknowledged_at) END
         FROM timesheet.alerts AS a WHERE a.alert_id = alert), 'does not exist')
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'See timesheet.alerts for those that are open.';
  END IF;
  PERFORM timesheet.record_action(actor, 'acknowledge_alert', jsonb_build_object('alert', alert), request);
END
$$;
COMMENT ON FUNCTION timesheet.operate_acknowledge_alert(text, bigint, uuid) IS
  'Silences an alert, which stays open until its cause is over. Recorded in timesheet.operator_actions. Errors: '
  'object_not_in_prerequisite_state where it is over, was acknowledged or does not exist.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_acknowledge_alert(text, bigint, uuid)',
  'EXECUTE TO timesheet_operator');
