CREATE OR REPLACE FUNCTION timesheet.unschedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  unscheduled bigint;
  other record;
BEGIN
  PERFORM timesheet.require_pg_cron();
  PERFORM timesheet.recorded_jobs(); -- alone, as a later statement sees what its lock waited for
  EXECUTE 'SELECT count(cron.unschedule(j.jobid)) FROM cron.job AS j
           WHERE j.jobname IN (SELECT o.name FROM timesheet.jobs() AS o
                               UNION ALL SELECT unnest(timesheet.former_jobs()))
             AND j.username = current_user' INTO unscheduled;
  FOR other IN
    SELECT j.role_name, array_agg(j.job_id) AS ids, coalesce(' on ' || min(j.scheduled_at_text), '') AS scheduled
    FROM timesheet.jobs_of_others() AS j GROUP BY j.role_name ORDER BY j.role_name
  LOOP
    IF has_table_privilege('cron.job', 'DELETE') THEN
      EXECUTE 'SELECT count(cron.unschedule(u.id)) FROM unnest($1) AS u (id)' USING other.ids;
      unscheduled := unscheduled + cardinality(other.ids);
    ELSE
      RAISE NOTICE 'not removed: % jobs that role "%" scheduled%', cardinality(other.ids), other.role_name,
        other.scheduled
        USING HINT = 'Run SELECT timesheet.unschedule_jobs() as that role or as a superuser.';
    END IF;
  END LOOP;
  PERFORM timesheet.record_jobs(current_user, '{}', '{}', ARRAY(
    SELECT r.job_id FROM timesheet.recorded_jobs() AS r WHERE NOT timesheet.job_exists(r.job_id)));
  RETURN unscheduled;
END
$$;
COMMENT ON FUNCTION timesheet.unschedule_jobs() IS
  'Removes the jobs that schedule_jobs() installed, for a superuser those of every role; returns how many went, and '
  'says by a notice which stay and whose they are. Safe to repeat. Errors: feature_not_supported where pg_cron is '
  'missing.';
CALL timesheet.set_grants('FUNCTION timesheet.unschedule_jobs()');
