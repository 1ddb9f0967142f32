CREATE OR REPLACE FUNCTION timesheet.require_no_other_scheduler(named text[], what text, undone_by text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  others text;
BEGIN
  PERFORM timesheet.recorded_jobs(); -- alone, as a later statement sees what its lock waited for
  SELECT string_agg(o.role, ', ') INTO others FROM (
    SELECT format('role "%s"', j.role_name) || coalesce(' on ' || min(j.scheduled_at_text), '') AS role
    FROM timesheet.jobs_of_others(named) AS j JOIN pg_roles AS r ON r.rolname = j.role_name
    GROUP BY j.role_name ORDER BY j.role_name) AS o;
  IF others IS NOT NULL THEN
    RAISE EXCEPTION '% scheduled already, by %', what, others
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = format('To move them, run SELECT %s as that role or as a superuser; then run this again.', undone_by);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_no_other_scheduler(text[], text, text) IS
  'Raises object_not_in_prerequisite_state where another role scheduled pg_cron jobs of these names: who, and the call '
  'that removes them. A role that schedules at the same time waits.';
CALL timesheet.set_grants('FUNCTION timesheet.require_no_other_scheduler(text[], text, text)');
