CREATE OR REPLACE FUNCTION timesheet.operate_set_client_group(actor text, client_group int, time_zone text,
  week_starts_on int, request uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'set_client_group', request);
BEGIN
  IF done IS NOT NULL THEN
    RETURN;
  END IF;
  IF client_group IS NULL THEN
    RAISE EXCEPTION 'there is no client group null'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Take a client_group_id of timesheet.client_groups.';
  END IF;
  PERFORM timesheet.require_known(NULL, client_group);
  IF week_starts_on NOT BETWEEN 1 AND 7 THEN
    RAISE EXCEPTION 'week_starts_on must be from 1 (Monday) to 7 (Sunday), not %', week_starts_on
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give null for the one of timesheet.settings.';
  END IF;
  UPDATE timesheet.client_groups AS g SET time_zone = operate_set_client_group.time_zone,
    week_starts_on = operate_set_client_group.week_starts_on
  WHERE g.client_group_id = client_group;
  PERFORM timesheet.record_action(actor, 'set_client_group',
    jsonb_build_object('client_group', client_group, 'time_zone', time_zone,
    'week_starts_on', week_starts_on), request);
END
$$;
COMMENT ON FUNCTION timesheet.operate_set_client_group(text, int, text, int, uuid) IS
  'Sets the reporting zone of a client group and the first day of its week (ISO: 1 Monday to 7 Sunday); null is '
  'the one of timesheet.settings. Recorded in timesheet.operator_actions. Errors: invalid_parameter_value.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_set_client_group(text, int, text, int, uuid)',
  'EXECUTE TO timesheet_operator');
