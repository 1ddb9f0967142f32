-- pg_cron never deletes the history of its runs.
CREATE OR REPLACE FUNCTION timesheet.prune_job_history(keep interval DEFAULT '14 days') RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = on
AS $$
DECLARE
  pruned bigint;
BEGIN
  PERFORM timesheet.require_pg_cron();
  IF NOT has_table_privilege('cron.job_run_details', 'DELETE') THEN
    RAISE NOTICE 'role "%" may not delete from cron.job_run_details; nothing was pruned', current_user;
    RETURN 0;
  END IF;
  DELETE FROM cron.job_run_details AS d
  WHERE coalesce(d.end_time, d.start_time) < now() - keep
    AND (EXISTS (SELECT FROM cron.job AS j WHERE j.jobid = d.jobid AND j.jobname LIKE 'timesheet-%')
      -- Of jobs that are gone the command is left.
      OR d.database = current_database() AND d.command IN (
        SELECT o.command FROM timesheet.jobs() AS o UNION ALL SELECT o.command FROM timesheet.poller_jobs() AS o));
  GET DIAGNOSTICS pruned = ROW_COUNT;
  RETURN pruned;
END
$$;
COMMENT ON FUNCTION timesheet.prune_job_history(interval) IS
  'Deletes the history of our own pg_cron jobs older than keep; returns how many rows went.';
CALL timesheet.set_grants('FUNCTION timesheet.prune_job_history(interval)');
