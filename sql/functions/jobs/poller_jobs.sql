-- Sync, nightly and backfill exclude one another, so each has minutes of its own: within ten, sync at 0 and 5, nightly
-- from 1, backfill from 6, and a pass takes at most four.
CREATE OR REPLACE FUNCTION timesheet.poller_jobs() RETURNS TABLE (job text, name text, schedule text, command text)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT v.job, 'timesheet-poller-' || v.job, v.schedule, format('SELECT timesheet.call_job(%L)', v.job)
  FROM (VALUES
    ('sync', '*/5 * * * *'),
    ('nightly', '1-59/10 * * * *'),
    ('contacts', '8 * * * *'),
    ('digests', '3-59/10 * * * *'),
    ('backfill', '6-59/10 * * * *')) AS v (job, schedule)
$$;
COMMENT ON FUNCTION timesheet.poller_jobs() IS
  'The jobs that schedule_poller() installs, backfill only while one is under way; schedules are in cron.timezone (GMT '
  'unless set), whose minutes are those of every time zone but few. Each finds what is due in our tables.';
CALL timesheet.set_grants('FUNCTION timesheet.poller_jobs()');
