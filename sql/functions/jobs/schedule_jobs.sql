CREATE OR REPLACE FUNCTION timesheet.schedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  scheduled bigint;
BEGIN
  PERFORM timesheet.require_pg_cron();
  EXECUTE 'SELECT count(cron.unschedule(j.jobname)) FROM cron.job AS j
           WHERE j.jobname = ANY (timesheet.former_jobs()) AND j.username = current_user';
  EXECUTE 'SELECT count(cron.schedule(j.name, j.schedule, j.command)) FROM timesheet.jobs() AS j' INTO scheduled;
  RETURN scheduled;
END
$$;
COMMENT ON FUNCTION timesheet.schedule_jobs() IS
  'Installs our pg_cron jobs, or brings them up to date, and removes those under names of other versions; returns how '
  'many there are. Safe to repeat. Errors: feature_not_supported where pg_cron is missing.';
CALL timesheet.set_grants('FUNCTION timesheet.schedule_jobs()');
