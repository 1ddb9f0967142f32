-- docs/architecture.md, decision 1: versions, deletion and return, and objects that cannot be understood.
\ir setup.sql
SELECT plan(48);

SELECT feed('People', person(1), person(2));
SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In'), event(2, 1, '2026-03-02 17:00', 'Out'));

CREATE FUNCTION spec.versions(n int) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM timesheet.raw_events AS r WHERE r.jibble_id = guid('event', n)
$$;
CREATE FUNCTION spec.hours(person int) RETURNS numeric LANGUAGE sql AS $$
  SELECT sum(h.work_seconds) / 3600.0 FROM timesheet.daily_hours(NULL, NULL, agent(person), 'infinity') AS h
$$;
SELECT is(versions(1), 1::bigint, 'a first sight is one version');
SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In'), event(2, 1, '2026-03-02 17:00', 'Out'));
SELECT is(versions(1), 1::bigint, 'an unchanged re-read stores nothing');
SELECT is(trim_scale(hours(1)), 8.0, 'eight hours');

SELECT feed('TimeEntries', event(1, 1, '2026-03-02 10:00', 'In'));
SELECT is(trim_scale(hours(1)), 7.0, 'an edit changes the hours');
SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In'));
SELECT is(versions(1), 3::bigint, 'A, B, A is three versions');
SELECT is(trim_scale(hours(1)), 8.0, 'and the edit back changes them back');

SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In'), event(1, 1, '2026-03-02 08:00', 'In'),
  event(1, 1, '2026-03-02 08:00', 'In'));
SELECT is(versions(1), 4::bigint, 'an object twice on a page is compared with the one before it');
SELECT is(trim_scale(hours(1)), 9.0, 'and the last of them counts');
-- What a poll asks before it stores anything.
SELECT is(timesheet.changed_rows('TimeEntries', ARRAY[guid('event', 1), guid('event', 2), guid('event', 1)]::text[],
    ARRAY[event(1, 1, '2026-03-02 07:00', 'In'), event(2, 1, '2026-03-02 17:00', 'Out'),
      event(1, 1, '2026-03-02 08:00', 'In')]),
  '{1,3}'::int[], 'so both are looked at, also if the last of them is the one that is stored');
SELECT is(timesheet.changed_rows('TimeEntries', ARRAY[guid('event', 1), guid('event', 2)]::text[],
    ARRAY[event(1, 1, '2026-03-02 08:00', 'In'), event(2, 1, '2026-03-02 17:00', 'Out')]),
  '{}'::int[], 'and none that is as it was');

SELECT feed('TimeEntries', event(2, 1, '2026-03-02 17:00', 'Out', more => '{"status": "Archived"}'));
SELECT ok((SELECT e.deleted_at IS NOT NULL FROM timesheet.time_entries AS e
    WHERE e.jibble_activity_id = guid('event', 2)),
  'R1: an archived entry is deleted, and kept');
SELECT is((SELECT r.deleted FROM timesheet.ingest_runs AS r ORDER BY r.ingest_run_id DESC LIMIT 1),
  1::bigint, 'and the run log counts it');
SELECT is(trim_scale(hours(1)), 16.0, 'and its session is left without a clock-out: to the end of the day');
SELECT feed('TimeEntries', event(2, 1, '2026-03-02 17:00', 'Out'));
SELECT is(trim_scale(hours(1)), 9.0, 'one that comes back lives again');

-- What cannot be understood is kept, counted, and stops nothing else.
CREATE TEMP TABLE bad AS SELECT feed('TimeEntries',
  event(10, 2, '2026-03-02 09:00', 'In'),
  '{"personId": "x", "type": "In"}',
  event(11, 2, '2026-03-02 10:00', 'In', more => '{"time": "2026-02-30T01:00:00Z"}'),
  event(12, 2, '2026-03-02 10:30', 'In', more => '{"time": "now"}'),
  event(13, 2, '2026-03-02 10:40', 'In', more => '{"personId": "nobody"}'),
  replace(event(14, 2, '2026-03-02 12:00', 'In', more => '{"note": "NUL"}'), 'NUL', 'a \u0000 and half a pair \ud83d'),
  '17',
  event(15, 2, '2026-03-02 17:00', 'Out')) AS run;
SELECT is((SELECT r.rejected FROM timesheet.ingest_runs AS r JOIN bad ON bad.run = r.ingest_run_id),
  5::bigint, 'five of eight are counted');
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r JOIN bad ON bad.run = r.ingest_run_id),
  8::bigint, 'all eight are kept');
SELECT is((SELECT count(*) FROM bad, timesheet.run_problems(bad.run)), 5::bigint, 'and each says why');
SELECT is(trim_scale(hours(2)), 8.0, 'the others count, with a NUL character in a note too');
SELECT is((SELECT count(*) FROM timesheet.sessions(NULL, NULL, agent(2), 'infinity')), 2::bigint,
  'that event switched');
SELECT feed('TimeEntries', '{"personId": "x", "type": "In"}');
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r WHERE r.jibble_id IS NULL), 2::bigint,
  'an object without an id is recognised by its text');
SELECT feed('TimeEntries', event(15, 2, '2026-03-02 17:00', 'Out', more => '{"time": "2026-13-01T00:00:00Z"}'));
SELECT is(trim_scale(hours(2)), 8.0, 'an edit that cannot be understood leaves the last understood version effective');

SELECT results_eq(
  $$SELECT n.workday, n.agent_id, count(*) FROM timesheet.notes(NULL, NULL) AS n
    WHERE n.code = 'rejected_entry' AND n.workday = '2026-03-02' GROUP BY 1, 2 ORDER BY 2$$,
  $$VALUES (date '2026-03-02', agent(2), 3::bigint), ('2026-03-02', NULL, 1)$$,
  'each is a note, on the day and with the agent that it names');
SELECT is((SELECT count(*) FROM timesheet.notes('2026-03-02', '2026-03-03', agent(1)) AS n
  WHERE n.code = 'rejected_entry'), 0::bigint, 'not with another');
SELECT is((SELECT count(*) FROM timesheet.notes(NULL, NULL) AS n
  WHERE n.code = 'rejected_entry' AND n.workday = (now() AT TIME ZONE 'UTC')::date), 2::bigint,
  'what names no day is noted on the day it came');
SELECT feed('TimeEntries', event(15, 2, '2026-03-02 17:00', 'Out'));
SELECT is((SELECT count(*) FROM timesheet.notes(NULL, NULL, agent(2)) AS n
  WHERE n.code = 'rejected_entry' AND n.jibble_activity_id = guid('event', 15)), 0::bigint,
  'and no more once it is understood');
SELECT feed('TimeEntries',
  VARIADIC (SELECT array_agg(event(16, 1, '2026-03-02 07:00', CASE n % 2 WHEN 0 THEN 'In' ELSE 'Out' END))
    FROM generate_series(1, 999) AS n));
SELECT is(versions(16), 999::bigint, 'a thousand states of one object on one page are a thousand versions');
SELECT feed('TimeEntries', event(16, 1, '2026-03-02 07:00', 'Out', more => '{"status": "Archived"}'));

SELECT feed('TimeEntries', event(20, 3, '2026-03-02 09:00', 'In'), event(21, 3, '2026-03-02 10:00', 'Out'));
SELECT is((SELECT full_name FROM timesheet.agents WHERE agent_id = agent(3)), NULL,
  'an entry of an unknown person makes an agent without a name');
SELECT feed('People', person(3));
SELECT is((SELECT e.time_zone FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = guid('event', 20)),
  'Asia/Manila', 'whose workdays are assigned again when the person becomes known');

CREATE TEMP TABLE before AS SELECT * FROM timesheet.time_entries;
CREATE TEMP TABLE agents_before AS SELECT * FROM timesheet.agents;
SELECT lives_ok('SELECT timesheet.replay()', 'replay runs');
SELECT bag_eq('SELECT * FROM timesheet.time_entries', 'SELECT * FROM before', 'and changes no entry');
SELECT bag_eq('SELECT * FROM timesheet.agents', 'SELECT * FROM agents_before', 'and no agent''s id');
SELECT is((SELECT count(*) FROM timesheet.ingest_problems), 5::bigint,
  'and finds the same problems, but for that of a version replaced since');
SELECT throws_ok($$SELECT timesheet.store_page(0, 'TimeEntries', '{}', '{}')$$, '22023', 'ingest run 0 is not open',
  'a page needs an open run');

-- Text that PostgreSQL cannot unescape, next to text that it can.
CREATE FUNCTION spec.reads(note text, expected text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is(timesheet.readable(('{"note": "' || note || '"}')::json) ->> 'note', expected,
    'the note ' || note || ' can be read')
$$;
SELECT reads('Salamat \ud83d\ude4f', U&'Salamat \+01F64F');
SELECT reads('\ud83d', U&'\FFFD');
SELECT reads('\ude4f!', U&'\FFFD!');
SELECT reads('\ud83d\ud83d\ude4f\ude4f', U&'\FFFD\+01F64F\FFFD');
SELECT reads('\\u0000 \\\u0000', U&'\\u0000 \\\FFFD');
SELECT reads('a\u0000\u0000b', U&'a\FFFD\FFFDb');

-- Entries that were rejected are tried again by each run: the cause may have ended, and an unchanged entry never comes
-- again. Here the version can be understood, and only the record of the problem says that it could not.
CREATE FUNCTION spec.reject(n int, ago interval) RETURNS void LANGUAGE sql AS $$
  DELETE FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = spec.guid('event', n);
  INSERT INTO timesheet.ingest_problems (raw_event_id, problem, tried_at)
  SELECT max(r.raw_event_id), 'a fault of ours', now() - ago FROM timesheet.raw_events AS r
  WHERE r.jibble_id = spec.guid('event', n)
$$;
CREATE FUNCTION spec.is_understood(n int) RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = spec.guid('event', n))
    AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
      WHERE r.jibble_id = spec.guid('event', n))
$$;
CREATE FUNCTION spec.empty_run() RETURNS void LANGUAGE sql AS $$
  SELECT timesheet.finish_run(timesheet.begin_run('sync'))
$$;
SELECT feed('People', person(81));
SELECT feed('TimeEntries', event(801, 81, '2026-04-01 09:00', 'In'), event(802, 81, '2026-04-01 17:00', 'Out'));
DELETE FROM timesheet.ingest_problems;
SELECT reject(801, '1 minute'), reject(802, '1 minute');
SELECT empty_run();
SELECT is(ARRAY[is_understood(801), is_understood(802)], '{t,t}', 'the next run takes up what can be understood again');
SELECT is((SELECT sum(work_seconds) FROM timesheet.daily_report WHERE agent_id = agent(81)), 28800::numeric,
  'and its hours count');

-- Thirty that still cannot be understood were tried longer ago. Each is tried alone, and its turn comes all the same.
SELECT feed('TimeEntries', VARIADIC ARRAY(
  SELECT (event(n, 81, '2026-04-02 09:00', 'In')::jsonb || '{"time": "never"}')::text
  FROM generate_series(811, 840) AS n));
SELECT is((SELECT count(*) FROM timesheet.ingest_problems), 30::bigint, 'thirty are rejected');
UPDATE timesheet.ingest_problems SET tried_at = now() - interval '1 hour';
SELECT reject(801, '1 minute');
SELECT empty_run();
SELECT is(is_understood(801), true, 'the next run takes it up although others stay rejected');
SELECT is((SELECT (count(*), count(*) FILTER (WHERE tried_at = now()))::text FROM timesheet.ingest_problems), '(30,30)',
  'the others stay rejected, once each');
DELETE FROM timesheet.ingest_problems;

-- One that vanishes is asked for, whatever date it names.
SELECT feed('TimeEntries', VARIADIC ARRAY(SELECT (event(860 + n::int, 81, '2026-04-02 09:00', 'Out')::jsonb || b)::text
  FROM unnest(ARRAY['{"belongsToDate": ""}', '{"belongsToDate": "02.04.2026"}',
    '{"belongsToDate": "", "time": "never"}',
    '{"belongsToDate": null, "time": "never"}', '{"personId": null}']::jsonb[]) WITH ORDINALITY AS t (b, n)));
SELECT is((SELECT count(*) FROM timesheet.ingest_problems), 5::bigint, 'five are rejected');
SELECT is((SELECT count(*) FROM timesheet.missing_entries('TimeEntries', '2026-04-02', '2026-04-02', '{}') AS m
  JOIN generate_series(861, 865) AS n ON m.jibble_id = guid('event', n)), 3::bigint,
  'those with a date or a time by it');
SELECT is((SELECT count(*) FROM timesheet.missing_entries('TimeEntries', '2026-04-02', current_date + 1, '{}') AS m
  JOIN generate_series(861, 865) AS n ON m.jibble_id = guid('event', n)), 5::bigint, 'others by the day of the read');
DELETE FROM timesheet.ingest_problems;

-- An entry that names an agent nobody knew gets the agent's history, too.
SELECT feed('TimeEntries', event(851, 82, '2026-04-03 09:00', 'In'), event(852, 82, '2026-04-03 10:00', 'Out'));
SELECT reject(851, '2 hours');
DELETE FROM timesheet.ingest_problems WHERE problem <> 'a fault of ours';
SELECT empty_run();
SELECT is((SELECT sum(work_seconds) FROM timesheet.daily_report WHERE agent_id = agent(82)), 3600::numeric,
  'as in a run that brings it');

SELECT * FROM finish();
ROLLBACK;
