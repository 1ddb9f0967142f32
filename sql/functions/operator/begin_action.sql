-- One at a time, so that the same form sent twice at once acts once.
CREATE OR REPLACE FUNCTION timesheet.begin_action(actor text, action text, request uuid) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.require_actor(actor);
  PERFORM timesheet.require_writable();
  PERFORM timesheet.take_lock('operator_lock');
  RETURN timesheet.earlier_action(action, request);
END
$$;
COMMENT ON FUNCTION timesheet.begin_action(text, text, uuid) IS
  'Begins an action of staff, one at a time. Null: it is to be done; else it was done under this request, and this is '
  '{"result": what it returned}. Errors: invalid_parameter_value without an actor or for one of more than 320 '
  'characters, or for a request of another action.';
CALL timesheet.set_grants('FUNCTION timesheet.begin_action(text, text, uuid)');
