CREATE OR REPLACE FUNCTION timesheet.schedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  PERFORM timesheet.require_pg_cron();
  PERFORM timesheet.require_no_other_scheduler(
    timesheet.former_jobs() || ARRAY(SELECT j.name FROM timesheet.jobs() AS j), 'the jobs of timesheet are',
    'timesheet.unschedule_jobs()');
  RETURN (
    SELECT timesheet.install_jobs(array_agg(j.name), array_agg(j.schedule), array_agg(j.command),
      timesheet.former_jobs())
    FROM timesheet.jobs() AS j);
END
$$;
COMMENT ON FUNCTION timesheet.schedule_jobs() IS
  'Installs our pg_cron jobs, or brings them up to date and lets them run if they were paused, and removes those under '
  'names of other versions; returns how many there are. Safe to repeat. Errors: feature_not_supported where pg_cron is '
  'missing, object_not_in_prerequisite_state where another role scheduled them, which it names.';
CALL timesheet.set_grants('FUNCTION timesheet.schedule_jobs()');
