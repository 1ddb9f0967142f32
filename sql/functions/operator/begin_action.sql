-- One at a time, so that the same form sent twice at once acts once.
CREATE OR REPLACE FUNCTION timesheet.begin_action(actor text, action text, request uuid) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  earlier record;
BEGIN
  IF timesheet.clean_text(actor) IS NULL THEN
    RAISE EXCEPTION 'the actor is %', CASE WHEN actor IS NULL THEN 'null' ELSE 'blank' END
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the address of the person who does it.';
  END IF;
  IF length(actor) > 320 THEN -- the longest address that there can be
    RAISE EXCEPTION 'the actor has % characters, not 320 at most', length(actor)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the address of the person who does it.';
  END IF;
  PERFORM timesheet.require_writable();
  PERFORM timesheet.take_lock('operator_lock');
  IF request IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT o.action, o.result INTO earlier FROM timesheet.operator_actions AS o WHERE o.request = begin_action.request;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF earlier.action <> begin_action.action THEN
    RAISE EXCEPTION 'request % was for %, not for %', request, earlier.action, begin_action.action
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give each form an id of its own.';
  END IF;
  RETURN jsonb_build_object('result', earlier.result);
END
$$;
COMMENT ON FUNCTION timesheet.begin_action(text, text, uuid) IS
  'Begins an action of staff, one at a time. Null: it is to be done; else it was done under this request, and this is '
  '{"result": what it returned}. Errors: invalid_parameter_value without an actor or for one of more than 320 '
  'characters, or for a request of another action.';
CALL timesheet.set_grants('FUNCTION timesheet.begin_action(text, text, uuid)');
