CREATE OR REPLACE FUNCTION timesheet.set_revoked(correction bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  revoked_before timestamptz;
BEGIN
  SELECT c.revoked_at INTO revoked_before FROM timesheet.corrections AS c WHERE c.correction_id = correction;
  IF revoked_before IS NOT NULL THEN
    RAISE EXCEPTION 'correction % was taken back already, at %', correction, revoked_before
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Make it again as a new one if it is to count.';
  END IF;
  UPDATE timesheet.client_group_assignments AS a SET revoked_at = clock_timestamp()
  WHERE a.correction_id = correction;
  UPDATE timesheet.working_time_overrides AS w SET revoked_at = clock_timestamp() WHERE w.correction_id = correction;
END
$$;
COMMENT ON FUNCTION timesheet.set_revoked(bigint) IS
  'Records that a correction was taken back, for a caller that has locked its agents. Errors: '
  'object_not_in_prerequisite_state if it was taken back before.';
CALL timesheet.set_grants('FUNCTION timesheet.set_revoked(bigint)');
