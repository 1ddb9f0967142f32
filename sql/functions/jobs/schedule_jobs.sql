CREATE OR REPLACE FUNCTION timesheet.schedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  others text;
  names text[];
  ids bigint[];
BEGIN
  PERFORM timesheet.require_pg_cron();
  PERFORM timesheet.recorded_jobs(); -- alone, as a later statement sees what its lock waited for
  SELECT string_agg(o.role, ', ') INTO others FROM (
    SELECT format('role "%s"', j.role_name) || coalesce(' on ' || min(j.scheduled_at_text), '') AS role
    FROM timesheet.jobs_of_others() AS j JOIN pg_roles AS r ON r.rolname = j.role_name
    GROUP BY j.role_name ORDER BY j.role_name) AS o;
  IF others IS NOT NULL THEN
    RAISE EXCEPTION 'the jobs of timesheet are scheduled already, by %', others
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'To move them, run SELECT timesheet.unschedule_jobs() as that role or as a superuser; then run this '
          'again.';
  END IF;
  IF has_table_privilege('cron.job', 'DELETE') THEN -- all those that are left are of roles that are gone
    EXECUTE 'SELECT count(cron.unschedule(j.job_id)) FROM timesheet.jobs_of_others() AS j';
  END IF;
  -- Scheduling again changes a job, but one that is paused stays paused, and one that was moved to another database
  -- stays there.
  EXECUTE 'SELECT count(cron.unschedule(j.jobid)) FROM cron.job AS j
           WHERE j.username = current_user AND (j.jobname = ANY (timesheet.former_jobs())
             OR j.jobname IN (SELECT o.name FROM timesheet.jobs() AS o)
               AND (NOT j.active OR j.database <> current_database()))';
  EXECUTE 'SELECT array_agg(s.name), array_agg(s.id) FROM (
             SELECT j.name, cron.schedule(j.name, j.schedule, j.command) AS id FROM timesheet.jobs() AS j) AS s'
    INTO names, ids;
  PERFORM timesheet.record_jobs(current_user, names, ids, ARRAY(
    SELECT r.job_id FROM timesheet.recorded_jobs() AS r WHERE NOT timesheet.job_exists(r.job_id)));
  RETURN cardinality(ids);
END
$$;
COMMENT ON FUNCTION timesheet.schedule_jobs() IS
  'Installs our pg_cron jobs, or brings them up to date and lets them run if they were paused, and removes those under '
  'names of other versions; returns how many there are. Safe to repeat. Errors: feature_not_supported where pg_cron is '
  'missing, object_not_in_prerequisite_state where another role scheduled them, which it names.';
CALL timesheet.set_grants('FUNCTION timesheet.schedule_jobs()');
