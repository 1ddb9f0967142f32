-- What a time limit cuts: the run, deriving, storing the reports, and where the next call goes on.
\ir setup.sql
SELECT plan(29);

-- A run that was cut is no failure, and what it stored waits for the next one.
SELECT timesheet.begin_run('sync', current_date - 3, current_date + 1) AS run \gset
SELECT timesheet.store_page(:run, 'People', ARRAY[guid('person', 1)::text], ARRAY[person(1)]);
SELECT timesheet.cut_run(:run, 'the time limit of 5 s leaves no time for more');
SELECT is((SELECT (status, error, finished_at IS NOT NULL)::text FROM timesheet.ingest_runs WHERE ingest_run_id = :run),
  '(cut,"the time limit of 5 s leaves no time for more",t)', 'a run is closed as cut, with the reason');
SELECT is((SELECT (fresh_through, failed_since_success, backlog)::text FROM timesheet.feed_health), '(,0,1)',
  'which neither freshens nor counts as a failure');
SELECT timesheet.cut_run(:run, 'again');
SELECT is((SELECT count(*) FROM timesheet.ingest_runs WHERE error = 'again'), 0::bigint, 'a closed run stays as it is');
SELECT feed('Groups', '{"id": "00000000-0000-4000-8000-0000000000aa", "name": "One"}');
SELECT is((SELECT count(*) FROM timesheet.agents), 1::bigint, 'the next run that succeeds derives what it stored');

-- Deriving in steps: of the entries, two at a time; the lists before them stay together.
SELECT timesheet.begin_run('sync', current_date - 3, current_date + 1) AS run \gset
SELECT timesheet.store_page(:run, 'People', ARRAY[guid('person', 2)::text], ARRAY[person(2)]);
SELECT timesheet.store_page(:run, 'TimeEntries', array_agg(guid('event', n)::text), array_agg(
  event(n, 2, timestamp '2026-03-02 09:00' + n * interval '1 day', 'In')))
FROM generate_series(1, 5) AS n;
SELECT throws_ok('SELECT timesheet.derive_step(0, 2)', '22023', NULL, 'a run that is not open derives nothing');
SELECT is(timesheet.derive_step(:run, 2), false, 'nor does one that is not sealed');
SELECT timesheet.seal_run(:run);
SELECT is(timesheet.derive_step(:run, 2), true, 'a step is made');
SELECT is((SELECT count(*) FROM timesheet.time_entries), 2::bigint, 'of two entries');
SELECT is((SELECT count(*) FROM timesheet.agents WHERE jibble_id = guid('person', 2)), 1::bigint,
  'and what came before');
SELECT is(timesheet.derive_step(:run, 2), true, 'another step');
SELECT is(timesheet.derive_step(:run, 2), false, 'the rest is left');
SELECT is((SELECT backlog FROM timesheet.feed_health), 1::bigint, 'which is one entry');
SELECT timesheet.finish_run(:run);
SELECT is((SELECT count(*) FROM timesheet.time_entries), 5::bigint, 'to finishing the run');

-- Rejected versions of all steps are counted.
SELECT timesheet.begin_run('sync', current_date - 3, current_date + 1) AS run \gset
SELECT timesheet.store_page(:run, 'TimeEntries', array_agg(guid('odd', n)::text), array_agg(
  format('{"id": "%s", "time": "never"}', guid('odd', n)))) FROM generate_series(1, 3) AS n;
SELECT timesheet.seal_run(:run);
SELECT timesheet.derive_step(:run, 2);
SELECT is((SELECT f.rejected FROM timesheet.finish_run(:run) AS f), 3::bigint, 'versions rejected in a step count too');
SELECT is((SELECT rejected FROM timesheet.ingest_runs WHERE ingest_run_id = :run), 3::bigint, 'in the run log as well');

-- Storing the reports in steps.
SELECT is((SELECT count(*) > 1 FROM timesheet.stale_days), true, 'several marks are there');
CREATE TEMPORARY TABLE steps (last bigint);
DO $$
DECLARE
  last bigint := 0;
BEGIN
  WHILE last IS NOT NULL LOOP
    SELECT s.last_mark INTO last FROM timesheet.refresh_step(last, 1) AS s;
    INSERT INTO steps VALUES (last);
  END LOOP;
END
$$;
SELECT is((SELECT count(*) > 2 FROM steps), true, 'a step stores what one of them marks');
SELECT is((SELECT count(*) FROM timesheet.stale_days), 0::bigint, 'until none is left');
SELECT is((SELECT sum(seconds) FROM timesheet.session_rollup)::bigint, (SELECT sum(seconds)::bigint
  FROM timesheet.sessions(NULL, NULL)), 'and all is stored');

-- Where a pass goes on.
SELECT is((SELECT (p.since, p.next_day, p.slice_days, p.lists_read)::text
  FROM timesheet.resume_pass('backfill', '2026-01-01', '2026-03-01') AS p), '(2026-01-01,2026-01-01,,f)',
  'one that was not cut begins with its first day');
SELECT timesheet.keep_pass('backfill', '2026-01-01', '2026-02-01', 7, 0, true, NULL, now() - interval '400 days');
SELECT timesheet.keep_pass('sync', '2026-01-01', '2026-02-01', 7, 0, true, NULL, now() - interval '21 hours');
SELECT timesheet.keep_pass('nightly', '2026-01-01', '2026-02-01', 7, 0, true, 'not proven', now() - interval '2 hours');
SELECT is((SELECT (p.next_day, p.slice_days, p.lists_read)::text
  FROM timesheet.resume_pass('backfill', '2026-01-01', '2026-03-02') AS p), '(2026-02-01,7,t)',
  'a backfill goes on however late, also to a later day');
SELECT is((SELECT (p.next_day, p.slice_days)::text
  FROM timesheet.resume_pass('backfill', '2026-01-02', '2026-03-02') AS p), '(2026-01-02,)',
  'one of another first day is another');
SELECT is((SELECT (p.next_day, p.slice_days)::text FROM timesheet.resume_pass('sync', '2026-01-01', '2026-03-02') AS p),
  '(2026-01-01,)', 'a sync does not go on the next day');
SELECT is((SELECT (p.since, p.next_day, p.slice_days, p.unproven)::text
  FROM timesheet.resume_pass('nightly', '2026-01-02', '2026-03-02') AS p), '(2026-01-01,2026-02-01,7,"not proven")',
  'a nightly pass goes on though its window moved with the date');
SELECT timesheet.begin_run('sync', current_date - 3, current_date + 1) AS run \gset
SELECT timesheet.finish_run(:run);
SELECT timesheet.end_pass('nightly', '2026-01-01', '2026-03-02', '0.1.0');
SELECT timesheet.end_pass('backfill', '2026-01-01', '2026-03-02', '0.1.0');
SELECT is((SELECT string_agg((command, since, until, status, error, started_at = now() - interval '2 hours')::text, ' ')
  FROM timesheet.ingest_runs WHERE since = '2026-01-01'), '(nightly,2026-01-01,2026-03-02,failed,"not proven",t)',
  'the nightly pass as a whole is in the run log, as begun with its first call');
SELECT is((SELECT (last_error, failed_since_success)::text FROM timesheet.feed_health), '("not proven",1)',
  'and seen as the last failure, though a sync succeeded after it began');
SELECT is((SELECT is_unproven FROM timesheet.ingest_runs WHERE since = '2026-01-01'), true, 'though all was read');
SELECT timesheet.keep_pass('nightly', '2026-01-05', '2026-02-01', 7, 0, true, NULL, now() - interval '2 hours');
SELECT timesheet.begin_run('sync', current_date - 3, current_date + 1) AS run \gset
SELECT timesheet.finish_run(:run);
SELECT timesheet.end_pass('nightly', '2026-01-05', '2026-03-06', '0.1.0');
SELECT is((SELECT (status, ingest_run_id < :run, is_unproven)::text FROM timesheet.ingest_runs
  WHERE since = '2026-01-05'), '(succeeded,t,f)', 'one that succeeded has the number of its beginning');

-- Where people read of it, a pass that was cut is said to be in words.
SELECT timesheet.begin_run('nightly', current_date - 35, current_date + 1) AS run \gset
SELECT timesheet.cut_run(:run, 'the time limit of 5 s leaves no time for more');
UPDATE timesheet.ingest_runs SET started_at = started_at - interval '2 days', finished_at = finished_at
  - interval '2 days' WHERE status = 'succeeded';
SELECT timesheet.watch_feed();
SELECT alike((SELECT detail FROM timesheet.alerts WHERE kind = 'stale_feed'),
  'last read: %; since then: nightly ended at its time limit on %, before it had read all days, and goes on at its '
  'next call', 'in the alert of a stale feed');

SELECT * FROM finish();
ROLLBACK;
