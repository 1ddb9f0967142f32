CREATE OR REPLACE FUNCTION timesheet.unschedule_poller() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  names CONSTANT text[] := ARRAY(SELECT j.name FROM timesheet.poller_jobs() AS j);
  removed bigint;
BEGIN
  PERFORM timesheet.require_pg_cron();
  removed := timesheet.remove_jobs(names, 'timesheet.unschedule_poller()');
  IF NOT EXISTS (SELECT FROM timesheet.jobs_of_others(names)) THEN
    DELETE FROM timesheet.poller;
    DELETE FROM timesheet.poller_calls; -- no job would be left that deletes them after 14 days
    PERFORM timesheet.resolve_alert('poller_unreachable', j.job) FROM timesheet.poller_jobs() AS j;
  END IF;
  RETURN removed;
END
$$;
COMMENT ON FUNCTION timesheet.unschedule_poller() IS
  'Removes the jobs that schedule_poller() installed, for a superuser those of every role; returns how many went, and '
  'says by a notice which stay and whose they are. Once none is left, their alerts are resolved and the record of '
  'their calls is deleted. Safe to repeat. Errors: feature_not_supported where pg_cron is missing.';
CALL timesheet.set_grants('FUNCTION timesheet.unschedule_poller()');
