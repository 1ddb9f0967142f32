CREATE OR REPLACE FUNCTION timesheet.operate_resolve_deletions(actor text, alert bigint, accept boolean,
  request uuid DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_variable
DECLARE
  done CONSTANT jsonb := timesheet.begin_action(actor, 'resolve_deletions', request);
  result int;
BEGIN
  IF done IS NOT NULL THEN
    RETURN (done ->> 'result')::int;
  END IF;
  result := timesheet.resolve_deletions(alert, accept);
  PERFORM timesheet.record_action(actor, 'resolve_deletions',
    jsonb_build_object('alert', alert, 'accept', accept), request, to_jsonb(result));
  RETURN result;
END
$$;
COMMENT ON FUNCTION timesheet.operate_resolve_deletions(text, bigint, boolean, uuid) IS
  'timesheet.resolve_deletions(), recorded in timesheet.operator_actions. Returns how many objects or contacts.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.operate_resolve_deletions(text, bigint, boolean, uuid)',
  'EXECUTE TO timesheet_operator');
