-- Supervisors: whom the contacts' list names for its client groups, and what of the briefing each gets.
\ir setup.sql
SELECT plan(43);

UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila';
SELECT spec.feed('Groups', VARIADIC ARRAY(
  SELECT json_build_object('id', spec.guid('group', n), 'name', name, 'status', 'Active')::text
  FROM (VALUES (1, 'Acme'), (2, 'Bolt'), (3, 'Cora')) AS g (n, name)));

CREATE FUNCTION spec.record(n int, email text, supervisors json, VARIADIC groups int[]) RETURNS json LANGUAGE sql AS $$
  SELECT json_build_object('id', 'rec' || n, 'fields', json_build_object('Email', email, 'Supervisor', supervisors,
    'Groups', (SELECT json_agg(spec.guid('group', g.n)) FROM unnest(groups) AS g (n) WHERE g.n > 0)))
$$;
CREATE FUNCTION spec.supervisors() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(t.line, '; ' ORDER BY t.line) FROM (
    SELECT p.email || ' ' || string_agg(g.name, '+' ORDER BY g.name) AS line
    FROM timesheet.supervisors AS p JOIN timesheet.client_groups AS g USING (client_group_id) GROUP BY p.email) AS t
$$;
-- The supervisors that these records make.
CREATE FUNCTION spec.list(VARIADIC records json[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM timesheet.store_contacts((SELECT json_agg(r) FROM unnest(records) AS r), 'Email', 'Groups', true,
    'Supervisor');
  RETURN spec.supervisors();
END
$$;
CREATE FUNCTION spec.problems() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(p.record_id || ' ' || p.value || ': ' || p.problem, E'\n' ORDER BY p.record_id, p.value, p.problem)
  FROM timesheet.contact_problems AS p
$$;

SELECT is(spec.list(spec.record(1, 'ann@acme.example', given, 1, 2)), wanted, what) FROM (VALUES
  ('"Boss@Acme.example"'::json, 'boss@acme.example Acme+Bolt',
    'one address, in lower case, for all groups of its record'),
  ('"boss@acme.example, BOSS@acme.example"', 'boss@acme.example Acme+Bolt', 'the same twice in other letters is one'),
  ('"a@acme.example, b@acme.example"', 'a@acme.example Acme+Bolt; b@acme.example Acme+Bolt', 'several with commas'),
  ('"a@acme.example;b@acme.example"', 'a@acme.example Acme+Bolt; b@acme.example Acme+Bolt', 'or semicolons'),
  ('"a@acme.example\nb@acme.example"', 'a@acme.example Acme+Bolt; b@acme.example Acme+Bolt',
    'or on lines of their own'),
  ('["a@acme.example","b@acme.example, c@acme.example",null,""]',
    'a@acme.example Acme+Bolt; b@acme.example Acme+Bolt; c@acme.example Acme+Bolt', 'or an array'),
  ('"\u200b ANN@acme.example \u00a0"', 'ann@acme.example Acme+Bolt', 'it may be the contact itself'),
  ('""', NULL, 'none in an empty field'), ('null', NULL, 'nor in none'), ('[]', NULL, 'nor in an empty list')
) AS t (given, wanted, what);
SELECT is(spec.problems(), NULL, 'none of these is a problem');

SELECT is(spec.list(spec.record(1, 'ann@acme.example', '"a@acme.example, bob, <b@acme.example>"', 1),
    spec.record(2, 'ben@bolt.example', to_json(E'r\u00e9@bolt.example'::text), 2),
    spec.record(3, '', '"c@cora.example"', 3), spec.record(4, '', '"d@cora.example"', 0),
    spec.record(5, 'eve@cora.example', '"a@acme.example"', 3)),
  'a@acme.example Acme+Cora; c@cora.example Cora', 'a wrong address spoils no other, and no contact is needed');
SELECT is(spec.problems(), E'rec1 <b@acme.example>: this is not an e-mail address; correct it in the field '
  '"Supervisor"\n'
  'rec1 bob: this is not an e-mail address; correct it in the field "Supervisor"\n'
  || E'rec2 r\u00e9@bolt.example: '
  || timesheet.not_ascii_problem(E'r\u00e9@bolt.example') || E'; this is in the field "Supervisor"\n'
  'rec4 d@cora.example: no client group is named in the field "Groups", so that this supervisor gets no briefing of it',
  'each wrong one is a problem with its field');
SELECT is(spec.list(spec.record(1, 'ann@acme.example', '"b@acme.example"', 1)), 'b@acme.example Acme',
  'each list replaces them as a whole');
SELECT timesheet.store_contacts(json_build_array(spec.record(1, 'ann@acme.example', '"b@acme.example"', 1)), 'Email',
  'Groups');
SELECT is(spec.supervisors(), NULL, 'without a field there are none');
SELECT spec.list(VARIADIC ARRAY(SELECT spec.record(n, 'c' || n || '@acme.example',
  to_json('s' || n || '@acme.example'), 1)
  FROM generate_series(1, 5) AS n));
SELECT timesheet.store_contacts(json_build_array(spec.record(1, 'c1@acme.example', '"s1@acme.example"', 1)), 'Email',
  'Groups', false, 'Supervisor');
SELECT is(spec.supervisors(), 's1@acme.example Acme', 'who is not listed gets nothing, also while removals are held '
  'back');

-- What each gets.
SELECT spec.feed('People', spec.person(1, client_group => spec.guid('group', 1), name => 'Ann Cruz'),
  spec.person(2, client_group => spec.guid('group', 2), name => 'Ben Diaz'),
  spec.person(3, client_group => spec.guid('group', 3), name => 'Cora Eng'), spec.person(4, name => 'Dan Fox'),
  (spec.person(5, client_group => spec.guid('group', 2), name => 'Ann Cruz')::jsonb
    || '{"email": "ann2@bolt.example"}')::text,
  (spec.person(6, client_group => spec.guid('group', 1), name => 'Ann Cruz')::jsonb
    || '{"email": "ann3@acme.example"}')::text);
SELECT spec.list(spec.record(1, 'c1@acme.example', '["one@acme.example","both@acme.example"]', 1),
  spec.record(2, 'c2@bolt.example', '["both@acme.example","jo@agency.example"]', 2),
  spec.record(3, 'c3@cora.example', '"cora@cora.example"', 3), spec.record(4, 'c4@cora.example', '"one@acme.example"',
    3));
CREATE FUNCTION spec.brief(at text, VARIADIC addresses text[] DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM timesheet.outbox_messages;
  PERFORM timesheet.queue_briefings(addresses, at::timestamp AT TIME ZONE 'Asia/Manila');
  RETURN (SELECT string_agg(concat_ws(': ', m.recipient, (SELECT string_agg(DISTINCT c ->> 'name', '+')
      FROM jsonb_array_elements(m.content -> 'clients') AS c (c)), (SELECT string_agg(s ->> 'agent', '+')
      FROM jsonb_array_elements(m.content -> 'silent') AS s (s))), '; ' ORDER BY m.recipient)
    FROM timesheet.outbox_messages AS m WHERE m.kind = 'briefing');
END
$$;
SELECT spec.feed('TimeEntries', VARIADIC ARRAY(SELECT spec.event(n, n, '2026-11-24 09:00', 'In')
  FROM generate_series(1, 6) AS n WHERE n <> 3));
INSERT INTO timesheet.alerts (kind, subject, detail) VALUES ('deletions_held', 'agent 1', 'decide on Ann');
SELECT is(spec.brief('2026-11-25 08:00', 'JO@agency.example'),
  'both@acme.example: Acme+Bolt; jo@agency.example: (no client group)+Acme+Bolt; one@acme.example: Acme',
  'a supervisor gets its own client groups, of several records, and none if there is nothing; one who is staff gets '
  'that one alone');
SELECT is((SELECT m.content - 'clients' FROM timesheet.outbox_messages AS m WHERE m.recipient = 'one@acme.example'),
  jsonb_build_object('subject', 'Briefing of Wed 25 Nov: 2 missing clock-outs', 'preheader', 'Acme 2',
  'title', 'Briefing of Wed 25 Nov 2026', 'zone', 'Asia/Manila', 'summary', '2 missing clock-outs.',
  'is_for_staff', false, 'has_clients', true, 'has_silent', false, 'silent', '[]'::json,
  'has_decisions', false, 'decisions', '[]'::json, 'has_more', false, 'more', ''),
  'with nothing of others, and nothing that needs a decision');
SELECT is((SELECT string_agg(r ->> 'agent', ', ') FROM timesheet.outbox_messages AS m,
    jsonb_array_elements(m.content -> 'clients' -> 0 -> 'rows') AS r (r) WHERE m.recipient = 'one@acme.example'),
  format('Ann Cruz (no. %s), Ann Cruz (no. %s)', spec.agent(1), spec.agent(6)),
  'namesakes are kept apart among its own agents, without addresses');
SELECT is((SELECT array_agg(DISTINCT a.id ORDER BY a.id) FROM timesheet.outbox_messages AS m, unnest(m.agent_ids)
    AS a (id) WHERE m.recipient = 'one@acme.example'),
  (SELECT array_agg(a.id ORDER BY a.id) FROM unnest(ARRAY[spec.agent(1), spec.agent(6)]) AS a (id)),
  'and the e-mail knows them alone');
INSERT INTO timesheet.alerts (kind, subject, detail) VALUES ('entries_rejected', '', 'three');
SELECT is(spec.brief('2026-11-26 08:00', 'jo@agency.example'), 'jo@agency.example',
  'a decision alone is no reason for a supervisor');
UPDATE timesheet.alerts SET resolved_at = now();

-- Without staff.
SELECT spec.feed('TimeEntries', spec.event(11, 2, '2026-11-26 09:00', 'In'), spec.event(12, 4, '2026-11-26 09:00',
  'In'));
SELECT is(spec.brief('2026-11-27 08:00'), 'both@acme.example: Bolt; jo@agency.example: Bolt',
  'supervisors get theirs also where no staff does');
SELECT spec.feed('TimeEntries', spec.event(13, 4, '2026-11-27 09:00', 'In'));
SELECT is(spec.brief('2026-11-28 08:00'), NULL, 'what no reader is concerned with is in no e-mail');
SELECT is((SELECT b.is_empty FROM timesheet.briefings AS b WHERE b.day = '2026-11-28'), true, 'and the day is empty');

-- Who moved: a session belongs to the client group of its entry.
SELECT timesheet.assign_client_group(spec.agent(2), spec.acme, '2026-11-28 00:00+08')
FROM (SELECT g.client_group_id FROM timesheet.client_groups AS g WHERE g.name = 'Acme') AS spec (acme);
SELECT spec.feed('TimeEntries', spec.event(14, 2, '2026-11-28 09:00', 'In'), spec.event(15, 2, '2026-11-27 09:00',
  'In'),
  spec.event(16, 2, '2026-11-27 22:00', 'Out'), spec.event(17, 5, '2026-11-28 09:00', 'In'));
SELECT is(spec.brief('2026-11-29 08:00'), 'both@acme.example: Acme+Bolt; jo@agency.example: Bolt; one@acme.example: '
  'Acme',
  'an agent who moved is its new client''s from then on');
SELECT is((SELECT string_agg(r ->> 'agent', ', ') FROM timesheet.outbox_messages AS m,
    jsonb_array_elements(m.content -> 'clients' -> 0 -> 'rows') AS r (r) WHERE m.recipient = 'one@acme.example'),
  'Ben Diaz', 'by its name');

-- Silent agents: fourteen days of work, then nothing.
DELETE FROM timesheet.supervisors;
SELECT spec.list(spec.record(1, 'c1@acme.example', '"one@acme.example"', 1),
  spec.record(3, 'c3@cora.example', '"cora@cora.example"', 3));
SELECT spec.feed('People', spec.person(21, client_group => spec.guid('group', 1), name => 'Sil Ent'),
  spec.person(22, client_group => spec.guid('group', 2), name => 'Sid Off'));
SELECT spec.feed('TimeEntries', VARIADIC ARRAY(
  SELECT spec.event(1000 * p + n, p, now() AT TIME ZONE 'Asia/Manila' - interval '25 days' + n * interval '12 hours',
    CASE n % 2 WHEN 0 THEN 'In' ELSE 'Out' END)
  FROM generate_series(21, 22) AS p, generate_series(0, 39) AS n));
SELECT is((SELECT count(*) FROM timesheet.silent_agents), 2::bigint, 'two are silent');
SELECT is(spec.brief('2027-02-01 08:00', 'al@agency.example'), 'al@agency.example: Sil Ent+Sid Off; one@acme.example: '
  'Sil Ent', 'a new silence is a reason, for the supervisor of the client too');
SELECT is((SELECT m.content -> 'silent' -> 0 FROM timesheet.outbox_messages AS m
    WHERE m.recipient = 'one@acme.example'),
  (SELECT jsonb_build_object('agent', 'Sil Ent', 'client', 'Acme', 'since',
    timesheet.local_time_text(s.last_activity_at, 'Asia/Manila'))
   FROM timesheet.silent_agents AS s WHERE s.full_name = 'Sil Ent'), 'since when, in its zone');
SELECT is(spec.brief('2027-02-02 08:00', 'al@agency.example'), NULL, 'it is new once');
SELECT spec.feed('TimeEntries', spec.event(21039, 21, now()::timestamp, 'Out', more => '{"status": "Archived"}'));
SELECT is(spec.brief('2027-02-03 08:00', 'al@agency.example'), NULL, 'also if its last entry is deleted');
INSERT INTO timesheet.alerts (kind, subject, detail) VALUES ('entries_rejected', '', 'three');
SELECT is(spec.brief('2027-02-04 08:00', 'al@agency.example'), 'al@agency.example: Sid Off+Sil Ent',
  'and all of them are named where there is another reason');
SELECT is((SELECT m.content ->> 'summary' FROM timesheet.outbox_messages AS m), '1 thing needs a decision.',
  'without being counted as new');

-- Erasure.
SELECT throws_ok(format('SELECT timesheet.erase_contact(%L)', 'One@acme.example'), '55000', NULL,
  'a supervisor whom the list names cannot be erased');
DELETE FROM timesheet.briefed_silences;
SELECT is(spec.brief('2027-02-05 08:00', 'al@agency.example'), 'al@agency.example: Sid Off+Sil Ent; one@acme.example: '
  'Sil Ent', 'an e-mail waits');
SELECT spec.list(spec.record(1, 'c1@acme.example', '""', 1));
SELECT throws_ok($$SELECT timesheet.erase_contact('one@acme.example')$$, '55000', NULL,
  '… so its reader is not erased');
SELECT throws_ok($$SELECT timesheet.erase_agent(spec.agent(21))$$, '55000', NULL, '… nor whom it names');
UPDATE timesheet.outbox_messages SET state = 'sent', sent_at = now(), html = '<p>Sil Ent</p>', body = 'Sil Ent';
SELECT throws_ok($$SELECT timesheet.erase_contact('two@acme.example')$$, 'P0002', NULL,
  'an unknown address is unknown');
SELECT is(timesheet.operate_erase_contact('jo', ' ONE@acme.example'), '{"digests": 1}',
  'once it was sent, it is erased');
SELECT is((SELECT string_agg(m.recipient, ', ' ORDER BY m.recipient) FROM timesheet.outbox_messages AS m),
  'al@agency.example, erased supervisor', 'from the outbox');
SELECT throws_ok($$SELECT timesheet.erase_contact('one@acme.example')$$, 'P0002', NULL, 'and is unknown then');
SELECT is((timesheet.erase_agent(spec.agent(21))).digests, 2::bigint, 'an agent is erased from briefings');
SELECT is((SELECT string_agg(concat_ws(' ', m.content, m.html, m.body), ' ' ORDER BY m.recipient)
    FROM timesheet.outbox_messages AS m),
  '{"title": "Briefing of Fri 5 Feb 2027", "subject": "Briefing of Fri 5 Feb: 2 newly silent agents, 1 thing needs a '
  'decision"} {"title": "Briefing of Fri 5 Feb 2027", "subject": "Briefing of Fri 5 Feb: 1 newly silent agent"}',
  'of which what was counted is left');

SELECT * FROM finish();
ROLLBACK;
