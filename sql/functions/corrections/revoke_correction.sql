CREATE OR REPLACE FUNCTION timesheet.revoke_correction(correction bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  it record;
BEGIN
  PERFORM timesheet.require_writable();
  SELECT c.* INTO it FROM timesheet.corrections AS c WHERE c.correction_id = correction;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no correction %', coalesce(correction::text, 'null')
      USING ERRCODE = 'no_data_found', HINT = 'Take a correction_id of timesheet.corrections.';
  END IF;
  RETURN timesheet.correct_agents(it.agent_id, it.client_group_id, correction);
END
$$;
COMMENT ON FUNCTION timesheet.revoke_correction(bigint) IS
  'Takes back a correction of timesheet.corrections: hours are as if it had not been made. Returns how many entries '
  'changed. Errors: no_data_found for an unknown number, object_not_in_prerequisite_state if it was taken back before.';
CALL timesheet.set_grants('FUNCTION timesheet.revoke_correction(bigint)');
