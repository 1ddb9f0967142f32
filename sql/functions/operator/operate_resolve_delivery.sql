CREATE OR REPLACE FUNCTION timesheet.operate_resolve_delivery(actor text, delivery bigint, was_received boolean,
  request uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'resolve_delivery', request);
BEGIN
  IF done IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM timesheet.resolve_delivery(delivery, was_received);
  PERFORM timesheet.record_action(actor, 'resolve_delivery',
    jsonb_build_object('delivery', delivery, 'was_received', was_received), request);
END
$$;
COMMENT ON FUNCTION timesheet.operate_resolve_delivery(text, bigint, boolean, uuid) IS
  'timesheet.resolve_delivery(), recorded in timesheet.operator_actions.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_resolve_delivery(text, bigint, boolean, uuid)',
  'EXECUTE TO timesheet_operator');
