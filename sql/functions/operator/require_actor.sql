CREATE OR REPLACE FUNCTION timesheet.require_actor(actor text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF timesheet.clean_text(actor) IS NULL THEN
    RAISE EXCEPTION 'the actor is %', CASE WHEN actor IS NULL THEN 'null' ELSE 'blank' END
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the address of the person who does it.';
  END IF;
  IF length(actor) > 320 THEN -- the longest address that there can be
    RAISE EXCEPTION 'the actor has % characters, not 320 at most', length(actor)
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the address of the person who does it.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_actor(text) IS
  'Errors: invalid_parameter_value without an actor or for one of more than 320 characters.';
CALL timesheet.set_grants('FUNCTION timesheet.require_actor(text)');
