-- Personal data that is erased while hours stay, and payloads that are kept for a time only.
\ir setup.sql
SELECT no_plan();

CREATE FUNCTION spec.hours() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', r.agent, r.workday, r.work_seconds), ', ' ORDER BY r.workday, r.agent)
  FROM timesheet.daily_report AS r
$$;
CREATE FUNCTION spec.found(what text) RETURNS bigint LANGUAGE sql AS $$ -- in all that is kept
  SELECT (SELECT count(*) FROM timesheet.raw_events AS t WHERE t.payload::text ~* what)
    + (SELECT count(*) FROM timesheet.agents AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.contacts AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.digest_deliveries AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.outbox_messages AS t WHERE t::text ~* what)
    + (SELECT count(*) FROM timesheet.alerts AS t WHERE t::text ~* what)
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
SELECT timesheet.raise_alert('deletions_held', 'agent 1', 'entries of Maria Santos are held');

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
