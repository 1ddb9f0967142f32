-- Jobs by pg_cron, where the server has it in this database.

CREATE FUNCTION timesheet.require_pg_cron() RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF to_regprocedure('cron.schedule(text, text, text)') IS NULL THEN
    RAISE EXCEPTION 'pg_cron is not installed in database "%"', current_database()
      USING ERRCODE = 'feature_not_supported',
        -- What cron.database_name is now, only a superuser may read.
        HINT = format('Add pg_cron to shared_preload_libraries, set cron.database_name to %L, restart the server and run CREATE EXTENSION pg_cron as a superuser.',
          current_database());
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.require_pg_cron() IS 'Raises feature_not_supported, with the remedy, where pg_cron is missing.';

-- pg_cron keeps the history of every run for ever.
CREATE FUNCTION timesheet.prune_job_history(keep interval DEFAULT '14 days') RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  pruned bigint;
BEGIN
  PERFORM timesheet.require_pg_cron();
  IF NOT has_table_privilege('cron.job_run_details', 'DELETE') THEN
    RAISE NOTICE 'role "%" may not delete from cron.job_run_details; nothing was pruned', current_user;
    RETURN 0;
  END IF;
  DELETE FROM cron.job_run_details AS d USING cron.job AS j
  WHERE j.jobid = d.jobid AND j.jobname LIKE 'timesheet-%' AND coalesce(d.end_time, d.start_time) < now() - keep;
  GET DIAGNOSTICS pruned = ROW_COUNT;
  RETURN pruned;
END
$$;
COMMENT ON FUNCTION timesheet.prune_job_history(interval) IS 'Deletes the history of our own pg_cron jobs older than keep; returns how many rows went.';

CREATE FUNCTION timesheet.jobs() RETURNS TABLE (name text, schedule text, command text)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  VALUES
    ('timesheet-refresh', '* * * * *', 'SELECT timesheet.refresh_unless_under_way()'),
    ('timesheet-queue-digests', '*/10 * * * *', 'SELECT timesheet.queue_digests()'),
    ('timesheet-watch-feed', '*/5 * * * *', 'SELECT timesheet.watch_feed()'),
    ('timesheet-prune-ingest-runs', '7 3 * * *', 'SELECT timesheet.prune_ingest_runs()'),
    ('timesheet-prune-job-history', '17 3 * * *', 'SELECT timesheet.prune_job_history()')
$$;
COMMENT ON FUNCTION timesheet.jobs() IS 'The jobs that schedule_jobs() installs; schedules are in cron.timezone (GMT unless set). Each finds what is due in our tables, so a missed run is caught up by the next.';

CREATE FUNCTION timesheet.schedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  scheduled bigint;
BEGIN
  PERFORM timesheet.require_pg_cron();
  EXECUTE 'SELECT count(cron.schedule(j.name, j.schedule, j.command)) FROM timesheet.jobs() AS j' INTO scheduled;
  RETURN scheduled;
END
$$;
COMMENT ON FUNCTION timesheet.schedule_jobs() IS 'Installs our pg_cron jobs, or brings them up to date; returns how many there are. Safe to repeat. Errors: feature_not_supported where pg_cron is missing.';

CREATE FUNCTION timesheet.unschedule_jobs() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  unscheduled bigint;
BEGIN
  PERFORM timesheet.require_pg_cron();
  EXECUTE 'SELECT count(cron.unschedule(j.jobname)) FROM cron.job AS j
           WHERE j.jobname IN (SELECT o.name FROM timesheet.jobs() AS o) AND j.username = current_user' INTO unscheduled;
  RETURN unscheduled;
END
$$;
COMMENT ON FUNCTION timesheet.unschedule_jobs() IS 'Removes the jobs that schedule_jobs() installed; returns how many went. Safe to repeat. Errors: feature_not_supported where pg_cron is missing.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (13, '0013_jobs');
