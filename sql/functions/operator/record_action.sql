CREATE OR REPLACE FUNCTION timesheet.record_action(actor text, action text, arguments jsonb, request uuid,
  result jsonb DEFAULT NULL) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  INSERT INTO timesheet.operator_actions (actor, action, arguments, request, result)
  SELECT timesheet.clean_text(actor), action,
    (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(arguments) AS e WHERE e.value <> 'null'),
    request, result
$$;
COMMENT ON FUNCTION timesheet.record_action(text, text, jsonb, uuid, jsonb) IS
  'Records an action of staff that succeeded, in the same transaction. Arguments that are null are left out, not the '
  'nulls within one.';
CALL timesheet.set_grants('FUNCTION timesheet.record_action(text, text, jsonb, uuid, jsonb)');
