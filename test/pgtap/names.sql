-- Names: how they are stored, and how what is shown together and has one name is kept apart.
\ir setup.sql
SELECT plan(48);

CREATE FUNCTION spec.named(kind text, n int, name text, code text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT json_build_object('id', spec.guid(kind, n), 'name', name, 'code', code, 'status', 'Active')::text
$$;
CREATE FUNCTION spec.named_person(n int, name text, code text DEFAULT NULL, email text DEFAULT NULL, grp int DEFAULT 1)
RETURNS text LANGUAGE sql AS $$
  SELECT (spec.person(n, 'UTC', spec.guid('group', grp), '')::jsonb
    || jsonb_build_object('fullName', name, 'code', code, 'email', email))::text
$$;
-- Work from 09:00 on for some hours, on an activity by its number.
CREATE FUNCTION spec.works(person int, day date, hours numeric, activity int DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
  SELECT spec.feed('TimeEntries', spec.event(n, person, day + time '09:00', 'In', zone => 'UTC', more =>
      json_build_object('activityId', CASE WHEN activity IS NOT NULL THEN spec.guid('activity', activity) END)),
    spec.event(n + 1, person, day + time '09:00' + hours * interval '1 hour', 'Out', zone => 'UTC'))
  FROM (SELECT 10 * count(*)::int AS n FROM timesheet.time_entries) AS e
$$;
CREATE FUNCTION spec.said(contact text) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT timesheet.digest_content((SELECT c.contact_id FROM timesheet.contacts AS c WHERE c.email = contact),
    '2026-11-16')
$$;

-- Stored clean, by every way in.
SELECT feed('Groups', named('group', 1, E' Acme\u00a0\u200b '), named('group', 2, E'\u3164'), named('group', 3, ' '));
SELECT feed('Activities', named('activity', 1, E'Cafe\u0301', E' A\u00ad1 '), named('activity', 2, ''),
  named('activity', 3, E'\u200b\u2060'));
SELECT feed('People', named_person(1, E'Ann\u2003 \n Reyes', E'\u202f7', E' ann@example.com\u200b'),
  named_person(2, E'\u00a0'),
  named_person(3, E'\u115f'));
SELECT results_eq('SELECT name FROM timesheet.client_groups ORDER BY client_group_id',
  $$ VALUES ('Acme'), (NULL), (NULL) $$,
  'client groups: one without blanks around it, and none where there is nothing to read');
SELECT results_eq('SELECT name, code FROM timesheet.activities ORDER BY activity_id',
  $$ VALUES (E'Caf\u00e9', 'A1'), (NULL, NULL), (NULL, NULL) $$, 'activities likewise, and their codes');
SELECT results_eq('SELECT full_name, code, email FROM timesheet.agents ORDER BY agent_id',
  $$ VALUES ('Ann Reyes', '7', 'ann@example.com'), (NULL, NULL, NULL), (NULL, NULL, NULL) $$,
  'agents likewise, and their addresses');
SELECT is((SELECT r.payload ->> 'name' FROM timesheet.raw_events AS r WHERE r.jibble_id = guid('group', 1)),
  E' Acme\u00a0\u200b ', 'what came stays as it came');
SELECT results_eq('SELECT name FROM timesheet.client_group_names WHERE key > 0 ORDER BY key',
  $$ VALUES ('Acme'), ('(unnamed client group)'), ('(unnamed client group)') $$, 'client groups without a name');
SELECT results_eq('SELECT name FROM timesheet.activity_names WHERE key > 0 ORDER BY key',
  $$ VALUES (E'Caf\u00e9'), ('(unnamed activity)'), ('(unnamed activity)') $$, 'activities without a name');
SELECT results_eq('SELECT name FROM timesheet.agent_names ORDER BY agent_id',
  $$ VALUES ('Ann Reyes'), ('(unnamed agent)'), ('(unnamed agent)') $$, 'agents without a name');
UPDATE timesheet.agents SET full_name = E'\tBen  Cruz\u00a0', email = ' ' WHERE agent_id = agent(2);
SELECT results_eq('SELECT full_name, email FROM timesheet.agents WHERE agent_id = agent(2)',
  $$ VALUES ('Ben Cruz', NULL::text) $$, 'also by hand');
INSERT INTO timesheet.activities (jibble_id, name) VALUES (guid('activity', 4), E'Desk\u200d ');
SELECT is((SELECT v.name FROM timesheet.activities AS v WHERE v.jibble_id = guid('activity', 4)), 'Desk',
  'and by a row of one''s own');
CREATE TEMPORARY TABLE before AS SELECT a.ctid AS place, a.xmin AS version, a.* FROM timesheet.agents AS a;
SELECT feed('People', named_person(1, E'Ann Reyes\u00a0', '7 ', 'ann@example.com'));
SELECT is_empty('SELECT FROM before AS b JOIN timesheet.agents AS a USING (agent_id) '
  'WHERE (a.ctid, a.xmin) IS DISTINCT FROM (b.place, b.version) AND agent_id = agent(1)',
  'a name that differs in blanks alone changes no row');
SELECT timesheet.replay();
SELECT is((SELECT a.full_name FROM timesheet.agents AS a WHERE a.agent_id = agent(1)), 'Ann Reyes', 'nor does replay');
SELECT feed('TimeTrackingPeople', json_build_object('id', guid('person', 3), 'fullName', ' Cara Lim ')::text);
SELECT is((SELECT a.full_name FROM timesheet.agents AS a WHERE a.agent_id = agent(3)), 'Cara Lim',
  'a name that time tracking has is taken where the workspace''s is blank');
SELECT feed('People', named_person(3, E'\u200e'));
SELECT is((SELECT a.full_name FROM timesheet.agents AS a WHERE a.agent_id = agent(3)), 'Cara Lim', 'and stays');

-- timesheet.distinct_names(): each list of name, code, address, and what is shown, by id from 1 on.
CREATE FUNCTION spec.shown(VARIADIC given text[]) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(d.name, ' | ' ORDER BY d.id)
  FROM (SELECT array_agg(u.n::int) AS ids, array_agg(split_part(u.t, ',', 1)) AS names,
          array_agg(nullif(split_part(u.t, ',', 2), '')) AS codes,
          array_agg(nullif(split_part(u.t, ',', 3), '')) AS addresses
        FROM unnest(given) WITH ORDINALITY AS u (t, n)) AS g
  CROSS JOIN LATERAL timesheet.distinct_names(g.ids, g.names, g.codes, g.addresses) AS d
$$;
SELECT is(shown('Ann,1,a@x', 'Ben,1,b@x'), 'Ann | Ben', 'different names stay');
SELECT is(shown('Ann,17,a@x', 'Ann,44,b@x'), 'Ann (17) | Ann (44)', 'one name: by code');
SELECT is(shown('Ann,17,a@x', 'Ann,,b@x'), 'Ann (17) | Ann (b@x)', 'where one has no code, that one by address');
SELECT is(shown('Ann,17,a@x', 'Ann,17,b@x'), 'Ann (a@x) | Ann (b@x)', 'one code too: by address');
SELECT is(shown('Ann,17,a@x', 'Ann,17,a@x', 'Ann,44,a@x'), 'Ann (no. 1) | Ann (no. 2) | Ann (44)',
  'one address too: by number');
SELECT is(shown('Ann', 'Ann'), 'Ann (no. 1) | Ann (no. 2)', 'nothing else: by number');
SELECT is(shown('Ann', 'ANN'), 'Ann | ANN', 'letter case keeps apart');
SELECT is(shown('Ann,17', 'Ann,44', 'Ann (17),9'), 'Ann (17) (no. 1) | Ann (44) | Ann (17) (no. 3)',
  'who is really called so is kept apart as well');
SELECT is(shown('Ann,' || repeat('9', 41), 'Ann,2'), 'Ann (no. 1) | Ann (2)', 'a long code would hide the name');
SELECT is((SELECT count(*) FROM timesheet.distinct_names(NULL, NULL, NULL, NULL)), 0::bigint, 'of none, nothing');

-- Two people of one name and one client group, 6 h and 8 h; a third has it too, of another client group.
SELECT feed('Groups', named('group', 4, 'Bolt', 'B1'), named('group', 5, E'Bolt\u00a0', 'B2'),
  named('group', 6, 'Dash'));
SELECT feed('People', named_person(11, 'Maria Santos', '17', 'm1@example.com', 4),
  named_person(12, E'Maria\u00a0Santos', '44', 'm2@example.com', 4), named_person(13, 'Maria Santos', '17', NULL, 6));
SELECT works(11, '2026-11-16', 6), works(12, '2026-11-16', 8), works(13, '2026-11-16', 1);
SELECT results_eq('SELECT label FROM timesheet.agent_labels WHERE agent_id IN (agent(11), agent(12), agent(13)) '
  'ORDER BY agent_id', format('VALUES (%L), (%L), (%L)', 'Maria Santos (m1@example.com)', 'Maria Santos (44)',
    format('Maria Santos (no. %s)', agent(13))),
  'the dashboard keeps all of one name apart, whatever their client group');
SELECT results_eq('SELECT l.label FROM timesheet.client_group_labels AS l JOIN timesheet.client_groups AS g '
  'ON g.client_group_id = l.key WHERE g.name = ''Bolt'' ORDER BY l.key',
  $$ VALUES ('Bolt (B1)'), ('Bolt (B2)') $$, 'client groups as well');
SELECT is((SELECT l.label FROM timesheet.client_group_labels AS l WHERE l.key = 0), '(no client group)',
  'none at all has its words');
SELECT results_eq('SELECT l.label FROM timesheet.activity_labels AS l WHERE l.label LIKE ''(un%'' ORDER BY l.key',
  $$ SELECT format('(unnamed activity) (no. %s)', v.activity_id) FROM timesheet.activities AS v WHERE v.name IS NULL
     ORDER BY v.activity_id $$, 'activities without a name have numbers');
SELECT is((SELECT count(*) FROM timesheet.agent_labels), (SELECT count(*) FROM timesheet.agents),
  'each agent has one label');
SELECT results_eq('SELECT agent, hours::numeric(6, 2) FROM timesheet.weekly_report WHERE week_start = ''2026-11-16'' '
  'AND client_group = ''Bolt'' ORDER BY hours',
  $$ VALUES ('Maria Santos', 6.00::numeric(6, 2)), ('Maria Santos', 8.00) $$,
  'reports keep the plain name, in two rows');

-- The e-mail.
SELECT timesheet.store_contacts(json_build_array(
  json_build_object('id', 'rec1', 'fields', json_build_object('Email', 'ann@example.com', 'G', guid('group', 4))),
  json_build_object('id', 'rec2', 'fields', json_build_object('Email', 'both@example.com', 'G',
    guid('group', 4) || ',' || guid('group', 5))),
  json_build_object('id', 'rec3', 'fields', json_build_object('Email', 'dash@example.com', 'G', guid('group', 6))),
  json_build_object('id', 'rec4', 'fields', json_build_object('Email', 'void@example.com', 'G', guid('group', 3)))
  ), 'Email', 'G');
SELECT is((SELECT string_agg(concat_ws(' ', a ->> 'name', a ->> 'hours'), ' | ')
    FROM jsonb_path_query(said('ann@example.com'), '$.client_groups[*].agents[*]') AS a),
  'Maria Santos (44) 8.00 | Maria Santos (17) 6.00', 'two agents of one name have their codes');
SELECT is((SELECT string_agg(a ->> 'name', ' | ')
    FROM jsonb_path_query(said('dash@example.com'), '$.client_groups[*].agents[*]') AS a),
  'Maria Santos', 'one who is alone in the e-mail does not: a client learns nothing of others');
SELECT is(said('both@example.com') ->> 'subject', 'Bolt (B1) and Bolt (B2): 14.00 h in the week of 16 Nov 2026',
  'two client groups of one name have their codes, in the subject');
SELECT is((SELECT string_agg(g ->> 'name', ' | ') FROM jsonb_path_query(said('both@example.com'), '$.client_groups[*]')
    AS g), 'Bolt (B1) | Bolt (B2)', 'and in the table');
SELECT is(said('ann@example.com') ->> 'title', 'Bolt', 'one that is alone has not');
SELECT is(said('void@example.com') ->> 'title', '(unnamed client group)', 'one without a name is called so');

-- Notes and corrections name them alike: both forget to clock out, and an hour of both is added to a week reported.
SELECT feed('TimeEntries', event(901, 11, '2026-11-17 23:00', 'In', zone => 'UTC'),
  event(902, 12, '2026-11-17 22:00', 'In', zone => 'UTC'));
SELECT is((SELECT string_agg(n ->> 'agent', ' | ') FROM jsonb_path_query(said('ann@example.com'), '$.notes[*]') AS n),
  'Maria Santos (44) | Maria Santos (17)', 'notes');
SELECT is((SELECT string_agg(DISTINCT n ->> 'client_group', ' | ')
    FROM jsonb_path_query(said('both@example.com'), '$.notes[*]') AS n), 'Bolt (B1)', 'with the client group');
SELECT timesheet.snapshot_digest(c.contact_id, '2026-11-16') FROM timesheet.contacts AS c
WHERE c.email = 'both@example.com';
SELECT works(11, '2026-11-19', 1), works(12, '2026-11-20', 2);
SELECT is((SELECT string_agg(concat_ws(' ', a ->> 'name', a ->> 'client_group', a ->> 'was', a ->> 'now'), ' | ')
    FROM jsonb_path_query(timesheet.digest_content((SELECT c.contact_id FROM timesheet.contacts AS c
      WHERE c.email = 'both@example.com'), '2026-11-23'), '$.corrections[*].agents[*]') AS a),
  'Maria Santos (17) Bolt (B1) 7.00 8.00 | Maria Santos (44) Bolt (B1) 10.00 12.00', 'corrections');

-- Activities that look the same are one line of an e-mail, its hours rounded as one.
SELECT feed('Groups', named('group', 7, 'Echo'));
SELECT feed('People', named_person(21, 'Eve', grp => 7));
SELECT feed('Activities', named('activity', 11, E'Th\u00e9'), named('activity', 12, E'The\u0301 '),
  named('activity', 13, E'T\u200bh\u00e9'), named('activity', 14, E'TH\u00c9'), named('activity', 15, ' '),
  named('activity', 16, E'\ufeff'), named('activity', 17, repeat('x', 79) || 'one', 'L1'),
  named('activity', 18, repeat('x', 79) || 'two', 'L2'), named('activity', 19, repeat('y', 79) || 'one'),
  named('activity', 20, repeat('y', 79) || 'two'));
SELECT timesheet.store_contacts(json_build_array(
  json_build_object('id', 'rec5', 'fields', json_build_object('Email', 'echo@example.com', 'G', guid('group', 7))),
  json_build_object('id', 'rec1', 'fields', json_build_object('Email', 'ann@example.com', 'G', guid('group', 4))),
  json_build_object('id', 'rec2', 'fields', json_build_object('Email', 'both@example.com', 'G', guid('group', 4))),
  json_build_object('id', 'rec3', 'fields', json_build_object('Email', 'dash@example.com', 'G', guid('group', 6)))
  ), 'Email', 'G');
SELECT works(21, '2026-11-16', 1.004, 11), works(21, '2026-11-17', 1.004, 12), works(21, '2026-11-18', 1.004, 13);
SELECT is((SELECT string_agg(concat_ws(' ', a ->> 'name', a ->> 'hours', a ->> 'share'), ' | ')
    FROM jsonb_array_elements(said('echo@example.com') -> 'activities') AS a), E'Th\u00e9 3.01 100',
  'three that look the same: 3.012 h, which 1.00 h three times would not show');
SELECT works(21, '2026-11-19', 2, 14), works(21, '2026-11-20', 3, 15), works(21, '2026-11-21', 1, 16);
SELECT is((SELECT string_agg(concat_ws(' ', a ->> 'name', a ->> 'hours'), ' | ')
    FROM jsonb_array_elements(said('echo@example.com') -> 'activities') AS a),
  E'(unnamed activity) 4.00 | Th\u00e9 3.01 | TH\u00c9 2.00', 'unnamed ones are one line; letter case keeps apart');
SELECT feed('TimeEntries', VARIADIC ARRAY(
  SELECT event(e.n, 21, e.at, e.type, zone => 'UTC',
    more => json_build_object('activityId', guid('activity', e.activity)))
  FROM (VALUES (951, timestamp '2026-11-22 01:00', 'In', 17), (952, '2026-11-22 05:00', 'In', 18),
    (953, '2026-11-22 10:00', 'In', 19), (954, '2026-11-22 16:00', 'In', 20), (955, '2026-11-22 23:00', 'Out', 20))
    AS e (n, at, type, activity)));
SELECT is((SELECT string_agg(concat_ws(' ', a ->> 'name', a ->> 'hours'), ' | ')
    FROM jsonb_array_elements(said('echo@example.com') -> 'activities') AS a WHERE a ->> 'name' LIKE 'x%'),
  repeat('x', 79) || E'\u2026 (L2) 5.00 | ' || repeat('x', 79) || E'\u2026 (L1) 4.00',
  'two that differ after what is shown are two lines, kept apart by code');
SELECT is((SELECT string_agg(concat_ws(' ', a ->> 'name', a ->> 'hours'), ' | ')
    FROM jsonb_array_elements(said('echo@example.com') -> 'activities') AS a WHERE a ->> 'name' LIKE 'y%'),
  (SELECT string_agg(format(E'%s\u2026 (no. %s) %s', repeat('y', 79), v.activity_id, h.hours),
     ' | ' ORDER BY h.hours DESC)
   FROM (VALUES (19, '6.00'), (20, '7.00')) AS h (n, hours)
   JOIN timesheet.activities AS v ON v.jibble_id = guid('activity', h.n)), 'else by number');

-- explain() keeps apart what a day has of one name.
SELECT is((SELECT string_agg(x.what, ' | ' ORDER BY x.what) FROM timesheet.explain('2026-11-16', agent(11)) AS x
    WHERE x.part = 'hours'), 'Bolt (B1), (no activity)', 'explain(): the client group');
SELECT ok((SELECT bool_and(x.what ~ '^(Clock-in by Web, |Work, )?.*no\. [0-9]+[)]$') FROM
    timesheet.explain('2026-11-20', agent(21)) AS x WHERE x.part IN ('hours', 'session')), 'explain(): the activity');

-- An id of zeros is no id, however it is written.
SELECT feed('People', (person(31)::jsonb || '{"groupId": "{00000000-0000-0000-0000-000000000000}"}')::text);
SELECT feed('People', (person(32)::jsonb || '{"groupId": ""}')::text);
SELECT feed('People', (person(33)::jsonb
  || jsonb_build_object('groupId', '{' || upper(guid('group', 4)::text) || '}'))::text);
SELECT results_eq('SELECT agent_id - agent(31), client_group_id FROM timesheet.agents WHERE agent_id >= agent(31) '
  'AND agent_id <= agent(33) ORDER BY 1',
  $$ SELECT * FROM (VALUES (0, NULL), (1, NULL), (2, (SELECT g.client_group_id FROM timesheet.client_groups AS g
     WHERE g.code = 'B1'))) AS w $$,
  'groupId: zeros in braces and an empty text are none, capitals in braces are an id');
SELECT feed('TimeEntries', event(961, 31, '2026-11-16 09:00', 'In', zone => 'UTC', more =>
    '{"activityId": "{00000000-0000-0000-0000-000000000000}"}'), event(962, 31, '2026-11-16 11:00', 'In', zone => 'UTC',
    more => '{"activityId": ""}'), event(963, 31, '2026-11-16 12:00', 'Out', zone => 'UTC'),
  event(964, 32, '2026-11-16 12:00', 'In', zone => 'UTC', more =>
    '{"personId": "{00000000-0000-0000-0000-000000000000}"}'));
SELECT results_eq('SELECT client_group, activity, work_seconds FROM timesheet.daily_report WHERE agent_id = agent(31)',
  $$ VALUES ('(no client group)', '(no activity)', 10800::bigint) $$, 'activityId likewise: three hours of neither');
SELECT is((SELECT count(*) FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
  WHERE r.jibble_id = guid('event', 964)), 1::bigint, 'and a person of zeros in braces is missing');
SELECT is((SELECT count(*) FROM timesheet.ingest_problems), 1::bigint, 'nothing else is rejected');
SELECT * FROM finish();
ROLLBACK;
