-- feed_health and silent_agents: how fresh the hours are, what failed, what waits, who is silent.
\ir setup.sql
SELECT plan(36);

SELECT is((SELECT (fresh_through, last_error, backlog, silent_agents)::text FROM timesheet.feed_health), '(,,0,0)',
  'before anything was read, one row says so');

-- A feed that no read has made fresh: stale once one has failed, or once the schema is older than settings.stale_after.
SELECT is((SELECT is_stale FROM timesheet.feed_health), false, 'a new schema is not stale yet');
SELECT is(timesheet.watch_feed(), false, 'and raises no alert');
SAVEPOINT nothing_read;
UPDATE timesheet.schema_migrations SET applied_at = now() - interval '400 days';
SELECT is(timesheet.watch_feed(), true, 'one that was never read for long is stale');
SELECT is((SELECT detail FROM timesheet.alerts WHERE kind = 'stale_feed' AND resolved_at IS NULL),
  'no read of Jibble has reached the present yet: none has failed either, so timesheetd does not seem to run',
  'and the alert says so');
ROLLBACK TO nothing_read;
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, error)
VALUES ('sync', current_date - 3, current_date + 1, 'failed', now(), now(), 'Jibble answered 401');
SELECT is((SELECT is_stale FROM timesheet.feed_health), true, 'where the first read has failed, it is stale at once');
SELECT is(timesheet.watch_feed(), true, 'an alert is raised');
SELECT is((SELECT detail FROM timesheet.alerts WHERE kind = 'stale_feed' AND resolved_at IS NULL),
  'no read of Jibble has reached the present yet: Jibble answered 401', 'and says why');
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
VALUES ('backfill', current_date - 300, current_date - 1, 'succeeded', now(), now());
SELECT is(timesheet.watch_feed(), true, 'a slice of the past does not end that');
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
VALUES ('backfill', current_date - 1, current_date + 1, 'succeeded', now(), now());
SELECT is(timesheet.watch_feed(), false, 'the slice of a backfill that reaches the present does');
SELECT is((SELECT count(*) FROM timesheet.alerts WHERE kind = 'stale_feed' AND resolved_at IS NULL), 0::bigint,
  'and resolves the alert');
SELECT is((SELECT fresh_through FROM timesheet.feed_health), now(), 'which says how fresh the hours are');
ROLLBACK TO nothing_read;

-- A run in the run log that ended this long ago.
CREATE FUNCTION spec.ran(command text, ago interval, status text DEFAULT 'succeeded',
  until date DEFAULT current_date + 1, error text DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, error)
  VALUES (command, current_date - 3, until, status, now() - ago, now() - ago + interval '1 second', error)
$$;
SELECT ran('sync', '2 hours');
SELECT is((SELECT age FROM timesheet.feed_health), interval '2 hours',
  'fresh through the start of the last read that succeeded');
SELECT ran('sync', '1 hour', 'failed', error => 'Jibble answered 500');
SELECT is((SELECT (age, failed_since_success, last_error)::text FROM timesheet.feed_health),
  '(02:00:00,1,"Jibble answered 500")', 'a failure does not freshen');
SELECT ran('backfill', '30 minutes', until => current_date - 2); -- half an hour ago it may have been yesterday
SELECT is((SELECT (age, failed_since_success)::text FROM timesheet.feed_health), '(02:00:00,1)', 'nor does history');
SELECT ran('sync', '20 minutes', until => current_date - 7);
SELECT is((SELECT age FROM timesheet.feed_health), interval '2 hours', 'nor a window of the past');
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at)
  VALUES ('sync', current_date + 30, current_date + 40, 'succeeded', now());
SELECT is((SELECT age FROM timesheet.feed_health), interval '2 hours', 'nor one of the future');
SELECT ran('sync', '10 minutes', 'running');
SELECT is((SELECT age FROM timesheet.feed_health), interval '2 hours', 'nor a read that is not finished');
SELECT ran('nightly', '5 minutes');
SELECT is((SELECT (age, failed_since_success, last_error)::text FROM timesheet.feed_health),
  '(00:05:00,0,"Jibble answered 500")', 'the nightly read does; the last error stays known');
SELECT is((SELECT now() - last_nightly_at FROM timesheet.feed_health), interval '5 minutes', 'and is known as such');
UPDATE timesheet.ingest_runs SET status = 'failed' WHERE status = 'running';

-- What a failed run brought waits until the next one that succeeds.
SELECT timesheet.begin_run('sync') AS run \gset
SELECT timesheet.store_page(:run, 'People', ARRAY[guid('person', 1)::text], ARRAY[person(1)]);
SELECT timesheet.fail_run(:run, 'stopped');
SELECT is((SELECT backlog FROM timesheet.feed_health), 1::bigint, 'one version waits');
SELECT timesheet.finish_run(timesheet.begin_run('sync'));
SELECT is((SELECT backlog FROM timesheet.feed_health), 0::bigint, 'no more');
SELECT feed('TimeEntries', '{"id": "00000000-0000-4000-8000-0000000000ff", "time": "never"}');
SELECT is((SELECT rejected FROM timesheet.feed_health), 1::bigint, 'a rejected entry is counted');
SELECT feed('TimeEntries', '{"id": "00000000-0000-4000-8000-0000000000fe", "time": "never"}');
SELECT is((SELECT rejected FROM timesheet.feed_health), 2::bigint, 'and another');
SELECT feed('TimeEntries', '{"id": "00000000-0000-4000-8000-0000000000fe", "time": "not yet"}');
SELECT is((SELECT rejected FROM timesheet.feed_health), 2::bigint, 'of one with two such versions the last is counted');
SELECT feed('TimeEntries', (event(3, 1, '2026-03-02 09:00', 'In')::jsonb
  || '{"id": "00000000-0000-4000-8000-0000000000fe"}')::text);
SELECT is((SELECT rejected FROM timesheet.feed_health), 1::bigint, 'one that was corrected is no longer counted');
SELECT timesheet.begin_run('sync') AS run \gset
SELECT timesheet.store_page(:run, 'TimeEntries', ARRAY['00000000-0000-4000-8000-0000000000ff'],
  ARRAY[NULL::text]);
SELECT timesheet.finish_run(:run);
SELECT is((SELECT rejected FROM timesheet.feed_health), 0::bigint, 'nor one that is gone from Jibble');

-- Silence is measured by the agent's own habit. Five workdays of two events, the last one a number of days ago.
CREATE FUNCTION spec.works(person int, first_event int, days_ago int[]) RETURNS void LANGUAGE sql AS $$
  SELECT feed('People', person(person));
  SELECT feed('TimeEntries',
    VARIADIC array_agg(event(first_event + 2 * n::int + k, person,
      date_trunc('day', now() AT TIME ZONE 'UTC') - d * interval '1 day' - k * interval '8 hours',
    CASE k WHEN 0 THEN 'Out' ELSE 'In' END, zone => 'UTC')))
  FROM unnest(days_ago) WITH ORDINALITY AS u (d, n), generate_series(0, 1) AS k
$$;
SELECT works(11, 100, '{8,7,6,5,4}');
SELECT works(12, 200, '{6,5,4,3,1}');
SELECT works(13, 300, '{47,40,33,26,19,12,5}');
SELECT works(14, 400, '{9,6}');
SELECT works(15, 500, '{8,7,6,5,4}');
SELECT feed('People', (person(15)::jsonb || '{"status": "Removed"}')::text);
SELECT is((SELECT string_agg(full_name, ', ') FROM timesheet.silent_agents), 'Agent 11',
  'who worked daily and stopped four days ago is silent');
SELECT is((SELECT silent_agents FROM timesheet.feed_health), 1::bigint,
  'and counted: not a weekly worker, nor a new one, nor one who was removed');
UPDATE timesheet.time_entries SET deleted_at = now()
WHERE jibble_activity_id IN (guid('event', 314), guid('event', 315));
SELECT is((SELECT string_agg(full_name, ', ' ORDER BY full_name) FROM timesheet.silent_agents), 'Agent 11, Agent 13',
  'a deleted entry is no sign of life');

SELECT ok(timesheet.nightly_resync_is_due(now() + interval '1 day'), 'tomorrow another nightly resync is due');
SELECT ok(has_table_privilege('timesheet.feed_health', 'SELECT'), 'the view can be read');

-- What activity_after_break is for: work entries directly after a break to which Jibble gave no activity.
SELECT feed('People', person(21));
SELECT is((SELECT without_activity_after_break FROM timesheet.feed_health), 0::bigint, 'no agent has a break');
SELECT feed('TimeEntries',
  VARIADIC array_agg(event(600 + n::int, 21, date '2024-06-03' + w[1]::time + d * interval '1 day', w[2], w[3])
    ORDER BY n))
FROM (VALUES
  -- two
  (1, 0, '09:00 In A'), (2, 0, '10:00 StartBreak'), (3, 0, '10:10 In'), (4, 0, '11:00 StartBreak'),
  (5, 0, '11:10 StartBreak'), (6, 0, '11:20 In'), (7, 0, '12:00 Out'),
  -- none
  (8, 1, '09:00 In'), (9, 1, '10:00 StartBreak'), (10, 1, '10:10 In A'), (11, 1, '11:00 StartBreak'),
  (12, 1, '11:10 Out'), (13, 1, '11:20 In'), (14, 1, '12:00 Out'),
  -- one
  (15, 2, '09:00 In A'), (16, 2, '10:00 StartBreak'), (17, 2, '10:05 Teleport'), (18, 2, '10:10 In'),
  (19, 2, '12:00 Out'),
  -- too long before
  (20, -40, '09:00 In A'), (21, -40, '10:00 StartBreak'), (22, -40, '10:10 In'), (23, -40, '12:00 Out')) AS v (n, d, e)
CROSS JOIN LATERAL string_to_array(e, ' ') AS w;
SELECT is((SELECT without_activity_after_break FROM timesheet.feed_health), 3::bigint,
  'work without an activity directly after a break is counted, of the 35 days up to the last entry');
UPDATE timesheet.settings SET activity_after_break = 'carried_on';
SELECT is((SELECT without_activity_after_break FROM timesheet.feed_health), 3::bigint,
  'as it was sent, whatever is carried on');
UPDATE timesheet.time_entries SET deleted_at = now()
WHERE jibble_activity_id IN (guid('event', 616), guid('event', 603));
SELECT is((SELECT without_activity_after_break FROM timesheet.feed_health), 1::bigint, 'of live entries');

SELECT * FROM finish();
ROLLBACK;
