CREATE OR REPLACE FUNCTION timesheet.revoke_correction(correction bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  it record;
  touched int[];
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.lock_writers();
  SELECT c.* INTO it FROM timesheet.corrections AS c WHERE c.correction_id = correction;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no correction %', coalesce(correction::text, 'null')
      USING ERRCODE = 'no_data_found', HINT = 'Take a correction_id of timesheet.corrections.';
  END IF;
  IF it.revoked_at IS NOT NULL THEN
    RAISE EXCEPTION 'correction % was taken back already, at %', correction, it.revoked_at
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Make it again as a new one if it is to count.';
  END IF;

  UPDATE timesheet.client_group_assignments AS a SET revoked_at = clock_timestamp()
  WHERE a.correction_id = correction;
  UPDATE timesheet.working_time_overrides AS w SET revoked_at = clock_timestamp() WHERE w.correction_id = correction;
  touched := timesheet.agents_of_correction(it.kind, it.agent_id, it.client_group_id);
  PERFORM timesheet.rebuild_agent_history(touched);
  RETURN timesheet.reassign_workdays(touched);
END
$$;
COMMENT ON FUNCTION timesheet.revoke_correction(bigint) IS
  'Takes back a correction of timesheet.corrections: hours are as if it had not been made. Returns how many entries '
  'changed. Errors: no_data_found for an unknown number, object_not_in_prerequisite_state if it was taken back before.';
CALL timesheet.set_grants('FUNCTION timesheet.revoke_correction(bigint)');
