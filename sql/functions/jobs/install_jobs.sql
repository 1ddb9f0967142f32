CREATE OR REPLACE FUNCTION timesheet.install_jobs(names text[], schedules text[], commands text[], obsolete text[])
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  named CONSTANT text[] := names || obsolete;
  ids bigint[];
BEGIN
  IF has_table_privilege('cron.job', 'DELETE') THEN -- all those that are left are of roles that are gone
    EXECUTE 'SELECT count(cron.unschedule(j.job_id)) FROM timesheet.jobs_of_others($1) AS j' USING named;
  END IF;
  -- Scheduling again changes a job, but one that is paused stays paused, and one that was moved to another database
  -- stays there.
  EXECUTE 'SELECT count(cron.unschedule(j.jobid)) FROM cron.job AS j
           WHERE j.username = current_user AND (j.jobname = ANY ($1)
             OR j.jobname = ANY ($2) AND (NOT j.active OR j.database <> current_database()))' USING obsolete, names;
  EXECUTE 'SELECT array_agg(cron.schedule(j.name, j.schedule, j.command) ORDER BY j.n)
           FROM unnest($1, $2, $3) WITH ORDINALITY AS j (name, schedule, command, n)'
    INTO ids USING names, schedules, commands;
  PERFORM timesheet.record_jobs(current_user, named, names, ids, ARRAY(
    SELECT r.job_id FROM timesheet.recorded_jobs() AS r WHERE NOT timesheet.job_exists(r.job_id)));
  RETURN cardinality(ids);
END
$$;
COMMENT ON FUNCTION timesheet.install_jobs(text[], text[], text[], text[]) IS
  'Installs pg_cron jobs of these names, or brings them up to date and lets them run if they were paused, and removes '
  'those under obsolete names; returns how many there are. First timesheet.require_no_other_scheduler().';
CALL timesheet.set_grants('FUNCTION timesheet.install_jobs(text[], text[], text[], text[])');
