CREATE OR REPLACE FUNCTION timesheet.jobs() RETURNS TABLE (name text, schedule text, command text)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  VALUES
    ('timesheet-refresh', '* * * * *', 'CALL timesheet.refresh_in_steps()'),
    ('timesheet-queue-digests', '*/10 * * * *', 'SELECT timesheet.queue_digests()'),
    ('timesheet-update-alerts', '* * * * *', 'SELECT timesheet.update_alerts()'),
    ('timesheet-prune-ingest-runs', '7 3 * * *', 'SELECT timesheet.prune_ingest_runs()'),
    ('timesheet-prune-notifications', '12 3 * * *', 'SELECT timesheet.prune_notifications()'),
    ('timesheet-prune-job-history', '17 3 * * *', 'SELECT timesheet.prune_job_history()'),
    ('timesheet-drop-unfinished-index', '37 3 * * 0', 'SELECT timesheet.drop_unfinished_index()'),
    ('timesheet-rebuild-index', '42 3 * * 0', 'REINDEX INDEX CONCURRENTLY timesheet.time_entries_session_order')
$$;
COMMENT ON FUNCTION timesheet.jobs() IS
  'The jobs that schedule_jobs() installs; schedules are in cron.timezone (GMT unless set). Each finds what is due in '
  'our tables, so a missed run is caught up by the next.';
CALL timesheet.set_grants('FUNCTION timesheet.jobs()');
