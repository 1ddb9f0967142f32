-- Personal data that is erased while hours stay, and payloads that are kept for a time only.
\ir setup.sql
SELECT no_plan();

CREATE FUNCTION spec.hours() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', r.agent, r.workday, r.work_seconds), ', ' ORDER BY r.workday, r.agent)
  FROM timesheet.daily_report AS r
$$;
-- In all that is kept. Left in on purpose: ids, and in timesheet.operator_actions who acted, what was typed as a
-- reason, and to whom a preview went.
CREATE FUNCTION spec.found(what text) RETURNS bigint LANGUAGE sql AS $$
  SELECT (SELECT count(*) FROM timesheet.raw_events AS t WHERE t.payload::text ~* what)
    + (SELECT count(*) FROM timesheet.agents AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.contacts AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.digest_deliveries AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.outbox_messages AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.alerts AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.audit_findings AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.ingest_problems AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.contact_problems AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.outgoing_emails AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.operator_actions AS t WHERE t::text ~* what)
$$;
CREATE FUNCTION spec.entry(n int, p int, at timestamp, type text, note text) RETURNS text LANGUAGE sql AS $$
  SELECT event(n, p, at, type, more => json_build_object('note', note, 'coordinates',
    json_build_object('latitude', 14.5995), 'picture', CASE p WHEN 1 THEN 'face of Maria' ELSE 'face of Ben' END))
$$;
CREATE FUNCTION spec.maria() RETURNS text LANGUAGE sql AS $$
  SELECT (person(1, name => 'Maria Santos')::jsonb
    || '{"email": "maria@example.com", "code": "MS1", "phone": "0917-555"}')::text
$$;
SELECT feed('People', maria(), person(2, name => 'Ben Cruz'));
SELECT feed('TimeTrackingPeople', json_build_object('id', guid('person', 1), 'fullName', 'Maria Santos')::text);
SELECT feed('TimeEntries', entry(1, 1, '2026-03-02 09:00', 'In', 'at Maria''s home'),
  entry(2, 1, '2026-03-02 17:00', 'Out', 'bye'), entry(3, 2, '2026-03-02 09:00', 'In', 'Ben''s note'),
  entry(4, 2, '2026-03-02 12:00', 'Out', 'x'));
-- An entry that was Maria's first and is Ben's now.
SELECT feed('TimeEntries', entry(5, 1, '2026-03-03 09:00', 'In', 'typed by Maria'));
SELECT feed('TimeEntries', entry(5, 2, '2026-03-03 09:00', 'In', 'typed by Ben'));
SELECT feed('TimeEntries', entry(6, 2, '2026-03-03 10:00', 'Out', 'x'));
-- One that cannot be read, and one without an id.
SELECT feed('TimeEntries',
  (entry(7, 1, '2026-03-04 09:00', 'In', 'unreadable Maria')::jsonb || '{"time": "soon"}')::text);
SELECT feed('TimeEntries', (entry(8, 1, '2026-03-04 09:00', 'In', 'idless Maria')::jsonb - 'id')::text);
SELECT is(hours(), 'Ben Cruz 2026-03-02 10800, Maria Santos 2026-03-02 28800, Ben Cruz 2026-03-03 3600', 'hours');
INSERT INTO timesheet.contacts (email) VALUES ('client@example.com');
INSERT INTO timesheet.digest_deliveries (contact_id, week, email, content, html, body, through_raw_event, state)
SELECT c.contact_id, '2026-03-02', c.email, '{"subject": "Your week", "total": {"hours": "8.00"}, "contact_email": '
  '"client@example.com", "notes": [{"agent": "Maria Santos"}]}', '<p>Maria Santos</p>', 'Maria Santos', 0, 'queued'
FROM timesheet.contacts AS c;
SELECT timesheet.raise_alert('deletions_held', 'agent ' || agent(1), 'entries of Maria Santos are held');

SELECT throws_ok($$SELECT timesheet.operate_erase_agent('ann@example.com', 4711)$$, 'P0002', 'there is no agent 4711',
  'an unknown agent');
SELECT throws_ok(format($$SELECT timesheet.operate_erase_agent('ann@example.com', %s)$$, agent(1)), '55000',
  format('an e-mail that names agent %s is still to be sent', agent(1)), 'not while her name is on its way');
UPDATE timesheet.digest_deliveries SET state = 'sent';
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, html, state)
VALUES ('preview', 'staff@example.com', 'Preview: client@example.com', '{"subject": "Preview", "contact_email": '
  '"client@example.com", "agents": ["Maria Santos"]}', 'for client@example.com: Maria Santos', 'sent');
SELECT results_eq(format('SELECT * FROM timesheet.preview_erasure(of_agent => %s)', agent(1)),
  'VALUES (7::bigint, 2::bigint)', 'two of the person, five of entries, a digest and its preview');
SELECT is(hours(), 'Ben Cruz 2026-03-02 10800, Maria Santos 2026-03-02 28800, Ben Cruz 2026-03-03 3600',
  'a preview changes nothing');
SELECT is(timesheet.operate_erase_agent('ann@example.com', agent(1), guid('request', 1)),
  '{"payloads": 7, "digests": 2}', 'what the preview said');
SELECT is(timesheet.operate_erase_agent('ann@example.com', agent(1), guid('request', 1)),
  '{"payloads": 7, "digests": 2}', 'the same form sent again gets the first answer');
SELECT throws_ok(format($$SELECT timesheet.operate_erase_agent('ann@example.com', %s)$$, agent(1)), '55000',
  format('the personal data of agent %s was erased already', agent(1)), 'once');
SELECT is(found('maria|santos|MS1|0917-555'), 0::bigint, 'her name, address, code, notes and pictures are nowhere');
SELECT is(found('14.5995'), 4::bigint, 'places are left in Ben''s four alone');
SELECT is(found('Ben''s note'), 1::bigint, 'and his notes');
SELECT is(hours(), format('Ben Cruz 2026-03-02 10800, Erased agent %s 2026-03-02 28800, Ben Cruz 2026-03-03 3600',
  agent(1)), 'hours stay under a neutral name');
SELECT timesheet.replay();
SELECT is(hours(), format('Ben Cruz 2026-03-02 10800, Erased agent %s 2026-03-02 28800, Ben Cruz 2026-03-03 3600',
  agent(1)), 'a replay gives the same');
SELECT is((SELECT d.content FROM timesheet.digest_deliveries AS d),
  '{"subject": "Your week", "total": {"hours": "8.00"}}',
  'of the digest stay its subject and its numbers');

-- Jibble still has her
SELECT feed('People', maria()) AS run \gset
SELECT is((SELECT r.new + r.changed FROM timesheet.ingest_runs AS r WHERE r.ingest_run_id = :run), 0::bigint,
  'what Jibble still says of her is nothing new');
SELECT feed('TimeEntries', entry(1, 1, '2026-03-02 09:00', 'In', 'at Maria''s home'));
SELECT feed('TimeEntries', entry(9, 1, '2026-03-05 09:00', 'In', 'Maria again'),
  entry(10, 1, '2026-03-05 10:00', 'Out', 'Maria again'));
SELECT is(found('maria|santos'), 0::bigint, 'and stores nothing of it');
SELECT is(right(hours(), 15), '2026-03-05 3600', 'but the hours');

-- A contact
SELECT throws_ok($$SELECT timesheet.operate_erase_contact('ann@example.com', 'client@example.com')$$, '55000',
  'Airtable still lists client@example.com', 'not while it would come back');
UPDATE timesheet.contacts SET removed_at = now();
SELECT results_eq($$SELECT * FROM timesheet.preview_erasure(of_email => 'Client@example.com')$$,
  'VALUES (0::bigint, 1::bigint)', 'one digest');
SELECT is(timesheet.operate_erase_contact('ann@example.com', 'Client@example.com'), '{"digests": 1}', 'is its');
SELECT is(found('client@'), 0::bigint, 'the address is nowhere');
SELECT is((SELECT count(*) FROM timesheet.digests), 1::bigint, 'the digest is still listed');
SELECT throws_ok($$SELECT * FROM timesheet.preview_erasure()$$, '22023',
  'give an agent or the address of a contact, not none', 'of whom');
SELECT is((SELECT string_agg(o.actor || ' ' || o.action, ', ' ORDER BY o.operator_action_id)
  FROM timesheet.operator_actions AS o), 'ann@example.com erase_agent, ann@example.com erase_contact', 'who did it');

-- What no run has derived yet, and what names her in no form that can be read
CREATE FUNCTION spec.store(resource text, ids uuid[], VARIADIC objects text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  run bigint := timesheet.begin_run('test');
BEGIN
  PERFORM timesheet.store_page(run, resource, ids::text[], objects);
  PERFORM timesheet.fail_run(run, 'Jibble went away');
END
$$;
CREATE FUNCTION spec.without_person(n int, person text, note text) RETURNS text LANGUAGE sql AS $$
  SELECT (event(n, 3, '2026-03-09 18:00', 'Out', more => json_build_object('note', note))::jsonb - 'personId'
    || CASE WHEN person IS NULL THEN '{}' ELSE jsonb_build_object('personId', person) END)::text
$$;
CREATE FUNCTION spec.hours_of(n int, p int, note text) RETURNS text LANGUAGE sql AS $$
  SELECT json_build_object('id', guid('hours', n), 'personId', guid('person', p), 'date', '2026-03-12', 'duration',
    'PT2H', 'status', 'Active', 'note', note)::text
$$;
CREATE FUNCTION spec.march() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', r.agent, r.workday, r.work_seconds) FROM timesheet.daily_report AS r
  WHERE r.workday = '2026-03-09'
$$;
SELECT feed('People', person(3, name => 'Zoe Quist'));
SELECT feed('TimeEntries', event(20, 3, '2026-03-09 09:00', 'In'), event(21, 3, '2026-03-09 10:00', 'Out'));
SELECT feed('TimeEntries', without_person(21, 'Zoe Quist', 'xylo rejected'));
SELECT is(march(), 'Zoe Quist 2026-03-09 3600', 'a version without a person does not count');
SELECT store('TimeEntries', ARRAY[guid('event', 22), guid('event', 22), guid('event', 23), NULL, guid('event', 24)],
  event(22, 3, '2026-03-10 09:00', 'In', more => '{"note": "xylo underived", "coordinates": {"latitude": 77.7707}}'),
  without_person(22, NULL, 'xylo of a later version'),
  replace(event(23, 3, '2026-03-10 10:00', 'Out', more => '{"note": "xylo id in capitals"}'), guid('person', 3)::text,
    upper('{' || replace(guid('person', 3)::text, '-', '') || '}')),
  to_json('no object: xylo of ' || guid('person', 3))::text,
  event(24, 2, '2026-03-10 09:00', 'In', more => '{"note": "Ben keeps xylem"}'));
SELECT store('TimeEntries', ARRAY[guid('event', 26), guid('event', 27)],
  replace(event(26, 3, '2026-03-11 09:00', 'In', more => '{"note": "xylo escaped"}'), guid('person', 3)::text,
    E'\\u007b' || guid('person', 3)),
  replace(event(27, 3, '2026-03-11 10:00', 'Out', more => '{"note": "xylo in a word processor"}'),
    guid('person', 3)::text, replace(guid('person', 3)::text, '-', E'\u2011')));
SELECT store('HourEntries', ARRAY[guid('hours', 1), guid('hours', 2)], hours_of(1, 3, 'xylo of hours'),
  hours_of(2, 2, 'Ben''s xylem of hours'));
SELECT is(found('xylo'), 8::bigint, 'eight notes');
SELECT is(found('Zoe Quist'), 4::bigint, 'her name in two payloads, a problem and the agent');
SELECT is((SELECT e.payloads FROM timesheet.erase_agent(agent(3)) AS e), 11::bigint,
  'the person, three of what was derived, seven of what was not');
SELECT is(found('xylo|77[.]7707'), 0::bigint, 'no note is left, nor the place');
SELECT is(found('zoe|quist'), 0::bigint, 'nor the name that came as an id, also where its problem quotes it');
SELECT is(found('Ben keeps xylem|Ben''s xylem of hours'), 2::bigint, 'another''s notes are');
SELECT is((SELECT p.problem FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
  WHERE r.jibble_id = guid('event', 21)), 'the id "erased" is not in GUID form', 'why it is rejected');
SELECT is(march(), format('Erased agent %s 2026-03-09 3600', agent(3)), 'hours are the same');
SELECT timesheet.replay();
SELECT is(march(), format('Erased agent %s 2026-03-09 3600', agent(3)), 'also after a replay');
SELECT is((SELECT p.problem FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
  WHERE r.jibble_id = guid('event', 21)), 'the id "erased" is not in GUID form', 'and so is the problem');

-- Jibble shows more of her, without a person that can be read
SELECT feed('TimeEntries', without_person(20, NULL, 'xylo one'));
SELECT feed('TimeEntries', without_person(21, 'garbage', 'xylo two'));
SELECT feed('TimeEntries', without_person(22, '', 'xylo three'));
SELECT store('TimeEntries', ARRAY[guid('event', 20), NULL, guid('event', 24), guid('event', 25), NULL],
  '"no object: xylo four"', to_json('no object: xylo five of ' || upper(guid('person', 3)::text))::text,
  '"no object: Ben''s xylem"',
  (without_person(25, 'garbage', 'xylo six')::jsonb || jsonb_build_object('by', guid('person', 3)))::text,
  format('["xylo seven", "%s"]', guid('person', 3)));
SELECT feed('HourEntries', (hours_of(1, 3, 'xylo nine')::jsonb - 'personId')::text);
SELECT is(found('xylo'), 0::bigint, 'nothing of it is stored');
SELECT is(found('object: Ben''s xylem'), 1::bigint, 'what is Ben''s is, whole');
SELECT is((SELECT r.payload::text FROM timesheet.raw_events AS r WHERE r.jibble_id = guid('event', 20)
  ORDER BY r.raw_event_id DESC LIMIT 1), '{}', 'of what is no object nothing is kept');
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r WHERE r.jibble_id IS NULL AND r.payload::text = '{}'),
  1::bigint, 'and what has no id either is one');
SELECT store('TimeEntries', ARRAY[guid('event', 20)], '"no object: xylo eight"');
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r WHERE r.jibble_id = guid('event', 20)), 3::bigint,
  'one more of these is no new version');
SELECT store('People', ARRAY[guid('person', 3)], '"no object: Zoe Quist"');
SELECT store('TimeTrackingPeople', ARRAY[guid('person', 3)], '["Zoe Quist"]');
SELECT is(found('zoe|quist'), 0::bigint, 'nor is her name');

-- Names that are parts of others, that others have, or that a text must escape
CREATE FUNCTION spec.staff(n int, name text, code text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT (person(n, client_group => guid('group', 1), name => name)::jsonb
    || jsonb_build_object('code', code, 'email', 'p' || n || '@example.com'))::text
$$;
CREATE FUNCTION spec.alert(name text) RETURNS text LANGUAGE sql AS $$
  SELECT format('Jibble no longer shows 2 entries of %s, nor the person; they still count. If they are to be deleted',
    name)
$$;
CREATE FUNCTION spec.alerts(VARIADIC people int[]) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(a.detail, '; ' ORDER BY a.alert_id) FROM timesheet.alerts AS a JOIN unnest(people) AS p (n)
    ON a.subject = 'agent ' || agent(p.n)
$$;
SELECT feed('Groups', format('{"id": "%s", "name": "Acme", "status": "Active"}', guid('group', 1)));
SELECT feed('People', staff(30, 'Ann'), staff(31, 'Annabel Lee'), staff(32, 'Mon'), staff(33, 'Nora Diaz', 'ND1'),
  staff(34, 'Nora Diaz', 'ND2'), staff(35, 'Al "The Cut" O''Neil'), staff(36, 'Former Name'), staff(37, 'X.*'));
SELECT feed('People', staff(36, 'Present Name'));
SELECT feed('TimeEntries', VARIADIC ARRAY(
  SELECT event(100 + 2 * n + o, n, timestamp '2026-04-06 09:00' + o * interval '1 hour',
    CASE o WHEN 0 THEN 'In' ELSE 'Out' END) FROM generate_series(30, 37) AS n, generate_series(0, 1) AS o));
INSERT INTO timesheet.contacts (email) VALUES ('n@example.com'), ('ann@example.com'), ('o''brien&co@example.com');
INSERT INTO timesheet.contact_client_groups (contact_id, client_group_id)
SELECT c.contact_id, g.client_group_id FROM timesheet.contacts AS c, timesheet.client_groups AS g
WHERE c.removed_at IS NULL AND g.jibble_id = guid('group', 1);
SELECT timesheet.raise_alert('deletions_held', 'agent ' || agent(n), alert(l.label))
FROM generate_series(30, 37) AS n JOIN timesheet.agent_labels AS l ON l.agent_id = agent(n) ORDER BY n;
INSERT INTO timesheet.audit_findings (agent_id, day, our_seconds, kind, detail)
SELECT agent(n), '2026-04-06', 3600, 'refused', 'no right to read ' || l.label
FROM generate_series(30, 37) AS n JOIN timesheet.agent_labels AS l ON l.agent_id = agent(n);
INSERT INTO timesheet.audit_findings (agent_id, day, our_seconds, jibble_seconds, kind, detail)
VALUES (agent(32), '2026-04-07', 3600, 0, 'across_midnight', 'the hours are the same: Mon 6 Apr ours 1:00'),
  (agent(30), '2026-04-07', 3600, 0, 'differs', 'Ann, Annabel Lee and Mary-Ann; Ann''s'),
  (agent(31), '2026-04-07', 3600, 0, 'differs', 'Ann and Annabel Lee');
SELECT timesheet.send_preview('ann@example.com', '2026-04-08', 'staff@example.com') AS preview \gset
SELECT timesheet.snapshot_digest(c.contact_id, '2026-04-06') AS digest FROM timesheet.contacts AS c
WHERE c.email = 'ann@example.com' \gset
SELECT is((SELECT array_agg(DISTINCT d.agent_ids) FROM timesheet.outgoing_emails AS d
    WHERE d.delivery_id IN (:preview, :digest)),
  ARRAY[(SELECT array_agg(agent(n) ORDER BY agent(n)) FROM generate_series(30, 37) AS n)], 'whom both e-mails name');
-- Queued before that was recorded: Mon is in it as a weekday and a client group, Ann and X.* as words of a text.
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content)
VALUES ('preview', 'staff@example.com', 'Preview', format('{"client_groups": [{"name": "Mon", "days": [{"weekday": '
  '"Mon"}], "agents": [{"agent_id": %s, "name": "?"}]}], "notes": [{"agent": "Al \"The Cut\" O''Neil", "text": '
  '"No clock-out of X.* and Ann"}], "more_note_agents": [{"name": "Nora Diaz (ND1)"}]}', agent(31))::jsonb)
RETURNING delivery_id AS old \gset
SELECT is(ARRAY(SELECT n FROM generate_series(30, 37) AS n
  WHERE :old IN (SELECT timesheet.digests_of_agent(agent(n))) ORDER BY n), '{31,33,35}', 'whom an old one names');
SELECT throws_ok(format('SELECT timesheet.erase_agent(%s)', agent(n)), '55000',
  format('an e-mail that names agent %s is still to be sent', agent(n)), 'a preview is queued that names ' || n)
FROM generate_series(30, 37) AS n;
UPDATE timesheet.outgoing_emails SET state = 'sent', html = 'Ann, Mon' WHERE delivery_id = :preview;
UPDATE timesheet.outgoing_emails SET state = 'failed' WHERE delivery_id = :digest;
SELECT throws_ok(format('SELECT timesheet.erase_agent(%s)', agent(35)), '55000', NULL, 'a name with quotes is seen');
SELECT lives_ok(format('SELECT timesheet.erase_agent(%s)', agent(n)), 'who is not in the queued one can be erased')
FROM unnest(ARRAY[30, 32]) AS n;
SELECT is((SELECT d.state || ' ' || (d.content ? 'notes') FROM timesheet.outgoing_emails AS d
  WHERE d.delivery_id = :old), 'queued true', 'and it is as it was');
SELECT is((SELECT count(*) FROM timesheet.outgoing_emails AS d
    WHERE d.delivery_id IN (:preview, :digest) AND d.html IS NULL AND d.content ?& ARRAY['subject', 'total']
      AND NOT d.content ?| ARRAY['client_groups', 'notes', 'corrections']),
  2::bigint, 'of those that name them the totals are left');
SELECT is(alerts(30, 31, 32), concat_ws('; ', alert('Erased agent ' || agent(30)), alert('Annabel Lee'),
  alert('Erased agent ' || agent(32))), 'Annabel is not Ann');
SELECT is((SELECT string_agg(f.detail, '; ' ORDER BY f.agent_id) FROM timesheet.audit_findings AS f
    WHERE f.agent_id IN (agent(30), agent(31), agent(32)) AND f.day = '2026-04-07'),
  format('Erased agent %1$s, Annabel Lee and Mary-Ann; Erased agent %1$s''s; Ann and Annabel Lee; '
    'the hours are the same: Mon 6 Apr ours 1:00', agent(30)), 'nor in findings, and a Monday is no person');
SELECT is((SELECT f.detail FROM timesheet.audit_findings AS f WHERE f.agent_id = agent(30) AND f.day = '2026-04-06'),
  'Jibble refused to answer for this person', 'what Jibble said of the person is not kept');
INSERT INTO timesheet.audit_findings AS f (agent_id, day, our_seconds, kind, detail)
SELECT agent(30), day, 3600, kind, 'Ann is on leave' FROM (VALUES (date '2026-04-06', 'unreadable'),
  ('2026-04-08', 'refused')) AS t (day, kind)
ON CONFLICT (agent_id, day) DO UPDATE SET kind = excluded.kind, detail = excluded.detail;
SELECT is((SELECT string_agg(f.detail, '; ' ORDER BY f.day) FROM timesheet.audit_findings AS f
    WHERE f.agent_id = agent(30) AND f.kind <> 'differs'),
  'Jibble''s answer for this person could not be read; Jibble refused to answer for this person',
  'nor what it says in a later audit');
UPDATE timesheet.outgoing_emails SET state = 'sent' WHERE delivery_id = :old;
SELECT timesheet.erase_agent(agent(33));
SELECT is(alerts(33, 34), concat_ws('; ', alert('Erased agent ' || agent(33)), alert('Nora Diaz (ND2)')),
  'of two namesakes one is erased');
SELECT is(found('ND1|p33@'), 0::bigint, 'with the code and the address');
SELECT is((SELECT f.detail FROM timesheet.audit_findings AS f WHERE f.agent_id = agent(34)),
  'no right to read Nora Diaz (ND2)', 'the other''s finding is as it was');
-- Renamed; quoted; a pattern
SELECT timesheet.raise_alert('stale_feed', 'agent ' || agent(36), 'Former Name and Present Name are silent');
SELECT timesheet.raise_alert('stale_feed', 'agent ' || agent(37), 'a person is silent');
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, state)
VALUES ('preview', 'staff@example.com', 'Preview', '{"corrections": [{"agents": [{"name": '
  '"Former Name (p36@example.com)"}]}]}', 'sent');
SELECT timesheet.erase_agent(agent(n)) FROM unnest(ARRAY[35, 36, 37]) AS n;
SELECT is(found('the cut|neil|former name|present name|X[.][*]|p3[567]@'), 0::bigint, 'none is anywhere');
SELECT is((SELECT string_agg(a.detail, '; ' ORDER BY a.alert_id) FROM timesheet.alerts AS a WHERE a.kind = 'stale_feed'
    AND a.subject IN ('agent ' || agent(36), 'agent ' || agent(37))),
  format('Erased agent %1$s and Erased agent %1$s are silent; About Erased agent %2$s; the text was erased with the '
    'personal data', agent(36), agent(37)), 'both names are replaced; a text without one is not kept');
SELECT is(found('annabel lee'), 6::bigint, 'she is left in a payload, as an agent, in an alert and three findings');

-- Addresses that are parts of others, or that HTML must escape
CREATE FUNCTION spec.email(address text) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', d.state, d.email, d.content ->> 'contact_email', d.html, d.body, d.error, d.content ? 'total')
  FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
  WHERE c.email = address ORDER BY d.delivery_id DESC LIMIT 1
$$;
CREATE FUNCTION spec.number(address text) RETURNS int LANGUAGE sql AS $$
  SELECT c.contact_id FROM timesheet.contacts AS c WHERE c.email = address
$$;
SELECT timesheet.snapshot_digest(number(e), '2026-04-06')
FROM unnest(ARRAY['n@example.com', 'ann@example.com', 'o''brien&co@example.com']) AS e;
UPDATE timesheet.digest_deliveries AS d SET html = 'for ' || replace(replace(d.email, '&', '&amp;'), '''', '&apos;'),
  body = 'for ' || d.email, state = 'sending', error = format('<%s> is full', d.email) WHERE d.state = 'queued';
SELECT number('n@example.com') AS n, number('o''brien&co@example.com') AS o, number('ann@example.com') AS a,
  email('ann@example.com') AS anns \gset
SELECT timesheet.operate_send_preview('boss@agency.example', 'N@Example.com ', '2026-04-08', 'staff@example.com')
  AS about, timesheet.operate_send_preview('boss@agency.example', 'ann@example.com', '2026-04-08', 'n@example.com')
  AS given \gset
INSERT INTO timesheet.operator_actions (actor, action, arguments)
VALUES ('boss@agency.example', 'resubscribe', '{"email": "ann@example.com"}'),
  ('n@example.com', 'resend_digest', '{"email": "n@example.com", "week": "2026-04-06"}');
INSERT INTO timesheet.contact_problems (record_id, value, problem)
VALUES ('rec1', 'N@example.com', 'twice'), ('rec2', 'ann@example.com', 'twice'), ('rec3', 'n@example.com.au', 'twice');
UPDATE timesheet.contacts SET removed_at = now() WHERE email <> 'ann@example.com';
CREATE FUNCTION spec.refuses(why text) RETURNS text LANGUAGE sql AS $$
  SELECT throws_ok('SELECT timesheet.erase_contact(''n@example.com'')', '55000',
    'an e-mail to or about n@example.com is still to be sent', why)
$$;
SELECT refuses('not while a digest is under way');
UPDATE timesheet.digest_deliveries SET state = 'queued' WHERE contact_id = :n;
SELECT refuses('nor while it may be tried again with the same text');
UPDATE timesheet.digest_deliveries SET state = 'sent' WHERE contact_id IN (:n, :o);
SELECT refuses('nor while a preview of it is queued');
UPDATE timesheet.outbox_messages SET state = 'sent' WHERE delivery_id = :about;
SELECT refuses('nor one to that address');
UPDATE timesheet.outbox_messages SET state = 'sent', error = '<n@example.com> was full' WHERE delivery_id = :given;
SELECT is(timesheet.operate_erase_contact('boss@agency.example', 'n@example.com'), '{"digests": 2}',
  'its digest and the preview of one');
SELECT is(email('erased contact ' || :n), format('sent erased contact %1$s erased contact %1$s '
  '<erased contact %1$s> is full t', :n), 'its hours are left, and no text');
SELECT throws_ok(format('SELECT timesheet.erase_contact(%L)', 'Erased contact ' || :n), '55000',
  format('the address of contact %s was erased already', :n), 'once');
SELECT is(email('ann@example.com'), :'anns', 'another''s, which is under way, is as it was');
SELECT is((SELECT string_agg(concat_ws(' ', m.recipient, m.content ->> 'contact_email',
      (m.content ->> 'preview_text') ~ ('for erased contact ' || :n || ', week')), '; ' ORDER BY m.delivery_id)
    FROM timesheet.outbox_messages AS m WHERE m.delivery_id IN (:about, :given)),
  format('staff@example.com erased contact %1$s t; erased contact %1$s ann@example.com f', :n), 'previews too');
SELECT is((SELECT string_agg(p.value, ' ' ORDER BY p.value) FROM timesheet.contact_problems AS p),
  'ann@example.com n@example.com.au', 'others'' problems are left');
SELECT is((SELECT string_agg(concat_ws(' ', o.actor, o.action, o.arguments), '; ' ORDER BY o.operator_action_id)
    FROM timesheet.operator_actions AS o WHERE o.actor <> 'ann@example.com'),
  format('boss@agency.example send_preview {"week": "2026-04-08", "email": "erased contact %1$s", "recipient": '
    '"staff@example.com"}; boss@agency.example send_preview {"week": "2026-04-08", "email": "ann@example.com", '
    '"recipient": "n@example.com"}; boss@agency.example resubscribe {"email": "ann@example.com"}; n@example.com '
    'resend_digest {"week": "2026-04-06", "email": "erased contact %1$s"}; boss@agency.example erase_contact '
    '{"contact": %1$s}', :n), 'of what staff did the contact''s address goes, and nothing else');
SELECT is(found('[^n]n@example[.]com([^.]|$)'), 2::bigint, 'it is left as a recipient and as an actor');
SELECT timesheet.erase_contact('o''brien&co@example.com');
SELECT is(found('brien'), 0::bigint, 'an address that HTML escapes is nowhere');

-- E-mails about alerts
SELECT feed('People', staff(40, 'Zoe Zamora'));
INSERT INTO timesheet.contacts (email, removed_at) VALUES ('zed@example.com', now());
SELECT timesheet.raise_alert('deletions_held', 'agent ' || agent(40), alert('Zoe Zamora')),
  timesheet.raise_alert('digest_failed', 'digest 4711', 'the digest to zed@example.com failed: <zed@example.com> is '
    'full, not amazed@example.com');
SELECT cmp_ok(timesheet.queue_notifications('{staff@example.com}', true, NULL), '>', 3, 'messages about them');
SELECT throws_ok(format('SELECT timesheet.erase_agent(%s)', agent(40)), '55000', NULL,
  'not while a name is to be sent');
SELECT throws_ok('SELECT timesheet.erase_contact(''zed@example.com'')', '55000', NULL, 'nor while an address is');
UPDATE timesheet.outbox_messages SET state = 'sent', html = content::text WHERE kind = 'alert';
SELECT timesheet.erase_agent(agent(40)), timesheet.erase_contact('zed@example.com');
SELECT is(found('zoe|zamora'), 0::bigint, 'the name is nowhere');
SELECT is(found('[^a]zed@'), 0::bigint, 'nor is the address');
SELECT is(found('amazed@example[.]com'), 3::bigint, 'another''s is in the alert and the e-mail');
SELECT is((SELECT count(*) FROM timesheet.webhook_messages AS m WHERE m.body ~* 'zoe|zed@'), 0::bigint,
  'a post never had either');

-- The record of staff's actions
UPDATE timesheet.contacts SET removed_at = now() WHERE contact_id = :a;
SELECT throws_ok('UPDATE timesheet.operator_actions AS o SET ' || change
  || $$ WHERE o.arguments ->> 'email' = 'ann@example.com'$$, '55000',
  'what is in timesheet.operator_actions cannot be changed or deleted', change)
FROM unnest(ARRAY[
  $$arguments = o.arguments - 'email'$$,
  $$arguments = o.arguments || '{"email": "eve@example.com"}'$$,
  format($$arguments = o.arguments || '{"email": "erased contact %s"}'$$, :n),
  format($$arguments = o.arguments || '{"email": "erased contact %s", "week": "2026-01-01"}'$$, :a),
  format($$arguments = o.arguments || '{"email": ["erased contact %s"]}'$$, :a),
  format($$actor = 'eve', arguments = o.arguments || '{"email": "erased contact %s"}'$$, :a),
  format($$result = '1', arguments = o.arguments || '{"email": "erased contact %s"}'$$, :a),
  'arguments = o.arguments', 'at = now()']) AS change;
UPDATE timesheet.contacts SET removed_at = NULL WHERE contact_id = :a;
SELECT throws_ok(format($$UPDATE timesheet.operator_actions AS o SET arguments = o.arguments || '{"email": "%s"}'
  WHERE o.arguments ->> 'email' = 'ann@example.com'$$, 'erased contact ' || :a), '55000', NULL,
  'the address of a contact that Airtable lists');
SELECT throws_ok($$DELETE FROM timesheet.operator_actions$$, '55000', NULL, 'none is deleted');

-- Payloads for a time only
-- PostgreSQL compares months as 30 days, so that some of these are as long as a day.
SELECT throws_ok(format($$UPDATE timesheet.settings SET keep_payloads = %L$$, t.value), '23514', NULL, t.value)
FROM unnest(ARRAY['23:59', '24:00', '0', '-1 day', '36501 days', '300000 years', '1 mon', '-12 mons 361 days',
  '1 day 24:00', '2 days -24:00', '-1 mon 31 days']) AS t (value);
UPDATE timesheet.raw_events SET fetched_at = now() - interval '31 days' WHERE jibble_id = guid('event', 3);
UPDATE timesheet.raw_events SET fetched_at = now() - interval '29 days' WHERE jibble_id = guid('event', 4);
SELECT is(timesheet.expire_payloads(), 0, 'for good by default');
UPDATE timesheet.settings SET keep_payloads = '30 days';
SELECT feed('TimeEntries', entry(3, 2, '2026-03-02 09:00', 'In', 'Ben''s note'));
SELECT is(found('Ben''s note'), 0::bigint, 'what is older is reduced by the next run');
SELECT is((SELECT r.payload -> 'note' IS NOT NULL FROM timesheet.raw_events AS r WHERE r.jibble_id = guid('event', 4)),
  true, 'what is younger is not');
SELECT feed('TimeEntries', entry(3, 2, '2026-03-02 09:00', 'In', 'Ben''s note'));
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r WHERE r.jibble_id = guid('event', 3)), 1::bigint,
  'read again it is no new version');
-- Twice on one page, and one without an id
SELECT feed('TimeEntries', (entry(11, 2, '2026-03-06 09:00', 'In', 'idless Ben')::jsonb - 'id')::text);
UPDATE timesheet.raw_events SET fetched_at = now() - interval '31 days' WHERE jibble_id IS NULL;
SELECT feed('TimeEntries', entry(3, 2, '2026-03-02 09:00', 'In', 'one'), entry(3, 2, '2026-03-02 09:00', 'In', 'two'));
SELECT is(found('idless Ben'), 0::bigint, 'what has no id is reduced as well');
SELECT feed('TimeEntries', (entry(11, 2, '2026-03-06 09:00', 'In', 'idless Ben')::jsonb - 'id')::text);
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r WHERE r.jibble_id IS NULL
  AND r.payload::text LIKE '%2026-03-06%'), 1::bigint, 'and is no new one when read again');
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r WHERE r.jibble_id = guid('event', 3)), 1::bigint,
  'nor is what comes twice and differs in its note alone');
SELECT feed('TimeEntries', entry(3, 2, '2026-03-02 10:00', 'In', 'Ben''s note'));
SELECT is(substring(hours() FROM 'Ben Cruz 2026-03-02 \d+'), 'Ben Cruz 2026-03-02 7200', 'changed it is one');
SELECT timesheet.replay();
SELECT is(substring(hours() FROM 'Ben Cruz 2026-03-02 \d+'), 'Ben Cruz 2026-03-02 7200', 'a replay gives the same');

SELECT * FROM finish();
ROLLBACK;
