-- A contact's digest as staff preview it by e-mail: what is stored, what is refused, and the rules of sending, which
-- digests and previews share.
\ir setup.sql
SELECT no_plan();

SELECT feed('Groups', format('{"id": "%s", "name": "<b>Acme</b> & Sons \u202e", "status": "Active"}', guid('group', 1)),
  format('{"id": "%s", "name": "Bolt", "status": "Active"}', guid('group', 2)));
SELECT feed('People', person(1, client_group => guid('group', 1)));
SELECT feed('TimeEntries', event(1, 1, '2026-03-03 09:00', 'In'), event(2, 1, '2026-03-03 17:30', 'Out'));
INSERT INTO timesheet.contacts (email) VALUES ('client@acme.example'), ('alone@example.com'), ('bolt@example.com');
INSERT INTO timesheet.contact_client_groups (contact_id, client_group_id)
SELECT c.contact_id, g.client_group_id FROM timesheet.contacts AS c JOIN timesheet.client_groups AS g
  ON g.jibble_id = CASE c.email WHEN 'client@acme.example' THEN guid('group', 1) WHEN 'bolt@example.com'
    THEN guid('group', 2) END;
CREATE FUNCTION spec.send(email text, week date, recipient text, n int DEFAULT NULL) RETURNS bigint LANGUAGE sql AS $$
  SELECT timesheet.operate_send_preview('ann@agency.example', email, week, recipient, guid('request', n))
$$;
CREATE FUNCTION spec.said(n int) RETURNS text LANGUAGE sql AS $$
  SELECT m.content ->> 'preview_text' FROM timesheet.outbox_messages AS m
  JOIN timesheet.operator_actions AS o ON o.result = to_jsonb(m.delivery_id) AND o.request = guid('request', n)
$$;

-- What is refused, and that nothing of it is stored
SELECT throws_ok($$SELECT timesheet.operate_send_preview(' ', 'client@acme.example', '2026-03-03', 'a@example.com')$$,
  '22023', 'the actor is blank', 'without an actor');
SELECT throws_ok($$SELECT send('unknown@acme.example', '2026-03-03', 'ann@agency.example')$$, 'P0002',
  'no contact has the address "unknown@acme.example"', 'an unknown address');
SELECT throws_ok($$SELECT send(NULL, '2026-03-03', 'ann@agency.example')$$, 'P0002', NULL, 'no address');
SELECT throws_ok(format('SELECT send(%L, %L, %L)', 'client@acme.example', '2026-03-03', given), '22023',
  format('the recipient %s is not an e-mail address', coalesce('"' || given || '"', 'null')), 'no recipient: ' || what)
FROM (VALUES (NULL, 'null'), ('', 'empty'), ('Ann <ann@agency.example>', 'with a name'), ('ann', 'a name'),
  (E'ann@agency.example\nBcc: eve@example.com', 'a header'), ('a@agency.example,b@agency.example', 'two'),
  (U&'\0430nn@agency.example', 'a letter that only looks like one')) AS t (given, what);
SELECT throws_ok($$SELECT send('client@acme.example', '2026-03-03', ' Client@ACME.example ')$$, '22023',
  'the recipient client@acme.example is the contact itself', 'it never reaches the contact, in whatever letter case');
SELECT throws_ok($$SELECT send('client@acme.example', NULL, 'ann@agency.example')$$, '22023', 'the week is null',
  'no week');
SELECT throws_ok(format('SELECT send(%L, %L, %L)', 'client@acme.example', day, 'ann@agency.example'), '22023',
  format('the week of %s is in the future', day), 'a week in the future: ' || day)
FROM (VALUES (timesheet.week_start((now() AT TIME ZONE 'UTC' + interval '14 hours')::date, 1) + 7),
  (date '2999-01-01'), ('5874897-12-31'), ('infinity')) AS t (day);
SELECT throws_ok(format('SELECT send(%L, %L, %L)', 'client@acme.example', day, 'ann@agency.example'), '22023',
  format('the week is %s', day), 'a week that there was not: ' || day)
FROM (VALUES (date '-infinity'), ('4713-01-01 BC'), ('1969-12-31')) AS t (day);
SELECT throws_ok($$SELECT send('alone@example.com', '2026-03-03', 'ann@agency.example')$$, 'P0002',
  'alone@example.com has no client group that is active or had hours in the week of 2026-03-02',
  'a contact without client groups');
SELECT is((SELECT count(*) FROM timesheet.outbox) + (SELECT count(*) FROM timesheet.operator_actions), 0::bigint,
  'nothing is stored of all that');

-- What is stored
SELECT isnt(send('CLIENT@acme.example', '2026-03-05', ' Ann@Agency.EXAMPLE ', 1), NULL, 'a delivery');
SELECT is((SELECT concat_ws(' ', kind, recipient, state, attempts, contact_id, sent_at)
    FROM timesheet.outbox_messages), 'preview ann@agency.example queued 0',
  'a preview to the member of staff in lower case, of no contact');
SELECT is((SELECT o.subject FROM timesheet.outbox AS o),
  'Preview: <b>Acme</b> & Sons: 8.50 h in the week of 2 Mar 2026',
  'its subject says so; its content is text, and loses what cannot be seen');
SELECT matches(said(1), '^Preview for staff of the digest for client@acme[.]example, week of '
  'Mon 2 – Sun 8 Mar 2026, with the numbers of .+[.] The links of the digest are left out here[.]$',
  'its first line names the contact and the week');
SELECT is((SELECT m.content - 'subject' - 'preheader' - 'is_preview' - 'preview_text'
   FROM timesheet.outbox_messages AS m),
  (SELECT timesheet.digest_content(c.contact_id, '2026-03-02') - 'subject' - 'preheader' - 'reported'
   FROM timesheet.contacts AS c WHERE c.email = 'client@acme.example'),
  'the rest is the digest with the numbers of now');
SELECT is((SELECT count(*) FROM timesheet.outbox_messages AS m JOIN timesheet.contacts AS c
  ON strpos(m.content::text, c.unsubscribe_token::text) > 0), 0::bigint, 'it has no token');
SELECT is((SELECT count(*) FROM timesheet.digest_deliveries) + (SELECT count(*) FROM timesheet.digest_reported_weeks)
  + (SELECT count(*) FROM timesheet.digest_figures), 0::bigint, 'it does not count as reported');
SELECT is(send('client@acme.example', '2026-03-05', 'ann@agency.example', 1), (
  SELECT m.delivery_id FROM timesheet.outbox_messages AS m), 'the same form sent again gets the first answer');
SELECT is((SELECT count(*) FROM timesheet.outbox), 1::bigint, 'and queues nothing');
SELECT is((SELECT concat_ws(' ', o.actor, o.action, o.arguments) FROM timesheet.operator_actions AS o),
  'ann@agency.example send_preview {"week": "2026-03-05", "email": "CLIENT@acme.example", "recipient": '
  '" Ann@Agency.EXAMPLE "}', 'who did it is recorded');
SELECT send('client@acme.example', (now() AT TIME ZONE 'UTC')::date, 'ann@agency.example', 2);
SELECT is((SELECT m.content ->> 'week' FROM timesheet.outbox_messages AS m ORDER BY m.delivery_id DESC LIMIT 1),
  timesheet.week_start((now() AT TIME ZONE 'UTC')::date, 1)::text, 'the week that is running can be previewed');

-- A contact who gets no digest
UPDATE timesheet.contacts SET unsubscribed_at = now() WHERE email = 'client@acme.example';
SELECT send('client@acme.example', '2026-03-03', 'ann@agency.example', 3);
SELECT matches(said(3), 'This contact has unsubscribed and gets no digest[.]', 'who has unsubscribed: it says so');
UPDATE timesheet.contacts SET unsubscribed_at = NULL, removed_at = now() WHERE email = 'client@acme.example';
SELECT send('client@acme.example', '2026-03-03', 'ann@agency.example', 4);
SELECT matches(said(4),
  'This contact was removed, as Airtable does not list the address any more, and gets no digest[.]', 'who was removed');
UPDATE timesheet.contacts SET removed_at = NULL, missing_since = now() WHERE email = 'client@acme.example';
SELECT send('client@acme.example', '2026-03-03', 'ann@agency.example', 5);
SELECT matches(said(5), 'its removal is held back: it gets no digest until that is decided[.]', 'who is held back');
UPDATE timesheet.contacts SET removed_at = now() WHERE email = 'client@acme.example';
SELECT is(timesheet.recover_deliveries('resend', '23 hours'), 0, 'none is in doubt');
SELECT is((SELECT count(*) FROM timesheet.outbox AS o WHERE o.state = 'queued'), 5::bigint,
  'all are sent, whatever became of the contact');
SELECT is((SELECT h.other_emails_queued || ' ' || h.queued FROM timesheet.digest_health AS h), '5 0',
  'they are counted, and not as digests');

-- A client group of which nothing is known is a preview all the same
SELECT send('bolt@example.com', '2026-03-03', 'ann@agency.example', 6);
SELECT is((SELECT o.subject FROM timesheet.outbox AS o ORDER BY o.delivery_id DESC LIMIT 1),
  'Preview: Bolt: 0.00 h in the week of 2 Mar 2026', 'a week without hours');

-- One numbering, one queue: a digest and previews
SELECT timesheet.snapshot_digest(c.contact_id, '2026-03-02') FROM timesheet.contacts AS c
WHERE c.email = 'bolt@example.com';
SELECT is((SELECT count(DISTINCT e.delivery_id) FROM timesheet.outgoing_emails AS e), 7::bigint,
  'no number is given twice');
SELECT is((SELECT concat_ws(' ', n.kind, n.email, n.subject, n.content ->> 'contact_email', n.unsubscribe_token)
    FROM timesheet.next_delivery() AS n),
  'preview ann@agency.example Preview: <b>Acme</b> & Sons: 8.50 h in the week of 2 Mar 2026 client@acme.example',
  'the oldest first, to the recipient, without a token');
SELECT is((SELECT concat_ws(' ', n.kind, n.email, n.subject, n.unsubscribe_token = c.unsubscribe_token)
  FROM timesheet.next_delivery(ARRAY(SELECT o.delivery_id FROM timesheet.outbox AS o)) AS n
  JOIN timesheet.contacts AS c USING (email)), 'digest bolt@example.com Bolt: 0.00 h in the week of 2 Mar 2026 t',
  'and the digest with its token');
CREATE FUNCTION spec.nth(n int) RETURNS bigint LANGUAGE sql AS $$
  SELECT o.delivery_id FROM timesheet.outbox AS o ORDER BY o.delivery_id LIMIT 1 OFFSET n - 1
$$;
CREATE FUNCTION spec.state(n int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', o.state, o.attempts, o.error) FROM timesheet.outbox AS o WHERE o.delivery_id = nth(n)
$$;
SELECT is(timesheet.begin_attempt(nth(1), 'resend', '<p>', 'p'), true, 'an attempt');
SELECT is(timesheet.begin_attempt(nth(1), 'resend', '<p>', 'p'), false, 'is begun once');
SELECT is(timesheet.end_attempt(nth(1), 'sent', 're-1', NULL), 'sent', 'and sent');
SELECT is((SELECT concat_ws(' ', o.provider, o.provider_message_id, o.sent_at IS NOT NULL, o.next_attempt_at)
  FROM timesheet.outbox AS o WHERE o.delivery_id = nth(1)), 'resend re-1 t', 'with what the provider said');
SELECT timesheet.begin_attempt(nth(2), 'resend', '<p>', 'p');
SELECT timesheet.begin_attempt(nth(3), 'resend', '<p>', 'p');
SELECT timesheet.end_attempt(nth(3), 'failed', NULL, 'refused');
SELECT is(state(3), 'failed 1 refused', 'what is refused has failed');
SELECT timesheet.begin_attempt(nth(4), 'resend', '<p>', 'p');
SELECT timesheet.return_delivery(nth(4), 'no');
SELECT is(timesheet.fail_returned_deliveries(ARRAY[nth(4)], 'run timesheet.resend_digest()'), ROW(1, 0),
  'what was returned fails once another was accepted');
SELECT is(state(4), 'failed 1 no; correct that and ask for it again', 'with a remedy of its own');
SELECT is(timesheet.recover_deliveries('mailgun', '0'), 1, 'a sender that died, and a provider without a key');
SELECT is(state(2), 'in_doubt 1 the sender ended before it had an answer; it may have been accepted, so it is not sent '
  'again', 'it is in doubt');
SELECT timesheet.operate_resolve_delivery('ann@agency.example', nth(2), true);
SELECT is((SELECT concat_ws(' ', o.state, o.error, o.sent_at IS NOT NULL) FROM timesheet.outbox AS o
  WHERE o.delivery_id = nth(2)), 'sent t', 'a person resolves it');
SELECT timesheet.postpone_deliveries('1 day', 'quota');
SELECT is(state(5), 'queued 0 quota', 'a quota holds all back');
UPDATE timesheet.outgoing_emails AS e SET created_at = now() - interval '9 days' WHERE e.state = 'queued';
SELECT timesheet.recover_deliveries('resend', '23 hours');
SELECT is(state(5), 'failed 0 it could not be sent for more than a week; quota',
  'one that waited too long is not sent');
SELECT is((SELECT d.error FROM timesheet.digests AS d), 'it could not be sent for more than a week; quota; to send it '
  'now, run timesheet.resend_digest()', 'nor a digest, whose remedy is another');

-- The tables
SELECT throws_ok($$INSERT INTO timesheet.outgoing_emails (delivery_id, content) VALUES (4711, '{}')$$, '23514', NULL,
  'the common table has no row of its own');
SELECT throws_ok($$INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content)
  VALUES ('advertisement', 'a@example.com', 'x', '{}')$$, '23514', NULL, 'a kind that is not known');

-- A message for a contact, as links will be: as a digest it waits, or is dropped, with the contact.
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, contact_id)
SELECT 'preview', c.email, 'x', '{}', c.contact_id FROM timesheet.contacts AS c WHERE c.email = 'bolt@example.com';
UPDATE timesheet.contacts SET missing_since = now() WHERE email = 'bolt@example.com';
SELECT is((SELECT n.kind FROM timesheet.next_delivery() AS n), NULL, 'it waits while its contact is held back');
SELECT is(timesheet.next_attempt_at(), NULL, 'which is not waited for');
UPDATE timesheet.contacts SET missing_since = NULL, unsubscribed_at = now() WHERE email = 'bolt@example.com';
SELECT is(timesheet.begin_attempt(nth(7), 'resend', '<p>', 'p'), false,
  'it is not sent once that one has unsubscribed');
SELECT is(state(7), 'failed 0 the contact was removed or has unsubscribed', 'and says why');

SELECT * FROM finish();
ROLLBACK;
