CREATE OR REPLACE FUNCTION timesheet.unschedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  unscheduled bigint;
BEGIN
  PERFORM timesheet.require_pg_cron();
  EXECUTE 'SELECT count(cron.unschedule(j.jobname)) FROM cron.job AS j
           WHERE j.jobname IN (SELECT o.name FROM timesheet.jobs() AS o
                               UNION ALL SELECT unnest(timesheet.former_jobs()))
             AND j.username = current_user' INTO unscheduled;
  RETURN unscheduled;
END
$$;
COMMENT ON FUNCTION timesheet.unschedule_jobs() IS
  'Removes the jobs that schedule_jobs() installed; returns how many went. Safe to repeat. Errors: '
  'feature_not_supported where pg_cron is missing.';
CALL timesheet.set_grants('FUNCTION timesheet.unschedule_jobs()');
