CREATE OR REPLACE FUNCTION timesheet.unschedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  PERFORM timesheet.require_pg_cron();
  RETURN timesheet.remove_jobs(timesheet.former_jobs() || ARRAY(SELECT j.name FROM timesheet.jobs() AS j),
    'timesheet.unschedule_jobs()');
END
$$;
COMMENT ON FUNCTION timesheet.unschedule_jobs() IS
  'Removes the jobs that schedule_jobs() installed, for a superuser those of every role; returns how many went, and '
  'says by a notice which stay and whose they are. Safe to repeat. Errors: feature_not_supported where pg_cron is '
  'missing.';
CALL timesheet.set_grants('FUNCTION timesheet.unschedule_jobs()');
