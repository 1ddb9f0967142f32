-- Corrections of different agents do not wait for one another. Of the same form sent twice at once both begin; the
-- second waits for the agents, then it cannot record the request again, is undone, and returns what the first did.
CREATE OR REPLACE FUNCTION timesheet.begin_correction(actor text, action text, request uuid) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  PERFORM timesheet.require_actor(actor);
  PERFORM timesheet.require_writable();
  RETURN timesheet.earlier_action(action, request);
END
$$;
COMMENT ON FUNCTION timesheet.begin_correction(text, text, uuid) IS
  'As timesheet.begin_action(), for a correction: others need not end before.';
CALL timesheet.set_grants('FUNCTION timesheet.begin_correction(text, text, uuid)');
