-- Values (docs/rules.md), R3, R13: what is a time zone, by which names, and what happens to one that the server does
-- not know.
\ir setup.sql
SELECT plan(68);

-- What a text means is tried by what clocks show: noon UTC in winter and in summer, worked out by hand.
CREATE TABLE spec.texts (given text, zone text, january time, july time);
INSERT INTO spec.texts VALUES
  ('Asia/Manila', 'Asia/Manila', '20:00', '20:00'), (' asia/manila ', 'Asia/Manila', '20:00', '20:00'),
  (E'\tASIA/MANILA\r\n', 'Asia/Manila', '20:00', '20:00'),
  (E'Asia/Manila\u200b', 'Asia/Manila', '20:00', '20:00'), (E'Asia/Man\u200bila', 'Asia/Manila', '20:00', '20:00'),
  (E'Asia/Manila\u0001', 'Asia/Manila', '20:00', '20:00'),
  (E'\u00a0Asia/Tel_Aviv\ufeff', 'Asia/Tel_Aviv', '14:00', '15:00'),
  ('america/port-au-prince', 'America/Port-au-Prince', '07:00', '08:00'),
  ('america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires', '09:00', '09:00'),
  ('US/Eastern', 'US/Eastern', '07:00', '08:00'), ('us/eastern', 'US/Eastern', '07:00', '08:00'),
  ('Asia/Calcutta', 'Asia/Calcutta', '17:30', '17:30'), ('Europe/Kiev', 'Europe/Kiev', '14:00', '15:00'),
  ('UTC', 'UTC', '12:00', '12:00'), ('utc', 'UTC', '12:00', '12:00'), ('Etc/UTC', 'Etc/UTC', '12:00', '12:00'),
  ('GMT', 'GMT', '12:00', '12:00'), ('GMT+0', 'GMT+0', '12:00', '12:00'), ('Zulu', 'Zulu', '12:00', '12:00'),
  ('W-SU', 'W-SU', '15:00', '15:00'), ('nz-chat', 'NZ-CHAT', '01:45', '00:45'),
  ('EST5EDT', 'America/New_York', '07:00', '08:00'), ('pst8pdt', 'America/Los_Angeles', '04:00', '05:00'),
  -- To AT TIME ZONE these are abbreviations, CET without a summer, as those with a summer are POSIX texts.
  ('CET', 'Europe/Brussels', '13:00', '14:00'), ('EET', 'Europe/Athens', '14:00', '15:00'),
  ('WET', 'Europe/Lisbon', '12:00', '13:00'), ('EST', 'America/Panama', '07:00', '07:00'),
  ('HST', 'Pacific/Honolulu', '02:00', '02:00'),
  -- As in ISO 8601, east has the plus; in the tz database's Etc/ it has the minus.
  ('UTC+08:00', 'Etc/GMT-8', '20:00', '20:00'), ('UTC+8', 'Etc/GMT-8', '20:00', '20:00'),
  ('gmt+08:00', 'Etc/GMT-8', '20:00', '20:00'), (' UTC + 0800 ', 'Etc/GMT-8', '20:00', '20:00'),
  ('UTC-05:00', 'Etc/GMT+5', '07:00', '07:00'),
  ('Etc/GMT-8', 'Etc/GMT-8', '20:00', '20:00'), ('etc/gmt+8', 'Etc/GMT+8', '04:00', '04:00'),
  ('UTC-11', 'Etc/GMT+11', '01:00', '01:00'), ('UTC+14:00', 'Etc/GMT-14', '02:00', '02:00'),
  ('UTC-12', 'Etc/GMT+12', '00:00', '00:00'),
  ('UTC-05:30', '<-05:30>+05:30', '06:30', '06:30'), (E'UTC\u221205:30', '<-05:30>+05:30', '06:30', '06:30'),
  ('UTC+05:45', '<+05:45>-05:45', '17:45', '17:45'), ('GMT+5:45', '<+05:45>-05:45', '17:45', '17:45'),
  ('UTC-00:30', '<-00:30>+00:30', '11:30', '11:30'), ('UTC+00:00', 'Etc/UTC', '12:00', '12:00'),
  ('UTC-0', 'Etc/UTC', '12:00', '12:00'),
  ('China Standard Time', 'Asia/Shanghai', '20:00', '20:00'),
  ('china standard TIME ', 'Asia/Shanghai', '20:00', '20:00'),
  ('Singapore Standard Time', 'Asia/Singapore', '20:00', '20:00'),
  ('Eastern Standard Time', 'America/New_York', '07:00', '08:00'),
  ('India Standard Time', 'Asia/Kolkata', '17:30', '17:30'),
  ('Nepal Standard Time', 'Asia/Kathmandu', '17:45', '17:45'), ('GMT Standard Time', 'Europe/London', '12:00', '13:00'),
  ('W. Europe Standard Time', 'Europe/Berlin', '13:00', '14:00'),
  ('Pacific Standard Time (Mexico)', 'America/Tijuana', '04:00', '05:00'),
  ('FLE Standard Time', 'Europe/Kyiv', '14:00', '15:00');
-- Where the server lacks an older name, as on Debian 13 without tzdata-legacy, it is what it links to.
UPDATE spec.texts AS t SET zone = l.zone
FROM (VALUES ('US/Eastern', 'America/New_York'), ('Asia/Calcutta', 'Asia/Kolkata'), ('Europe/Kiev', 'Europe/Kyiv'),
  ('Zulu', 'Etc/UTC'),
  ('W-SU', 'Europe/Moscow'), ('NZ-CHAT', 'Pacific/Chatham')) AS l (older, zone)
WHERE t.zone = l.older AND NOT EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = l.older);
SELECT results_eq('SELECT given, timesheet.canonical_time_zone(given) FROM spec.texts ORDER BY given',
  'SELECT given, zone FROM spec.texts ORDER BY given',
  'a zone is known by its name in any case of letters, by a Windows name, and by its hours from UTC');
SELECT results_eq($$ SELECT given, (timestamptz '2026-01-15 12:00Z' AT TIME ZONE zone)::time,
  (timestamptz '2026-07-15 12:00Z' AT TIME ZONE zone)::time FROM spec.texts ORDER BY given $$,
  'SELECT given, january, july FROM spec.texts ORDER BY given', 'and its clocks are those of the place');
SELECT is_empty('SELECT given FROM spec.texts WHERE timesheet.canonical_time_zone(zone) IS DISTINCT FROM zone
  OR timesheet.usable_time_zone(zone) IS DISTINCT FROM zone',
  'what it is stored as means the same again');

CREATE TABLE spec.unknown (given text);
INSERT INTO spec.unknown SELECT unnest(ARRAY['', ' ', 'Mars/Olympus', 'Asia/Manilla', 'Asia', 'Asia/',
  'America/Argentina', 'localtime', 'posixrules', 'Factory', 'right/UTC', 'posix/Asia/Manila', 'tzdata.zi',
  'PST', 'IST', 'PHT', 'Manila', 'Manila+8', 'ABC5DEF', '<+08>-08', '<+08:00>+08:00', '<+25:00>-25:00', 'PHT-8',
    'Etc/GMT-15', 'Etc/GMT+13', 'Etc/GMT-08', 'UTC+15', 'UTC-13', 'UTC+14:01', 'UTC+8:60', 'UTC+8:5',
  'UTC 8', 'UTC+', 'UTC++8', 'UTC+08:00:00', 'UT+8', '+08:00', '8', '-8', 'inf', 'NaN', 'infinity',
    'interval ''8 hours''', '../Asia/Manila', 'Asia/../Asia/Manila', '/usr/share/zoneinfo/Asia/Manila', 'Asia\Manila',
  E'Asia/\nManila', E'Asia/Man\u0001ila', E'Asia/Man\u00a0ila', 'default', 'DEFAULT', 'UTC;', 'UTC+8''', repeat('a',
    10000), 'Asia/' || repeat('a', 10000), 'UTC+' || repeat('8', 10000), repeat(' ', 10000)]);
SELECT is_empty('SELECT left(given, 60) FROM spec.unknown WHERE timesheet.canonical_time_zone(given) IS NOT NULL',
  'no other text is a zone, whatever PostgreSQL would make of it');
SELECT is_empty('SELECT left(given, 60) FROM spec.unknown WHERE timesheet.usable_time_zone(given) IS NOT NULL',
  'nor one where it is stored');
SELECT is(timesheet.canonical_time_zone(repeat(' ', 10000) || 'asia/manila'), 'Asia/Manila', 'blanks do not count');
SELECT is(timesheet.canonical_time_zone(NULL), NULL, 'null is no zone');
-- It opens the file of every zone each time, which takes a tenth of a second or more.
SELECT is_empty($$ SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'timesheet'::regnamespace
  AND p.prosrc ~* '(FROM|JOIN) +pg_timezone_names' AND p.proname <> 'is_time_zone' $$,
    'nothing that is asked row by row reads pg_timezone_names');
SELECT is_empty($$ SELECT z.name FROM pg_timezone_names AS z WHERE z.name !~
  '^(posix/|right/|Factory$|localtime$|posixrules$)'
  AND timesheet.canonical_time_zone(z.name) IS DISTINCT FROM z.name
    AND z.name <> ALL ('{CET,EET,MET,WET,EST,MST,HST,EST5EDT,CST6CDT,MST7MDT,PST8PDT}') $$,
    'every other name of this server means itself');
SELECT is_empty($$ SELECT z.name FROM pg_timezone_names AS z WHERE z.name ~ '/' AND z.name !~ '^(posix|right)/'
  AND z.name !~ '[0-9]' AND timesheet.canonical_time_zone(upper(z.name)) IS DISTINCT FROM z.name $$,
  'in capitals, too');
SELECT is_empty($$ SELECT a.alias FROM timesheet.time_zone_aliases AS a
  WHERE timesheet.canonical_time_zone(a.alias) IS NULL OR timesheet.canonical_time_zone(a.zone) IS NULL $$,
  'every name of the table is known');
-- A link is the same clock: hour by hour of a year in the past.
SELECT is_empty($$ WITH links AS MATERIALIZED (SELECT a.alias, timesheet.canonical_time_zone(a.alias) AS taken,
  a.zone FROM timesheet.time_zone_aliases AS a WHERE a.source = 'link')
  SELECT l.alias FROM links AS l CROSS JOIN generate_series(timestamptz '2023-01-01 00:00Z', '2024-01-01 00:00Z',
    interval '53 hours') AS t WHERE t AT TIME ZONE l.taken <> t AT TIME ZONE l.zone $$,
    'a link shows the same clock as what it links to');
SELECT cmp_ok((SELECT count(*) FROM timesheet.time_zone_aliases AS a WHERE a.source = 'windows'), '>=', 139::bigint,
  'all of Windows'' names are there');

-- The session's own zone and the names it has for others decide nothing.
SET LOCAL timezone = 'Asia/Kathmandu';
SELECT is(timesheet.canonical_time_zone('america/new_york'), 'America/New_York', 'asking for a zone');
SELECT is(current_setting('timezone'), 'Asia/Kathmandu', 'leaves the session''s zone alone');
SET LOCAL timezone = 'UTC';

-- Where the server lacks a name, or has an older one: the function that asks it says so.
CREATE FUNCTION spec.without(names text, older text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'ALTER FUNCTION timesheet.server_time_zone(text) RENAME TO server_time_zone_of_all';
  EXECUTE format('CREATE FUNCTION timesheet.server_time_zone(given text) RETURNS text LANGUAGE sql AS $f$ SELECT CASE
    WHEN given = ANY (%L::text[]) THEN given WHEN given !~* %L THEN timesheet.server_time_zone_of_all(given) END
    $f$', older, names);
END
$$;
SAVEPOINT lacks;
SELECT without('^(US/|Asia/(Calcutta|Saigon|Rangoon|Katmandu)$|Europe/Kiev$|America/Buenos_Aires$|EST5EDT$|Etc/GMT)');
SELECT results_eq($$ SELECT g, timesheet.canonical_time_zone(g) FROM
  unnest('{US/Eastern,us/pacific,Asia/Calcutta,Asia/Saigon,Asia/Rangoon,Europe/Kiev,America/Buenos_Aires,EST5EDT,'
    'UTC+08:00}'::text[]) WITH ORDINALITY AS u (g, n) ORDER BY n $$,
  $$ VALUES ('US/Eastern', 'America/New_York'), ('us/pacific', 'America/Los_Angeles'),
    ('Asia/Calcutta', 'Asia/Kolkata'), ('Asia/Saigon', 'Asia/Ho_Chi_Minh'), ('Asia/Rangoon', 'Asia/Yangon'),
     ('Europe/Kiev', 'Europe/Kyiv'), ('America/Buenos_Aires', 'America/Argentina/Buenos_Aires'),
     ('EST5EDT', 'America/New_York'), ('UTC+08:00', '<+08:00>-08:00') $$,
  'an older name that the server lacks is what it links to');
ROLLBACK TO lacks;
SELECT without('^(Asia/(Kolkata|Ho_Chi_Minh)|Europe/Kyiv)$', '{Asia/Calcutta,Asia/Saigon,Europe/Kiev,Europe/Uzhgorod}');
SELECT results_eq($$ SELECT g, timesheet.canonical_time_zone(g) FROM
  unnest('{Asia/Kolkata,Asia/Ho_Chi_Minh,Europe/Kyiv,Europe/Uzhgorod,India Standard Time,FLE Standard Time}'::text[])
  WITH ORDINALITY AS u (g, n) ORDER BY n $$,
  $$ VALUES ('Asia/Kolkata', 'Asia/Calcutta'), ('Asia/Ho_Chi_Minh', 'Asia/Saigon'), ('Europe/Kyiv', 'Europe/Kiev'),
    ('Europe/Uzhgorod', 'Europe/Uzhgorod'), ('India Standard Time', 'Asia/Calcutta'),
    ('FLE Standard Time', 'Europe/Kiev') $$,
  'and a newer name that an older server lacks is the old one');
ROLLBACK TO lacks;

SELECT is(timesheet.time_zone_label(timesheet.canonical_time_zone(g)), shown, 'people are shown ' || shown)
FROM (VALUES ('UTC+08:00', 'UTC+08:00'), ('UTC-05:30', 'UTC-05:30'), ('UTC+5:45', 'UTC+05:45'),
  ('Etc/GMT+11', 'UTC-11:00'), ('asia/manila', 'Asia/Manila'), ('Etc/GMT+0', 'Etc/GMT+0')) AS t (g, shown);

-- Zones that people write.
SELECT feed('Groups', json_build_object('id', guid('group', 1), 'name', 'Acme', 'status', 'Active')::text,
  json_build_object('id', guid('group', 2), 'name', 'Bolt', 'status', 'Active')::text);
SELECT is(timesheet.local_time_text('2026-11-23 00:05Z', 'Asia/Manila'), 'Mon 23 Nov 2026, 08:05 (Asia/Manila)',
  'a time is written for people with its zone');
SELECT is(timesheet.local_time_text('2026-11-01 20:00Z', 'Etc/GMT-8'), 'Mon 2 Nov 2026, 04:00 (UTC+08:00)',
  'also where that is an offset');
UPDATE timesheet.settings SET default_time_zone = ' asia/tokyo';
SELECT is((SELECT default_time_zone FROM timesheet.settings), 'Asia/Tokyo',
  'a setting is written by the server''s spelling');
SELECT is(timesheet.office_time_text('2026-11-22 23:00Z'), 'Mon 23 Nov 2026, 08:00 (Asia/Tokyo)',
  'and for the office in the zone of the settings');
UPDATE timesheet.client_groups SET time_zone = 'UTC+05:45' WHERE name = 'Acme';
SELECT is((SELECT time_zone FROM timesheet.client_groups WHERE name = 'Acme'), '<+05:45>-05:45',
  'a client group''s zone as well');
SELECT throws_ok($$ UPDATE timesheet.client_groups SET time_zone = 'Manila+8' $$, '23514',
  'time zone "Manila+8" is not known, which violates "client_group_time_zone_must_be_in_pg_timezone_names"',
  'an unknown one is refused');
SELECT throws_ok($$ UPDATE timesheet.settings SET default_time_zone = '' $$, '23514', NULL,
  'so is none for the default');
SELECT throws_ok($$ UPDATE timesheet.settings SET default_time_zone = NULL $$, '23502', NULL, 'and null');
SELECT throws_ok($$ SELECT timesheet.set_working_time('2026-01-01', for_client_group => 1,
  time_zone => repeat('x', 10000)) $$, '22023', NULL, 'an override takes no unknown zone');
SELECT throws_ok($$ INSERT INTO timesheet.working_time_overrides (client_group_id, since, time_zone)
  VALUES (1, '2026-01-01', 'PST') $$, '23514', NULL, 'nor by hand');

-- Agents of UTC+08:00, UTC-05:30 and UTC+05:45, each by Jibble and by an override of ours; 22:00 to 23:30
-- and then 00:30 to 01:00 the next day, local.
SELECT feed('People', person(n, CASE WHEN n < 4 THEN z END, guid('group', 1), z)) FROM (VALUES (1, 'UTC+08:00'),
  (2, 'UTC-05:30'), (3, 'UTC+05:45'), (4, 'override of UTC+08:00'), (5, 'override of UTC-05:30'),
  (6, 'override of UTC+05:45')) AS p (n, z);
SELECT timesheet.set_working_time('2026-01-01', agent(n), time_zone => z) FROM (VALUES (4, 'UTC+08:00'),
  (5, 'UTC-05:30'), (6, 'UTC+05:45')) AS p (n, z);
SELECT feed('TimeEntries', VARIADIC ARRAY(
  SELECT jsonb_build_object('id', guid('event', 10 * p.n + e.n), 'personId', guid('person', p.n), 'type', e.type,
    'status', 'Active',
    'time', to_char(e.at - p.east, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'offset', 'PT0S', 'belongsToDate',
      CASE WHEN p.n < 4 THEN e.at::date END)::text
  FROM (VALUES (1, interval '8 hours'), (2, -interval '5 hours 30 minutes'), (3, interval '5 hours 45 minutes'),
    (4, interval '8 hours'), (5, -interval '5 hours 30 minutes'), (6, interval '5 hours 45 minutes')) AS p (n, east),
       (VALUES (1, timestamp '2026-11-16 22:00', 'In'), (2, '2026-11-16 23:30', 'Out'), (3, '2026-11-17 00:30', 'In'),
         (4, '2026-11-17 01:00', 'Out')) AS e (n, at, type)));
SELECT results_eq('SELECT agent_id - agent(1) + 1, work_seconds, workday FROM timesheet.daily_hours(
  NULL, NULL, NULL, ''infinity'') ORDER BY 1, 3',
  $$ SELECT n, CASE d WHEN 16 THEN 5400 ELSE 1800 END::bigint, make_date(2026, 11, d) FROM generate_series(1, 6) AS n,
    unnest('{16,17}'::int[]) AS d ORDER BY 1, 3 $$,
    'R3: each has 1:30 h on the 16th and 0:30 h on the 17th, by its own midnight');
SELECT results_eq('SELECT e.agent_id - agent(1) + 1, e.workday_end FROM timesheet.time_entries AS e
  WHERE e.workday = ''2026-11-16'' AND e.kind = 2 ORDER BY 1',
  $$ VALUES (1, timestamptz '2026-11-16 16:00Z'), (2, '2026-11-17 05:30Z'), (3, '2026-11-16 18:15Z'),
    (4, '2026-11-16 16:00Z'), (5, '2026-11-17 05:30Z'), (6, '2026-11-16 18:15Z') $$, 'R4: which is');
SELECT results_eq('SELECT agent_id - agent(1) + 1, clock_in_local, clock_out_local, clock_in_client
  FROM timesheet.attendance WHERE workday = ''2026-11-16'' ORDER BY 1',
  -- 22:00 at UTC+08:00 is 14:00 in UTC and 19:45 at the client's UTC+05:45, and so on.
  $$ SELECT n, timestamp '2026-11-16 22:00', timestamp '2026-11-16 23:30', c
    FROM (VALUES (1, timestamp '2026-11-16 19:45'), (2, '2026-11-17 09:15'), (3, '2026-11-16 22:00'),
    (4, '2026-11-16 19:45'), (5, '2026-11-17 09:15'), (6, '2026-11-16 22:00')) AS v (n, c) $$,
  'attendance shows the clocks of the agent and of the client');
SELECT timesheet.refresh() > 0;
SELECT is((SELECT count(*) FROM timesheet.attendance WHERE clock_in_local = '2026-11-16 22:00'
  AND clock_out_local = '2026-11-16 23:30'), 6::bigint, 'and so they are stored');
SELECT is((SELECT string_agg(DISTINCT n.code, ' ') FROM timesheet.notes(NULL, NULL, NULL, 'infinity') AS n), NULL,
  'nothing of it is worth a note');

-- What Jibble names and the server does not know: the next best zone of R3, and a note.
SELECT feed('Organizations', json_build_object('id', guid('organisation', 1), 'ICultureSettings/TimeZone',
  'America/New_York')::text);
SELECT feed('People', person(11, 'Mars/Olympus', guid('group', 1)), person(12, '', guid('group', 1)),
  person(13, repeat('x', 10000), guid('group', 1)), person(14, '<+08:00>-08:00'),
  (person(15, 'Asia/Manila')::jsonb || '{"ICalculationSettings/TimeSheetTimeZone": "Moon/Base"}')::text,
  (person(16, 'Moon/Base')::jsonb || '{"ICalculationSettings/TimeSheetTimeZone": "Asia/Manila"}')::text);
SELECT feed('TimeEntries', VARIADIC ARRAY(SELECT event(10 * p + e, p, at, type, zone => 'America/New_York')
  FROM generate_series(11, 16) AS p, (VALUES (1, timestamp '2026-11-16 08:00', 'Verify'), (2, '2026-11-16 09:00', 'In'),
    (3, '2026-11-16 11:00', 'Out'), (4, '2026-11-17 09:00', 'In'), (5, '2026-11-17 10:00', 'Out')) AS e (e, at, type)));
SELECT results_eq('SELECT a.agent_id - agent(11) + 11, a.time_zone FROM timesheet.agents AS a
  WHERE a.agent_id >= agent(11) ORDER BY 1',
  $$ VALUES (11, 'America/New_York'), (12, 'America/New_York'), (13, 'America/New_York'), (14, 'America/New_York'),
    (15, 'Asia/Manila'), (16, 'Asia/Manila') $$,
    'R3: the next best is used, an empty text is none, and no POSIX text of Jibble''s is a zone');
SELECT results_eq('SELECT agent_id - agent(11) + 11, workday, at, left(detail, 72), jibble_activity_id
  FROM timesheet.notes(NULL, NULL, NULL, ''infinity'') WHERE code = ''unknown_time_zone'' ORDER BY 1, 2',
  $$ SELECT p, d, (d + time '09:00') AT TIME ZONE 'America/New_York',
    left('time zone "' || t || '" is not known here; counted in ' || z, 72), guid('event',
    10 * p + CASE d WHEN '2026-11-16' THEN 2 ELSE 4 END)
     FROM (VALUES (11, 'Mars/Olympus', 'America/New_York'), (13, repeat('x', 80), 'America/New_York'),
       (14, '<+08:00>-08:00', 'America/New_York'), (15, 'Moon/Base', 'Asia/Manila')) AS v (p, t, z),
          unnest('{2026-11-16,2026-11-17}'::date[]) AS d ORDER BY 1, 2 $$,
  'R13: once per agent and workday, at its first live entry, for what was passed over and nothing else');
SELECT is((SELECT sum(work_seconds) FROM timesheet.daily_hours(NULL, NULL, agent(11), 'infinity')), 10800::numeric,
  'and the hours count');
SELECT is((SELECT string_agg(DISTINCT notes, '; ') FROM timesheet.attendance WHERE agent_id = agent(13)),
  'unknown_time_zone; unknown_time_zone, unknown_type', 'attendance names the note');
SELECT is((SELECT bool_or('unknown_time_zone' = ANY (timesheet.client_note_codes()))), false,
  'a client is not shown it');
SELECT is_empty($$ SELECT FROM timesheet.client_attendance(ARRAY(SELECT client_group_id FROM timesheet.client_groups),
  NULL, NULL) AS a WHERE a.notes LIKE '%zone%' $$, 'nor with its attendance');
SELECT timesheet.set_working_time('2026-11-17', agent(11), time_zone => 'Asia/Manila');
SELECT results_eq('SELECT workday FROM timesheet.notes(NULL, NULL, agent(11), ''infinity'')
  WHERE code = ''unknown_time_zone''', 'VALUES (''2026-11-16''::date)', 'an override settles it from its day on');

-- Both engines, and a replay.
CREATE TABLE spec.before AS SELECT * FROM timesheet.notes(NULL, NULL, NULL, 'infinity');
CREATE TABLE spec.zones AS SELECT agent_id, time_zone FROM timesheet.agents;
SELECT timesheet.replay() > 0;
SELECT bag_eq($$ SELECT * FROM timesheet.notes(NULL, NULL, NULL, 'infinity') $$, 'SELECT * FROM spec.before',
  'replay gives the same notes');
SELECT bag_eq('SELECT agent_id, time_zone FROM timesheet.agents', 'SELECT agent_id, time_zone FROM spec.zones',
  'and zones');

-- A zone that the server forgets harms no other person. What the tables look like then: a name that no server knows.
SELECT timesheet.refresh() >= 0;
CREATE TABLE spec.others AS SELECT * FROM timesheet.daily_report WHERE agent_id NOT IN (agent(16), agent(6));
SELECT format('ALTER TABLE timesheet.%I DISABLE TRIGGER USER', t) FROM
  unnest('{settings,client_groups,working_time_overrides,time_entries}'::text[]) AS t \gexec
UPDATE timesheet.attribute_history SET sheet_zone = 'US/Lost' WHERE jibble_id = guid('person', 16);
UPDATE timesheet.agent_history SET time_zone = 'US/Lost' WHERE agent_id IN (agent(16), agent(6));
UPDATE timesheet.agents SET time_zone = 'US/Lost' WHERE agent_id IN (agent(16), agent(6));
UPDATE timesheet.time_entries SET time_zone = 'US/Lost' WHERE agent_id IN (agent(16), agent(6));
UPDATE timesheet.attendance_rollup SET time_zone = 'US/Lost' WHERE agent_id IN (agent(16), agent(6));
UPDATE timesheet.working_time_overrides SET time_zone = 'US/Lost' WHERE agent_id = agent(6);
UPDATE timesheet.client_groups SET time_zone = 'US/Lost' WHERE name = 'Acme';
UPDATE timesheet.settings SET default_time_zone = 'US/Lost';
SELECT format('ALTER TABLE timesheet.%I ENABLE TRIGGER USER', t) FROM
  unnest('{settings,client_groups,working_time_overrides,time_entries}'::text[]) AS t \gexec
SELECT lives_ok(q, 'still read: ' || q) FROM unnest(ARRAY['SELECT clock_in_local, clock_in_client
  FROM timesheet.attendance', 'SELECT at_local FROM timesheet.notes', 'SELECT time_zone
  FROM timesheet.client_group_names',
  'SELECT * FROM timesheet.explain(''2026-11-16'', 1)', 'SELECT timesheet.nightly_resync_is_due()',
    'SELECT timesheet.last_week_day()', 'SELECT * FROM timesheet.audit(''2026-11-15'', ''2026-11-17'', ''{}'')',
  'SELECT * FROM timesheet.client_attendance(''{1,2}'', NULL, NULL)',
    'SELECT * FROM timesheet.digest_schedule(''2026-11-01'', ''2026-12-01'')']) AS q;
SELECT is((SELECT clock_in_local FROM timesheet.attendance WHERE agent_id = agent(6) AND workday = '2026-11-16'),
  timestamp '2026-11-16 16:15', 'such an agent''s clock is UTC''s where nothing better is known');
SELECT lives_ok($$ UPDATE timesheet.settings SET day_cutoff = '01:00', default_time_zone = default_time_zone $$,
  'a setting can be changed');
SELECT lives_ok($$ UPDATE timesheet.settings SET day_cutoff = '00:00' $$, 'and changed back');
SELECT lives_ok($$ SELECT timesheet.set_working_time('2020-01-01', for_client_group => (SELECT client_group_id
  FROM timesheet.client_groups WHERE name = 'Acme'), day_cutoff => '00:00') $$, 'a cut-off for the group can be set');
SELECT lives_ok('SELECT timesheet.refresh()', 'reports are refreshed');
SELECT bag_eq('SELECT * FROM timesheet.daily_report WHERE agent_id NOT IN (agent(16), agent(6))',
  'SELECT * FROM spec.others', 'no other person''s hours changed');
SELECT set_eq($$ SELECT agent_id, detail FROM timesheet.notes(NULL, NULL, NULL,
  'infinity') WHERE code = 'unknown_time_zone' AND detail LIKE '%US/Lost% counted in %' AND workday = '2026-11-16' $$,
  $$ VALUES (agent(6), 'time zone "US/Lost" is not known here; counted in America/New_York'),
    (agent(16), 'time zone "US/Lost" is not known here; counted in America/New_York') $$,
    'R13: it is noted, of an override, too');
-- Agents 1 to 6 and 11 to 13 work for Acme; 6, 11 and 13 have a note of their own that day.
CREATE FUNCTION spec.reporting() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', n.agent_id - agent(1) + 1, to_char(n.at AT TIME ZONE 'UTC', 'DD HH24:MI'),
    n.detail) FROM timesheet.notes AS n
  WHERE n.code = 'unknown_time_zone' AND n.workday = '2026-11-16' AND n.detail LIKE '%reports to%'
$$;
SELECT bag_eq('SELECT reporting()', $$ SELECT n || ' ' || at ||
  ' time zone "US/Lost", in which reports to Acme show times, is not known here'
  FROM (VALUES (1, '16 14:00'), (2, '17 03:30'), (3, '16 16:15'), (4, '16 14:00'), (5, '17 03:30'),
    (agent(12) - agent(1) + 1, '16 14:00')) AS v (n, at) $$,
  'R13: that of a client group''s reports once per agent and workday, where the working zone gives no such note');
SELECT is((SELECT g.unknown_time_zone FROM timesheet.client_groups AS g WHERE g.name = 'Bolt'), 'US/Lost',
  'so is the default, for a group that has none');
UPDATE timesheet.client_groups SET time_zone = 'Asia/Tokyo' WHERE name = 'Acme';
SELECT timesheet.refresh() >= 0;
SELECT is_empty('SELECT reporting()', 'until the group is given a zone that is known');
SELECT is((SELECT count(*) FROM timesheet.client_groups AS g WHERE g.unknown_time_zone IS NOT NULL), 1::bigint,
  'the other is noted still');
UPDATE timesheet.settings SET default_time_zone = 'Asia/Tokyo';
SELECT timesheet.refresh() >= 0;
SELECT is((SELECT count(*) FROM timesheet.client_groups AS g WHERE g.unknown_time_zone IS NOT NULL), 0::bigint,
  'until the default is known');

SELECT * FROM finish();
ROLLBACK;
