-- Which week a digest reports and from when, whom it goes to, and what a person says of one that is stuck.
\ir setup.sql
SELECT plan(80);

-- Its key is the Monday of the ISO week in which the week of the client group ends.
SELECT is(timesheet.digest_week(day, starts_on), key,
  format('the week that begins on %s and holds %s has the key %s', starts_on, day, key))
FROM (VALUES
  (date '2026-11-16', 1, date '2026-11-16'), -- Mon 16 to Sun 22
  ('2026-11-22', 1, '2026-11-16'),
  ('2026-11-23', 1, '2026-11-23'),
  ('2026-11-15', 7, '2026-11-16'),           -- Sun 15 to Sat 21
  ('2026-11-21', 7, '2026-11-16'),
  ('2026-11-22', 7, '2026-11-23'),
  ('2026-11-14', 6, '2026-11-16'),           -- Sat 14 to Fri 20
  ('2026-11-17', 2, '2026-11-23'),           -- Tue 17 to Mon 23
  ('2026-11-23', 2, '2026-11-23'),
  ('2027-01-01', 1, '2026-12-28')) AS t (day, starts_on, key);

-- The hour at which it goes, by the clock on the wall.
SELECT is(timesheet.at_or_after(given, local, zone), expected, what)
FROM (VALUES
  (timestamptz '2026-11-23 12:00Z', time '08:00', 'UTC', timestamptz '2026-11-24 08:00Z',
    'after the hour it is the next day''s'),
  ('2026-11-23 08:00Z', '08:00', 'UTC', '2026-11-23 08:00Z', 'at the hour it is now'),
  ('2026-11-23 07:59:59Z', '08:00', 'UTC', '2026-11-23 08:00Z', 'before the hour it is today''s'),
  ('2026-11-22 16:30Z', '08:00', 'Asia/Manila', '2026-11-23 00:00Z', 'the day is the zone''s, not that of UTC'),
  ('2026-03-08 05:00Z', '08:00', 'America/New_York', '2026-03-08 12:00Z',
    'on the day that loses an hour, 8:00 is 12:00 UTC'),
  ('2026-11-01 04:00Z', '08:00', 'America/New_York', '2026-11-01 13:00Z',
    'on the day that gains an hour, 8:00 is 13:00 UTC'),
  ('2026-03-08 05:00Z', '02:30', 'America/New_York', '2026-03-08 07:30Z',
    'an hour that is skipped is the one an hour later'),
  ('2026-11-01 04:00Z', '01:30', 'America/New_York', '2026-11-01 06:30Z',
    'an hour that is repeated comes once, in winter time'),
  ('2026-11-01 06:30:01Z', '01:30', 'America/New_York', '2026-11-02 06:30Z',
    '… and then not again before the next day')) AS t (given, local, zone, expected, what);

SELECT is(timesheet.period_text(first_day, last_day), expected, expected)
FROM (VALUES
  (date '2026-11-02', date '2026-11-08', 'Mon 2 – Sun 8 Nov 2026'),
  ('2026-11-30', '2026-12-06', 'Mon 30 Nov – Sun 6 Dec 2026'),
  ('2026-12-27', '2027-01-02', 'Sun 27 Dec 2026 – Sat 2 Jan 2027'),
  ('2026-11-16', '2026-11-16', 'Mon 16 Nov 2026')) AS t (first_day, last_day, expected);

SELECT is(timesheet.is_email(given), expected,
  format('%s is %s address', to_json(given), CASE WHEN expected THEN 'an' ELSE 'no' END))
FROM (VALUES
  ('ann@example.com', true), ('a.b+c@sub.example.co', true), ('ann@example', false), ('ann@@example.com', false),
  ('ann example@example.com', false),
  ('Ann <ann@example.com>', false), (E'ann@example.com\nbcc: eve@example.com', false), ('', false),
  (U&'an\202En@example.com', false), (U&'an\0085n@example.com', false), (U&'an\200Bn@example.com', false))
    AS t (given, expected);

-- Contacts: what is wrong is reported and stops no other.
SELECT spec.feed('Groups', json_build_object('id', spec.guid('group', 1), 'name', 'One', 'status', 'Active')::text,
  json_build_object('id', spec.guid('group', 2), 'name', 'Two', 'status', 'Active')::text);

CREATE FUNCTION spec.record(n int, fields json) RETURNS json LANGUAGE sql AS $$
  SELECT json_build_object('id', 'rec' || n, 'fields', fields)
$$;
CREATE FUNCTION spec.contacts(VARIADIC records json[]) RETURNS record LANGUAGE sql AS $$
  SELECT timesheet.store_contacts((SELECT json_agg(r) FROM unnest(records) AS r), 'Email', 'Groups')
$$;

SELECT is(spec.contacts(
  spec.record(1, json_build_object('Email', 'Ann@Example.com', 'Groups',
    spec.guid('group', 1) || ', ' || upper(spec.guid('group', 2)::text))),
  spec.record(2, json_build_object('Email', 'ben@example.com', 'Groups',
    json_build_array(spec.guid('group', 2), spec.guid('group', 3)))),
  spec.record(3, json_build_object('Email', 'no address', 'Groups', spec.guid('group', 1))),
  spec.record(4, json_build_object('Groups', spec.guid('group', 1))),
  spec.record(5, json_build_object('Email', 'ben@example.com', 'Groups', spec.guid('group', 1))),
  spec.record(6, json_build_object('Email', 'cat@example.com')),
  spec.record(7, json_build_object('Email', json_build_array('dan@example.com'), 'Groups', 'Client One'))),
  ROW(4, 4, 0, 7, 0), 'four contacts come, with seven problems');
SELECT results_eq(
  $$SELECT c.email, array_agg(g.name ORDER BY g.name) FILTER (WHERE g.name IS NOT NULL) FROM timesheet.contacts AS c
    LEFT JOIN timesheet.contact_client_groups USING (contact_id)
    LEFT JOIN timesheet.client_groups AS g USING (client_group_id)
    GROUP BY c.email ORDER BY c.email$$,
  $$VALUES ('ann@example.com', ARRAY['One', 'Two']), ('ben@example.com', ARRAY['One', 'Two']),
    ('cat@example.com', NULL), ('dan@example.com', NULL)$$,
  'an address gets the client groups of all its records, by text with commas or by list');
SELECT results_eq(
  $$SELECT record_id, value, problem ~
      CASE record_id WHEN 'rec2' THEN 'shown no client group' WHEN 'rec3' THEN 'not an e-mail address'
      WHEN 'rec4' THEN 'no address in the field "Email"'
      WHEN 'rec5' THEN 'is in record rec2 too' WHEN 'rec6' THEN 'no client group is named'
      WHEN 'rec7' THEN 'not a Jibble group id' END
    FROM timesheet.contact_problems ORDER BY record_id, value$$,
  $$VALUES ('rec2', spec.guid('group', 3)::text, true), ('rec3', 'no address', true), ('rec4', NULL, true),
    ('rec5', 'ben@example.com', true),
      ('rec6', 'cat@example.com', true), ('rec7', 'client', true), ('rec7', 'one', true)$$,
  'each problem names its record, the value and what to do');

CREATE FUNCTION spec.ann() RETURNS json LANGUAGE sql AS $$
  SELECT spec.record(1, json_build_object('Email', 'ann@example.com', 'Groups', spec.guid('group', 2)))
$$;
SELECT is(spec.contacts(spec.ann()), ROW(4, 0, 0, 0, 3), 'a list that lost more than half is held back');
SELECT is(spec.contacts(spec.ann()), ROW(4, 0, 0, 0, 3), '… however often it comes');
SELECT results_eq($$SELECT email FROM timesheet.contacts WHERE missing_since IS NOT NULL ORDER BY email$$,
  $$VALUES ('ben@example.com'), ('cat@example.com'), ('dan@example.com')$$, '… and whom it lacks is known');
SELECT results_eq($$SELECT kind, resolved_at IS NULL FROM timesheet.alerts$$, $$VALUES ('deletions_held', true)$$,
  '… and there is one alert');
SELECT is(timesheet.store_contacts(json_build_array(spec.ann()), 'Email', 'Groups', true)::text, '(1,0,3,0,0)',
  'who is listed no more goes where that is allowed');
SELECT results_eq($$SELECT email FROM timesheet.contacts WHERE removed_at IS NULL$$, $$VALUES ('ann@example.com')$$,
  '… and only those');
SELECT results_eq($$SELECT kind, resolved_at IS NULL FROM timesheet.alerts$$, $$VALUES ('deletions_held', false)$$,
  '… and the alert is over');
SELECT is(spec.contacts(spec.record(1, '{"Mail": "ann@example.com"}')), ROW(1, 0, 0, 1, 1),
  'a list without any address is held back too');
SELECT is((SELECT count(*) FROM timesheet.contacts WHERE removed_at IS NULL), 1::bigint, '… and removes no contact');
SELECT throws_ok($$SELECT timesheet.store_contacts('{"records": []}', 'Email', 'Groups')$$, '22023', NULL,
  'what is no list is refused');
SELECT throws_ok($$SELECT timesheet.store_contacts((SELECT json_agg('{}'::json) FROM generate_series(1, 100001)),
  'Email', 'Groups')$$, '54000', NULL, '… and one of too many records');
SELECT throws_ok($$SELECT timesheet.store_contacts(json_build_array(repeat('x', 40000000)), 'Email', 'Groups')$$,
  '54000', NULL, '… or too many bytes');
SELECT is(spec.contacts(spec.record(1, json_build_object('Email', 'ann@example.com', 'Groups', spec.guid('group', 2))),
  spec.record(2, json_build_object('Email', 'ben@example.com', 'Groups', spec.guid('group', 1)))), ROW(2, 1, 0, 0, 0),
  'who is listed again comes back');

SELECT is(timesheet.unsubscribe(gen_random_uuid()), false, 'an unknown token unsubscribes no contact');
SELECT is(timesheet.unsubscribe((SELECT unsubscribe_token FROM timesheet.contacts WHERE email = 'ben@example.com')),
  true, 'a contact''s token unsubscribes it');
SELECT spec.contacts(spec.record(2, json_build_object('Email', 'ben@example.com', 'Groups', spec.guid('group', 1))),
  spec.record(1, json_build_object('Email', 'ann@example.com', 'Groups', spec.guid('group', 2))));
SELECT isnt((SELECT unsubscribed_at FROM timesheet.contacts WHERE email = 'ben@example.com'), NULL,
  '… and Airtable does not undo it');

-- By hand: sending again, and a word on what is in doubt.
SELECT throws_ok($$SELECT timesheet.resend_digest('nobody@example.com', '2026-11-16')$$, 'P0002',
  'no contact has the address "nobody@example.com"', 'an unknown address is named');
SELECT throws_ok($$SELECT timesheet.resend_digest('ben@example.com', '2026-11-16')$$, '55000',
  'ben@example.com was removed or has unsubscribed', 'who has unsubscribed is not sent anything by hand either');
SELECT throws_ok($$SELECT timesheet.resend_digest('ann@example.com', '2026-11-16')$$, '55000',
  'the week of 2026-11-16 is not complete: no read of Jibble has reached the present yet; run timesheetd sync',
  'nor is what may be incomplete');
SELECT timesheet.finish_run(timesheet.begin_run('nightly', '2026-11-17', current_date + 1));
SELECT throws_ok($$SELECT timesheet.resend_digest('ann@example.com', '2026-11-16')$$, '55000', NULL,
  '… if only one of its days was not read again');
SELECT timesheet.finish_run(timesheet.begin_run('backfill', '2026-11-16', '2026-11-16'));
SELECT timesheet.resend_digest(' Ann@example.com', '2026-11-18');
SELECT results_eq($$SELECT email, week, revision, state FROM timesheet.digests$$,
  $$VALUES ('ann@example.com', date '2026-11-16', 1, 'queued')$$,
  'it is queued, under the key of the week that holds the day');
SELECT throws_ok($$SELECT timesheet.resend_digest('ann@example.com', '2026-11-16')$$, '55000', NULL,
  'what is on its way is not queued twice');
SELECT throws_ok($$SELECT timesheet.resolve_delivery((SELECT delivery_id FROM timesheet.digests), true)$$, '55000',
  NULL, 'only what is in doubt can be settled');
SELECT throws_ok($$SELECT timesheet.resolve_delivery(NULL, true)$$, '55000', NULL, 'nothing cannot be settled');
SELECT throws_ok($$SELECT timesheet.end_attempt(1, 'lost', NULL, NULL)$$, '22023', NULL,
  'an unknown outcome is refused');

-- An attempt that ended without an answer.
SELECT timesheet.begin_attempt(d.delivery_id, 'mailgun', '<p>', '.') FROM timesheet.digests AS d;
SELECT is(timesheet.recover_deliveries('mailgun', '0'), 1, 'a provider without keys leaves it in doubt');
SELECT throws_ok($$SELECT timesheet.resend_digest('ann@example.com', '2026-11-16')$$, '55000', NULL,
  '… where it is not sent again');
SELECT throws_ok($$SELECT timesheet.resolve_delivery((SELECT delivery_id FROM timesheet.digests), NULL)$$,
  '55000', NULL, '… nor settled by a null');
SELECT lives_ok($$SELECT timesheet.resolve_delivery((SELECT delivery_id FROM timesheet.digests), false)$$,
  '… until a person says that it was not received');
SELECT timesheet.resend_digest('ann@example.com', '2026-11-16');
SELECT results_eq($$SELECT revision, state FROM timesheet.digests ORDER BY revision$$,
  $$VALUES (1, 'failed'), (2, 'queued')$$, 'then it is sent again, as the next revision');

-- Refusals. Whose fault they are is the daemon's to know; here is what becomes of the deliveries.
SELECT timesheet.store_contacts(json_build_array(
  spec.record(1, json_build_object('Email', 'ann@example.com', 'Groups', spec.guid('group', 2))),
  spec.record(3, json_build_object('Email', 'cat@example.com', 'Groups', spec.guid('group', 1))),
  spec.record(4, json_build_object('Email', 'dan@example.com', 'Groups', spec.guid('group', 1)))), 'Email', 'Groups',
  true);
SELECT timesheet.resend_digest('cat@example.com', '2026-11-16');
SELECT timesheet.resend_digest('dan@example.com', '2026-11-16');
CREATE FUNCTION spec.delivery(to_email text) RETURNS bigint LANGUAGE sql AS $$
  SELECT delivery_id FROM timesheet.digests WHERE email = to_email AND state IN ('queued', 'sending')
$$;
CREATE FUNCTION spec.next(VARIADIC returned bigint[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT n.email FROM timesheet.next_delivery(returned) AS n
$$;
SELECT is(spec.next(), 'ann@example.com', 'what was queued first is sent first');
SELECT timesheet.begin_attempt(spec.delivery('ann@example.com'), 'resend', '<p>', '.');
SELECT is(timesheet.return_delivery(spec.delivery('ann@example.com'), 'no'), true, 'a refusal returns it to the queue');
SELECT results_eq($$SELECT state, attempts, first_attempt_at, last_attempt_at IS NOT NULL, error
  FROM timesheet.digest_deliveries WHERE delivery_id = spec.delivery('ann@example.com')$$,
  $$VALUES ('queued', 0, NULL::timestamptz, true, 'no')$$, '… and the attempt does not count');
SELECT is(timesheet.return_delivery(spec.delivery('ann@example.com'), 'no'), false, '… which it does once');
SELECT is(spec.next(), 'cat@example.com', 'what was not tried yet comes before it');
SELECT is(spec.next(spec.delivery('cat@example.com'), spec.delivery('dan@example.com')), 'ann@example.com',
  '… and it before what was returned in this pass');
SELECT is(timesheet.next_attempt_at(ARRAY(SELECT delivery_id FROM timesheet.digests WHERE state = 'queued')), NULL,
  'when all were returned in this pass, none is due in it');
SELECT timesheet.begin_attempt(spec.delivery('cat@example.com'), 'resend', '<p>', '.');
SELECT timesheet.end_attempt(spec.delivery('cat@example.com'), 'queued', NULL, 'no answer', '0', true);
SELECT timesheet.begin_attempt(spec.delivery('cat@example.com'), 'resend', '<p>', '.');
SELECT timesheet.return_delivery(spec.delivery('cat@example.com'), 'no', '1 hour');
SELECT results_eq($$SELECT attempts, first_attempt_at IS NOT NULL, next_attempt_at > clock_timestamp()
  FROM timesheet.digest_deliveries WHERE delivery_id = spec.delivery('cat@example.com')$$, $$VALUES (1, true, true)$$,
  'an earlier attempt goes on counting, and a pause is kept');
SELECT is(timesheet.fail_returned_deliveries(ARRAY[spec.delivery('ann@example.com'), spec.delivery('cat@example.com'),
  0], 'correct it'), ROW(1, 1),
  'when another was accepted, they failed alone, or are in doubt after an unclear attempt');
SELECT results_eq($$SELECT email, state, attempts, error FROM timesheet.digests
  WHERE week = '2026-11-16' AND (email, revision) IN (('ann@example.com', 2), ('cat@example.com', 1)) ORDER BY email$$,
  $$VALUES ('ann@example.com', 'failed', 1, 'no; correct it'), ('cat@example.com', 'in_doubt', 2, 'no; correct it')$$,
  '… and say why');

-- The alert of it is one, and the next e-mail that is accepted resolves it.
SELECT timesheet.update_sender_alert('check MAIL_FROM');
SELECT timesheet.update_sender_alert('check MAIL_REPLY_TO');
SELECT results_eq($$SELECT subject, detail, resolved_at IS NULL FROM timesheet.alerts WHERE kind = 'sender_refused'$$,
  $$VALUES ('', 'check MAIL_REPLY_TO; the digests wait in the queue, and each is sent once this is corrected', true)$$,
  'what the sender has to correct is one alert, with the latest answer');
SELECT timesheet.begin_attempt(spec.delivery('dan@example.com'), 'resend', '<p>', '.');
SELECT timesheet.end_attempt(spec.delivery('dan@example.com'), 'failed', NULL, 'no such address');
SELECT is((SELECT resolved_at FROM timesheet.alerts WHERE kind = 'sender_refused'), NULL,
  'an e-mail that failed does not resolve it');
SELECT timesheet.resend_digest('dan@example.com', '2026-11-16');
SELECT timesheet.begin_attempt(spec.delivery('dan@example.com'), 'resend', '<p>', '.');
SELECT timesheet.end_attempt(spec.delivery('dan@example.com'), 'sent', 're-1', NULL);
SELECT isnt((SELECT resolved_at FROM timesheet.alerts WHERE kind = 'sender_refused'), NULL,
  '… but one that was accepted does');

SELECT * FROM finish();
ROLLBACK;
