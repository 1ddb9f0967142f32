-- A role sees only its own rows of cron.job. But cron.unschedule() finds any job by its id, and only then asks whether
-- the caller may delete it. Whatever it did is undone here.
CREATE OR REPLACE FUNCTION timesheet.job_exists(of_job bigint) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
BEGIN
  EXECUTE 'SELECT cron.unschedule($1)' USING of_job;
  RAISE EXCEPTION USING ERRCODE = 'triggered_action_exception'; -- it was there: put it back
EXCEPTION
  WHEN triggered_action_exception OR insufficient_privilege THEN RETURN true;
  WHEN internal_error THEN RETURN false; -- could not find valid entry
END
$$;
COMMENT ON FUNCTION timesheet.job_exists(bigint) IS
  'Whether pg_cron has a job of this id, also one of another role, whose row of cron.job is hidden.';
CALL timesheet.set_grants('FUNCTION timesheet.job_exists(bigint)');
