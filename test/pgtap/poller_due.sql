-- When the poller's nightly and backfill are due: by the run log, in settings.default_time_zone.
\ir setup.sql
SELECT plan(52);

CREATE FUNCTION spec.nightly(at timestamptz, status text DEFAULT 'succeeded') RETURNS void
LANGUAGE sql AS $$
  INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
  VALUES ('nightly', at::date - 35, at::date + 1, status, at, at + interval '1 minute')
$$;

-- 03:00 in Manila is 19:00 UTC of the day before.
UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila';
SELECT is(timesheet.nightly_resync_is_due('2026-03-02 12:00Z'), true, 'the first one is due at once');
SELECT nightly('2026-03-02 19:00Z', 'failed');
SELECT is(timesheet.nightly_resync_is_due('2026-03-02 19:10Z'), true, 'one that failed is due again');
SELECT nightly('2026-03-02 19:10Z', 'running');
SELECT is(timesheet.nightly_resync_is_due('2026-03-02 19:20Z'), true, 'so is one that did not end');
SELECT nightly('2026-03-02 19:20Z');
SELECT is(timesheet.nightly_resync_is_due(v.at), v.due, v.what) FROM (VALUES
  ('2026-03-02 19:19Z'::timestamptz, true, 'a later one does not count'),
  ('2026-03-02 19:30Z', false, 'one that succeeded is not'),
  ('2026-03-03 18:59:59Z', false, 'until the next night'),
  ('2026-03-03 19:00Z', true, 'which begins at 03:00')) AS v (at, due, what);

-- The settings change meanwhile: 03:00 in Lisbon is 03:00 UTC in winter.
UPDATE timesheet.settings SET default_time_zone = 'Europe/Lisbon';
SELECT is(timesheet.nightly_resync_is_due(v.at), v.due, v.what) FROM (VALUES
  ('2026-03-02 20:00Z'::timestamptz, false, 'the night of the new zone has one already'),
  ('2026-03-03 02:59Z', false, 'until its own 03:00'),
  ('2026-03-03 03:00Z', true, 'then it is due')) AS v (at, due, what);

-- Athens skips 03:00 to 04:00 on 29 March 2026 at 01:00 UTC, and has it twice on 25 October (00:00 and 01:00 UTC).
UPDATE timesheet.settings SET default_time_zone = 'Europe/Athens';
SELECT nightly('2026-03-28 01:05Z');
SELECT is(timesheet.nightly_resync_is_due('2026-03-29 00:59:59Z'), false, 'before the hour that DST skips');
SELECT is(timesheet.nightly_resync_is_due('2026-03-29 01:00Z'), true, 'where there is no 03:00, at 04:00');
SELECT nightly('2026-03-29 01:01Z');
SELECT is(timesheet.nightly_resync_is_due('2026-03-29 23:59:59Z'), false, 'once');
SELECT is(timesheet.nightly_resync_is_due('2026-03-30 00:00Z'), true, 'and at 03:00 of summer the next night');
SELECT nightly('2026-10-24 00:01Z');
SELECT is(timesheet.nightly_resync_is_due('2026-10-24 23:59:59Z'), false, 'before the hour that DST repeats');
SELECT is(timesheet.nightly_resync_is_due('2026-10-25 00:00Z'), true, 'at the first 03:00');
SELECT nightly('2026-10-25 00:01Z');
SELECT is(timesheet.nightly_resync_is_due(v.at), v.due, v.what) FROM (VALUES
  ('2026-10-25 00:10Z'::timestamptz, false, 'not again ten minutes later'),
  ('2026-10-25 01:00Z', false, 'nor at the second 03:00'),
  ('2026-10-25 02:00Z', false, 'nor after it'),
  ('2026-10-26 01:00Z', true, 'but at 03:00 of winter the next night')) AS v (at, due, what);
-- Havana's clocks go back at 01:00 to 00:00, Lord Howe's by half an hour: 03:00 is there once.
UPDATE timesheet.settings SET default_time_zone = 'America/Havana';
SELECT nightly('2026-11-01 08:00Z');
SELECT is(timesheet.nightly_resync_is_due('2026-11-02 07:59Z'), false, 'Havana: not before the next 03:00');

-- Backfill: each day from the first one on, to today.
SELECT is(timesheet.due_parameters('backfill'), NULL, 'none was asked for');
DELETE FROM timesheet.ingest_runs;
INSERT INTO timesheet.poller (base_url, backfill_since)
SELECT 'https://jobs.example.com', (now() AT TIME ZONE 'UTC')::date - 100;
CREATE FUNCTION spec.due_days() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' to ', (p ->> 'since')::date - (now() AT TIME ZONE 'UTC')::date,
    (p ->> 'until')::date - (now() AT TIME ZONE 'UTC')::date)
  FROM timesheet.due_parameters('backfill') AS p
$$;
CREATE FUNCTION spec.ran(command text, first_day int, last_day int, status text DEFAULT 'succeeded') RETURNS void
LANGUAGE sql AS $$
  INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
  VALUES (command, (now() AT TIME ZONE 'UTC')::date + first_day, (now() AT TIME ZONE 'UTC')::date + last_day, status,
    now(), now())
$$;
SELECT is(due_days(), '-100 to 0', 'nothing was read yet: all of it');
SELECT ran('sync', -3, 1);
SELECT is(due_days(), '-100 to -4', 'what the sync reads is left out');
SELECT ran('backfill', -100, -73);
SELECT timesheet.keep_pass('backfill', (now() AT TIME ZONE 'UTC')::date - 100, (now() AT TIME ZONE 'UTC')::date - 72,
  28, 0, true, NULL, now());
SELECT is(due_days(), '-100 to -4', 'the pass that was cut is named by its first day, and goes on from there');
SELECT ran('backfill', -72, -45, 'failed');
SELECT ran('backfill', -44, -4);
SELECT is(due_days(), '-100 to -45', 'a day that failed is still to be read');
SELECT timesheet.keep_pass('backfill', (now() AT TIME ZONE 'UTC')::date - 100, (now() AT TIME ZONE 'UTC')::date - 3,
  28, 0, true, 'one entry', now());
SELECT is(due_days(), '-100 to -4', 'by a pass that did not end, to where it is');
DELETE FROM timesheet.unfinished_passes;
SELECT is(due_days(), '-72 to -45', 'else alone');
SELECT ran('backfill', -72, -45);
SELECT ran('nightly', -35, 1);
SELECT timesheet.keep_pass('backfill', (now() AT TIME ZONE 'UTC')::date - 72, (now() AT TIME ZONE 'UTC')::date - 44,
  28, 0, true, NULL, now());
SELECT is(due_days(), '-72 to -45', 'a pass that read its last day has to end');
DELETE FROM timesheet.unfinished_passes;
SELECT timesheet.keep_pass('backfill', (now() AT TIME ZONE 'UTC')::date - 72, (now() AT TIME ZONE 'UTC')::date - 72,
  28, 0, true, NULL, now());
SELECT is(due_days(), '-72 to -72', 'one that was cut before its first day, which another has read, must end too');
DELETE FROM timesheet.unfinished_passes;
SELECT timesheet.keep_pass('backfill', (now() AT TIME ZONE 'UTC')::date - 500, (now() AT TIME ZONE 'UTC')::date - 400,
  28, 0, true, NULL, now());
SELECT is(timesheet.due_parameters('backfill'), NULL, 'with each day read it is complete, whatever lies before it');

-- The audit at the end of a nightly that was cut.
UPDATE timesheet.settings SET default_time_zone = 'UTC';
SELECT ran('nightly', -35, 1);
SELECT is(timesheet.due_parameters('nightly'), NULL, 'a nightly that succeeded is not due');
SELECT timesheet.keep_pass('nightly audit', (now() AT TIME ZONE 'UTC')::date - 34,
  (now() AT TIME ZONE 'UTC')::date - 34, 1, 0, false, NULL, now() - interval '19 hours');
SELECT is(timesheet.due_parameters('nightly'), '{}'::jsonb, 'but where its audit is left');
SELECT is((SELECT (p.since - (now() AT TIME ZONE 'UTC')::date, p.slice_days)::text FROM timesheet.resume_pass(
    'nightly audit', (now() AT TIME ZONE 'UTC')::date - 33, (now() AT TIME ZONE 'UTC')::date + 2) AS p), '(-34,1)',
  'which the next call finds, also after midnight');
UPDATE timesheet.unfinished_passes SET began_at = now() - interval '21 hours' WHERE command = 'nightly audit';
SELECT is(timesheet.due_parameters('nightly'), NULL, 'of that night');
SELECT is(timesheet.due_parameters('sync'), '{}'::jsonb, 'sync is due each time');

-- What was read and counts, but fails as it could not be proven what was deleted.
CREATE FUNCTION spec.unproven(command text, first_day int, last_day int, ended interval DEFAULT '0') RETURNS void
LANGUAGE sql AS $$
  INSERT INTO timesheet.ingest_runs (command, since, until, status, finished_at, is_unproven)
  VALUES (command, (now() AT TIME ZONE 'UTC')::date + first_day, (now() AT TIME ZONE 'UTC')::date + last_day, 'failed',
    now() - ended, true)
$$;
DELETE FROM timesheet.ingest_runs;
DELETE FROM timesheet.unfinished_passes;
SELECT ran('nightly', -35, 1, 'failed');
SELECT is(timesheet.waits_after_unproven('nightly'), false, 'a nightly that failed is called again at once');
SELECT unproven('nightly', -35, 1, '61 minutes');
SELECT is(timesheet.waits_after_unproven('nightly'), false, 'one that proved nothing an hour ago is called again');
SELECT unproven('nightly', -35, 1, '59 minutes');
SELECT is(timesheet.waits_after_unproven('nightly'), true, 'but not within that hour');
SELECT is(timesheet.due_parameters('nightly'), '{}'::jsonb, 'though it is due');
SELECT unproven('sync', -3, 1);
SELECT is(timesheet.waits_after_unproven('sync'), false, 'a sync, which reads few days, does not wait');
SELECT timesheet.keep_pass('nightly audit', current_date - 35, current_date - 35, 1, 0, false, NULL, now());
SELECT is(timesheet.waits_after_unproven('nightly'), false, 'nor does its audit');
UPDATE timesheet.unfinished_passes SET began_at = now() - interval '21 hours';
SELECT is(timesheet.waits_after_unproven('nightly'), true, 'of that night');
DELETE FROM timesheet.unfinished_passes;

DELETE FROM timesheet.ingest_runs;
SELECT ran('sync', -3, 1);
SELECT ran('backfill', -100, -50);
SELECT unproven('backfill', -49, -4) FROM generate_series(1, 2);
SELECT is(due_days(), '-49 to -4', 'a day of a backfill that could not be proven is read again');
SELECT is(timesheet.waits_after_unproven('backfill'), true, 'after an hour');
SELECT timesheet.keep_pass('backfill', (now() AT TIME ZONE 'UTC')::date - 100, (now() AT TIME ZONE 'UTC')::date - 20,
  28, 0, true, 'one entry', now());
SELECT is(timesheet.waits_after_unproven('backfill'), false, 'but a pass that was cut goes on at once');
UPDATE timesheet.unfinished_passes SET since = since - 1;
SELECT is(timesheet.waits_after_unproven('backfill'), true, 'if it is that one');
DELETE FROM timesheet.unfinished_passes;
SELECT unproven('sync', -49, -4);
SELECT is(due_days(), '-49 to -4', 'what another command could not prove is no try of it');
SELECT unproven('backfill', -49, -30);
SELECT is(due_days(), '-29 to -4', 'after three tries a day counts as read');
SELECT unproven('backfill', -29, -4);
SELECT is(timesheet.due_parameters('backfill'), NULL, 'so that the backfill ends');
UPDATE timesheet.poller SET scheduled_at = now() + interval '1 minute';
SELECT is(due_days(), '-49 to -4', 'scheduled again, it is tried again');
SELECT is((SELECT string_agg(j.name || ' ' || j.schedule, ', ' ORDER BY j.name) FROM timesheet.poller_jobs() AS j),
  'timesheet-poller-backfill 6-59/10 * * * *, timesheet-poller-contacts 8 * * * *, '
  'timesheet-poller-digests 3-59/10 * * * *, timesheet-poller-nightly 1-59/10 * * * *, '
  'timesheet-poller-sync */5 * * * *', 'the jobs');

SELECT * FROM finish();
ROLLBACK;
