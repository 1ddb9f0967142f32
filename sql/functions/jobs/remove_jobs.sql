CREATE OR REPLACE FUNCTION timesheet.remove_jobs(named text[], undone_by text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  removed bigint;
  other record;
BEGIN
  PERFORM timesheet.recorded_jobs(); -- alone, as a later statement sees what its lock waited for
  EXECUTE 'SELECT count(cron.unschedule(j.jobid)) FROM cron.job AS j
           WHERE j.jobname = ANY ($1) AND j.username = current_user' INTO removed USING named;
  FOR other IN
    SELECT j.role_name, array_agg(j.job_id) AS ids, coalesce(' on ' || min(j.scheduled_at_text), '') AS scheduled
    FROM timesheet.jobs_of_others(named) AS j GROUP BY j.role_name ORDER BY j.role_name
  LOOP
    IF has_table_privilege('cron.job', 'DELETE') THEN
      EXECUTE 'SELECT count(cron.unschedule(u.id)) FROM unnest($1) AS u (id)' USING other.ids;
      removed := removed + cardinality(other.ids);
    ELSE
      RAISE NOTICE 'not removed: % jobs that role "%" scheduled%', cardinality(other.ids), other.role_name,
        other.scheduled
        USING HINT = format('Run SELECT %s as that role or as a superuser.', undone_by);
    END IF;
  END LOOP;
  PERFORM timesheet.record_jobs(current_user, named, '{}', '{}', ARRAY(
    SELECT r.job_id FROM timesheet.recorded_jobs() AS r WHERE NOT timesheet.job_exists(r.job_id)));
  RETURN removed;
END
$$;
COMMENT ON FUNCTION timesheet.remove_jobs(text[], text) IS
  'Removes the pg_cron jobs of these names, for a superuser those of every role; returns how many went, and says by a '
  'notice which stay, whose they are, and the call that removes them.';
CALL timesheet.set_grants('FUNCTION timesheet.remove_jobs(text[], text)');
