CREATE OR REPLACE FUNCTION timesheet.jobs_of_others(named text[])
RETURNS TABLE (role_name text, job_id bigint, scheduled_at timestamptz, scheduled_at_text text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  IF row_security_active('cron.job'::regclass) THEN -- then the record is all that there is to see
    RETURN QUERY
      SELECT r.role_name, r.job_id, r.scheduled_at, r.scheduled_at_text FROM timesheet.recorded_jobs() AS r
      WHERE r.role_name <> current_user AND r.name = ANY (named) AND timesheet.job_exists(r.job_id);
  ELSE
    RETURN QUERY EXECUTE
      'SELECT j.username::text, j.jobid, r.scheduled_at, r.scheduled_at_text
       FROM timesheet.recorded_jobs() AS r
       RIGHT JOIN cron.job AS j ON j.jobid = r.job_id AND j.username = r.role_name
       WHERE j.username <> current_user AND j.database = current_database() AND j.jobname = ANY ($1)' USING named;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.jobs_of_others(text[]) IS
  'The pg_cron jobs of these names that another role scheduled: from cron.job where the caller may see all of it, else '
  'those in timesheet.scheduled_jobs that still exist. Needs pg_cron.';
CALL timesheet.set_grants('FUNCTION timesheet.jobs_of_others(text[])');
