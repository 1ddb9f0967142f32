-- Values (docs/rules.md): instants, lengths and ids as Jibble may write them. Zones are in time_zones.sql.
\ir setup.sql
SELECT plan(45);

CREATE FUNCTION spec.zeros() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '00000000-0000-0000-0000-000000000000' $$;

-- Digits after the microsecond are cut off. Each text, and its instant worked out by hand.
CREATE TABLE spec.instants (n int, text text, at timestamptz);
INSERT INTO spec.instants
SELECT n, '2026-11-16T15:59:59' || CASE WHEN n > 0 THEN '.' || repeat('9', n) ELSE '' END || 'Z',
  timestamptz '2026-11-16 15:59:59Z' + (rpad(repeat('9', least(n, 6)), 6, '0'))::int * interval '1 microsecond'
FROM generate_series(0, 20) AS n;
INSERT INTO spec.instants VALUES
  (21, '2026-11-16T23:59:59.9999999+08:00', '2026-11-16 15:59:59.999999Z'),
  (22, '2026-11-16T23:59:59.9999999+0800', '2026-11-16 15:59:59.999999Z'),
  (23, '2026-11-16T21:44:59.12345678+0545', '2026-11-16 15:59:59.123456Z'),
  (24, '2026-11-16T10:29:59.0000009-05:30', '2026-11-16 15:59:59Z'),
  (25, '2026-11-16T15:59:59.1234565Z', '2026-11-16 15:59:59.123456Z'),
  (26, '2026-11-16T15:59:59.12345+00:00', '2026-11-16 15:59:59.12345Z'),
  (27, '2026-12-31T23:59:59.99999999999999999999Z', '2026-12-31 23:59:59.999999Z'),
  (28, '2026-11-16T15:59:59.' || repeat('9', 200) || 'Z', '2026-11-16 15:59:59.999999Z');
SELECT results_eq('SELECT n, timesheet.instant_or_null(text) FROM spec.instants ORDER BY n',
  'SELECT n, at FROM spec.instants ORDER BY n',
  'an instant of 0 to 20 digits, in UTC or with an offset, is cut to microseconds');
SELECT results_eq('SELECT n, timesheet.try_instant(text) FROM spec.instants ORDER BY n',
  'SELECT n, at FROM spec.instants ORDER BY n', 'by the slow way as well');
SELECT is(timesheet.instant_or_null(t), NULL, 'no instant: ' || t)
FROM unnest('{2026-11-16t15:59:59Z,2026-11-16T15:59:59z,2026-11-16 15:59:59Z,2026-11-16T15:59:59.Z,now}'::text[]) AS t;

SELECT feed('People', person(1), person(2));
SELECT lives_ok($$ SELECT feed('TimeEntries', VARIADIC ARRAY(
  SELECT (event(i.n, 1, '2026-11-16 09:00', 'Out')::jsonb || jsonb_build_object('time', i.text, 'createdAt', i.text,
    'updatedAt', i.text))::text FROM spec.instants AS i)) $$, 'entries with each are fed');
SELECT results_eq('SELECT e.start_time_utc, e.jibble_created_at, e.jibble_updated_at FROM spec.instants AS i JOIN '
  'timesheet.time_entries AS e ON e.jibble_activity_id = guid(''event'', i.n) ORDER BY i.n',
  'SELECT at, at, at FROM spec.instants ORDER BY n', 'time, createdAt and updatedAt of entries are cut');
SELECT is((SELECT count(*) FROM timesheet.ingest_problems), 0::bigint, 'and none is rejected');

-- Manila, in a tenth of a microsecond before midnight, and nothing after;
-- 09:00 to a tenth of a microsecond before midnight.
SELECT feed('People', person(3), person(4));
SELECT feed('TimeEntries', event(101, 3, '2026-11-16 23:59', 'In', more => '{"time": "2026-11-16T15:59:59.9999999Z"}'),
  event(102, 4, '2026-11-17 09:00', 'In'),
  event(103, 4, '2026-11-17 23:59', 'Out', more => '{"time": "2026-11-17T15:59:59.9999999Z"}'));
SELECT results_eq('SELECT workday, workday_end FROM timesheet.time_entries WHERE jibble_activity_id = guid(''event'', '
  '101)',
  $$ VALUES ('2026-11-16'::date, '2026-11-16 16:00Z'::timestamptz) $$,
  'R4: the day of 23:59:59.9999999 ends at the midnight that follows it');
SELECT results_eq('SELECT agent_id = agent(4), work_seconds, session_count FROM timesheet.daily_hours(NULL, NULL, '
  'NULL, ''infinity'') WHERE agent_id IN (agent(3), agent(4)) ORDER BY 1',
  'VALUES (false, 0::bigint, 1), (true, 53999::bigint, 1)',
  'R12: nothing is left of that day, and 14:59:59.9999999 are 53999 s');

-- Lengths by decimals: 0.99999999999 of a minute are 59.9999999994 s.
CREATE TABLE spec.lengths (n int, text text, seconds int);
INSERT INTO spec.lengths VALUES (1, 'PT0.9999999S', 0), (2, 'PT59.9999999S', 59), (3, 'PT0.99999999999M', 59),
  (4, 'PT7.99999999999999H', 28799),
  (5, 'P0.999999999999D', 86399), (6, 'PT0.0002777778H', 1), (7, 'PT6H6M52.7534089S', 22012), (8, 'P1DT6H', 108000),
  (9, 'PT1H-0.0000001S', 3599), (10, '-PT-1.9999999S', 1),
  (11, 'PT0.33333333333333333333H', 1199), (12, 'P1WT1M1S', 604861), (13, 'PT1.' || repeat('0', 300) || '1S', 1);
SELECT feed('HourEntries',
  VARIADIC ARRAY(SELECT json_build_object('id', guid('hours', l.n), 'personId', guid('person', 1), 'date', '2026-11-16',
    'duration', l.text, 'status', 'Active')::text FROM spec.lengths AS l));
SELECT results_eq('SELECT l.text, h.seconds::int FROM spec.lengths AS l LEFT JOIN timesheet.hour_entries AS h ON '
  'h.jibble_id = guid(''hours'', l.n) ORDER BY l.n',
  'SELECT text, seconds FROM spec.lengths ORDER BY n', 'R12: hours typed in are truncated from their exact length');
SELECT is(timesheet.try_duration('PT59.9999999S'), '59.999999 seconds'::interval, 'a length is cut to microseconds');
SELECT is(timesheet.try_duration('-P1DT6H6M52.753408S'), '-30:06:52.753408'::interval, 'whatever its sign');
SELECT is(timesheet.try_duration(t), NULL, 'no length that an interval can hold: ' || left(t, 20))
FROM unnest(ARRAY['P1Y', 'PT', repeat('9', 40), 'P' || repeat('9', 40) || 'D']) AS t;

-- Changes hold from an updatedAt that lies between the fetches, also by its cut digits.
SELECT feed('People', person(5, 'Asia/Manila'));
UPDATE timesheet.raw_events SET fetched_at = '2026-11-01 00:00Z' WHERE jibble_id = guid('person', 5);
SELECT feed('People', (person(5, 'Asia/Tokyo')::jsonb || '{"updatedAt": "2026-11-02T00:00:00.0000009Z"}')::text);
SELECT results_eq('SELECT valid_from FROM timesheet.attribute_history WHERE jibble_id = guid(''person'', 5) ORDER BY '
  'raw_event_id', $$ VALUES ('-infinity'::timestamptz), ('2026-11-02 00:00Z') $$,
  'a person''s updatedAt is cut');

-- The ids that an object names, in every form that is read of contacts too.
SELECT feed('Groups', json_build_object('id', guid('group', 9), 'name', 'Forms', 'status', 'Active')::text);
SELECT feed('Activities', json_build_object('id', guid('activity', 9), 'name', 'Care', 'status', 'Active')::text);
CREATE FUNCTION spec.in_form(form int, id uuid) RETURNS text LANGUAGE sql AS $$
  SELECT (ARRAY['{' || upper(id::text) || '}', id || ' ', E'\u200b' || id, replace(id::text, '-', ''),
    'urn:uuid:' || id])[form]
$$;
SELECT feed('People', VARIADIC ARRAY(SELECT (person(100 + f)::jsonb
  || jsonb_build_object('groupId', in_form(f, guid('group', 9))))::text FROM generate_series(1, 5) AS f));
SELECT feed('TimeEntries', VARIADIC ARRAY(SELECT (event(1000 + 2 * f + o, 100 + f,
    '2026-11-18 09:00'::timestamp + o * interval '8 hours', CASE o WHEN 0 THEN 'In' ELSE 'Out' END)::jsonb
  || jsonb_build_object('personId', in_form(f, guid('person', 100 + f)), 'activityId', in_form(f, guid('activity', 9))))
  ::text FROM generate_series(1, 5) AS f, generate_series(0, 1) AS o));
SELECT feed('HourEntries', VARIADIC ARRAY(SELECT json_build_object('id', guid('hours', 100 + f), 'personId',
  in_form(f, guid('person', 100 + f)), 'date', '2026-11-18', 'duration', 'PT1H', 'activityId',
  in_form(f, guid('activity', 9)), 'status', 'Active')::text FROM generate_series(1, 5) AS f));
SELECT results_eq('SELECT client_group, activity, sum(work_seconds)::bigint, sum(manual_seconds)::bigint, count(*) '
  'FROM timesheet.daily_report WHERE client_group = ''Forms'' GROUP BY 1, 2',
  $$ VALUES ('Forms', 'Care', 5 * 32400::bigint, 5 * 3600::bigint, 5::bigint) $$,
  'an id in braces, with blanks, invisible characters, without hyphens or as a URN is the id');
SELECT feed('TimeEntries', event(1100, 101, '2026-11-20 09:00', 'In', more => '{"activityId": " "}'),
  event(1101, 101, '2026-11-20 10:00', 'In', more => '{"activityId": "{}"}'),
  event(1102, 101, '2026-11-20 11:00', 'Out', more => '{"activityId": "none"}'));
SELECT results_eq('SELECT activity, work_seconds, sessions FROM timesheet.daily_report WHERE workday = ''2026-11-20''',
  $$ VALUES ('(no activity)', 54000::bigint, 2) $$, 'blanks and empty braces name no activity');
SELECT is((SELECT string_agg(p.problem, '; ') FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r
  USING (raw_event_id) WHERE r.jibble_id = guid('event', 1102)), 'the id "none" is not in GUID form',
  'any other text is no id, and the entry is rejected');

-- A GUID of zeros is no id.
SELECT feed('Groups', json_build_object('id', guid('group', 1), 'name', 'Acme', 'status', 'Active')::text);
SELECT feed('People', person(6, client_group => zeros()::uuid), person(7, client_group => guid('group', 1)));
SELECT feed('TimeEntries', event(201, 6, '2026-11-18 09:00', 'In',
  more => json_build_object('activityId', zeros(), 'projectId', zeros())), event(202, 6, '2026-11-18 17:00', 'Out'));
SELECT results_eq('SELECT client_group, activity, work_seconds FROM timesheet.daily_report WHERE agent_id = agent(6)',
  $$ VALUES ('(no client group)', '(no activity)', 28800::bigint) $$, 'neither a client group nor an activity');
SELECT results_eq('SELECT code FROM timesheet.notes(''2026-11-18'', ''2026-11-19'', agent(6), ''infinity'')',
  $$ VALUES ('no_client_group') $$, 'R13: which is noted');
SELECT feed('HourEntries', json_build_object('id', guid('hours', 50), 'personId', guid('person', 7), 'date',
  '2026-11-18', 'duration', 'PT1H', 'activityId', zeros(), 'status', 'Active')::text);
SELECT results_eq('SELECT client_group, activity, manual_seconds FROM timesheet.daily_report WHERE agent_id = agent(7)',
  $$ VALUES ('Acme', '(no activity)', 3600::bigint) $$, 'hours typed in likewise');
SELECT is_empty(format('SELECT FROM timesheet.%I WHERE jibble_id = spec.zeros()::uuid', t),
  'nothing was made of it in ' || t) FROM unnest('{agents,client_groups,activities}'::text[]) AS t;

SELECT feed('TimeEntries', event(203, 6, '2026-11-19 09:00', 'In', more => json_build_object('personId', zeros())));
SELECT feed('HourEntries',
  json_build_object('id', guid('hours', 51), 'personId', zeros(), 'date', '2026-11-19', 'duration', 'PT1H')::text);
SELECT is((SELECT string_agg(DISTINCT p.problem, '; ') FROM timesheet.ingest_problems AS p
  JOIN timesheet.raw_events AS r USING (raw_event_id)
           WHERE r.jibble_id IN (guid('event', 203), guid('hours', 51))),
         'a person, a time or date, or a duration is missing or has an unknown form',
         'an entry of no person is rejected');

CREATE FUNCTION spec.of_zeros(resource text, more jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  run bigint := timesheet.begin_run('test');
BEGIN
  PERFORM timesheet.store_page(run, resource, ARRAY[spec.zeros()],
    ARRAY[(jsonb_build_object('id', spec.zeros()) || more)::text]);
  PERFORM timesheet.finish_run(run);
  RETURN (SELECT string_agg(p.problem, '; ') FROM timesheet.run_problems(run) AS p);
END
$$;
SELECT is(of_zeros(o.resource, o.more), 'the object''s id is one of zeros, which is no id',
  o.resource || ': an object whose own id is zeros is rejected, and the problem says why')
FROM (VALUES ('People', '{"fullName": "Nobody"}'::jsonb), ('TimeTrackingPeople', '{"timeZone": "Asia/Manila"}'),
  ('Groups', '{"name": "None"}'), ('Activities', '{"name": "None"}'), ('Organizations', '{"name": "None"}'),
  ('TimeEntries', jsonb_build_object('personId', guid('person', 7), 'type', 'In', 'time', '2026-11-20T01:00:00Z',
    'belongsToDate', '2026-11-20')),
  ('HourEntries', jsonb_build_object('personId', guid('person', 7), 'date', '2026-11-20', 'duration', 'PT1H')))
  AS o (resource, more);
SELECT results_eq('SELECT code, agent_id FROM timesheet.notes(''2026-11-20'', ''2026-11-21'', agent(7), ''infinity'')',
  'VALUES (''rejected_entry'', agent(7)), (''rejected_entry'', agent(7))', 'R13: and noted for whom it names');
SELECT is(of_zeros('Groups', '{"name": "Other"}') || of_zeros('Groups', '{"name": "Other"}'), NULL,
  'the same again is nothing new, so the second run has no problem');
SELECT is((SELECT count(*) FROM timesheet.raw_events WHERE jibble_id IS NULL AND resource = 'Groups'), 2::bigint,
  'two objects of zeros are no versions of one');
SELECT is_empty(format('SELECT FROM timesheet.%I WHERE jibble_id = spec.zeros()::uuid', t),
  'nothing was made of them in ' || t) FROM unnest('{agents,client_groups,activities,hour_entries}'::text[]) AS t;

CREATE TABLE spec.before AS SELECT * FROM timesheet.daily_report;
SELECT timesheet.replay() > 0;
SELECT bag_eq('SELECT * FROM timesheet.daily_report', 'SELECT * FROM spec.before', 'replay gives the same');

SELECT * FROM finish();
ROLLBACK;
