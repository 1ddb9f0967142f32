-- Each kind of alert that follows from what is stored: raised by its cause, kept up to date, over when the cause is.
\ir setup.sql
SELECT no_plan();

-- The alerts that are open after the minute's job, of all kinds or of one: "kind subject: detail".
CREATE FUNCTION spec.open_alerts(of_kind text DEFAULT NULL) RETURNS text[] LANGUAGE sql AS $$
  SELECT timesheet.update_alerts();
  SELECT coalesce(array_agg(concat_ws(' ', a.kind, nullif(a.subject, '')) ORDER BY a.kind, a.subject), '{}')
  FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL AND a.kind = coalesce(of_kind, a.kind)
$$;
CREATE FUNCTION spec.detail(of_kind text, about text DEFAULT '') RETURNS text LANGUAGE sql AS $$
  SELECT a.detail FROM timesheet.alerts AS a WHERE a.kind = of_kind AND a.subject = about AND a.resolved_at IS NULL
$$;
CREATE FUNCTION spec.run(command text, status text, ago interval DEFAULT '0', error text DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, error)
  SELECT command, (now() - ago)::date - 3, (now() - ago)::date + 1, status, now() - ago,
    CASE WHEN status <> 'running' THEN now() - ago END, error
$$;
-- What the transaction has written so far, in rows.
CREATE FUNCTION spec.writes() RETURNS bigint LANGUAGE sql AS $$
  SELECT sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::bigint FROM pg_stat_xact_user_tables AS s
  WHERE s.schemaname = 'timesheet'
$$;

SELECT is(open_alerts(), '{}', 'a new database has none');

-- Each kind has a text
SELECT is((SELECT count(*) FROM unnest(ARRAY['stale_feed', 'failing_runs', 'deletions_held', 'audit_differs',
    'digest_overdue', 'digest_failed', 'digest_in_doubt', 'entries_rejected', 'contact_problems', 'sender_refused',
    'poller_unreachable', 'notification_failed']) AS k (kind)
  CROSS JOIN LATERAL timesheet.alert_texts(k.kind) AS t
  WHERE t.title ~ '^[A-Z][A-Za-z -]+$' AND length(t.title) <= 40 AND t.meaning ~ '[.]$' AND t.remedy ~ '[.]$'
    AND t.meaning ~* 'hours' AND t.ended ~* 'hours' AND t.ended ~ '[.]$'), 12::bigint,
  'each kind has a title, what it means for the hours and what to do, and what its end means');
SELECT is((SELECT t.title FROM timesheet.alert_texts('unheard_of') AS t), NULL, 'another kind has none');
SELECT is((SELECT array_agg(c.kind ORDER BY c.kind) FROM pg_constraint AS k
    CROSS JOIN regexp_matches(pg_get_constraintdef(k.oid), '''([a-z_]+)''::text', 'g') AS m (part)
    CROSS JOIN LATERAL (SELECT m.part[1]) AS c (kind)
    WHERE k.conname = 'alert_kind_must_be_known' AND (timesheet.alert_texts(c.kind)).title IS NULL), NULL,
  'no kind that an alert can have is without a text');

-- stale_feed
SAVEPOINT new_installation;
SELECT run('sync', 'failed', '0', 'Jibble answered 401');
SELECT is(open_alerts(), '{}', 'that the first read of a new database has failed is no alert yet');
UPDATE timesheet.schema_migrations SET applied_at = now() - interval '61 minutes';
SELECT is(open_alerts(), '{stale_feed}', 'an hour later it is');
ROLLBACK TO new_installation;
SELECT run('sync', 'succeeded', '2 hours');
SELECT is(open_alerts(), '{stale_feed}', 'a feed that is older than an hour is stale');
SELECT writes() AS before \gset
SELECT is(open_alerts(), '{stale_feed}', 'asked again');
SELECT is(writes(), :before::bigint, '… nothing is written');
SELECT run('sync', 'succeeded');
SELECT is(open_alerts(), '{}', 'the next read ends it');

-- failing_runs
SELECT run('sync', 'failed', error => 'one'), run('sync', 'failed', error => 'two');
SELECT is(open_alerts('failing_runs'), '{}', 'two that failed are no alert');
SELECT run('nightly', 'failed'), run('sync', 'running');
SELECT is(open_alerts('failing_runs'), '{}', 'nor with one of another command, or one that is running');
SELECT run('sync', 'failed', error => 'Jibble answered 401');
SELECT is(open_alerts('failing_runs'), '{failing_runs sync}', 'three are');
SELECT matches(detail('failing_runs', 'sync'),
  '^sync failed 3 times in a row since .* [(]UTC[)]; the last time on .*: Jibble answered 401$', 'with the last error');
SELECT run('sync', 'failed', error => 'Jibble answered 403');
SELECT is(open_alerts('failing_runs'), '{failing_runs sync}', 'a fourth changes');
SELECT matches(detail('failing_runs', 'sync'), '^sync failed 4 times .*: Jibble answered 403$', '… the detail alone');
SELECT run('sync', 'cut');
SELECT is(open_alerts('failing_runs'), '{}', 'one that is cut by its time limit ends it');
SELECT run('nightly', 'failed'), run('nightly', 'failed'), run('backfill', 'failed'), run('backfill', 'failed'),
  run('backfill', 'failed');
SELECT is(open_alerts('failing_runs'), '{failing_runs backfill,failing_runs nightly}', 'each command has its own');
SELECT run('backfill', 'succeeded');
SELECT is(open_alerts('failing_runs'), '{failing_runs nightly}', 'and ends it alone');
SELECT run('backfill', 'failed') FROM generate_series(1, 3);
UPDATE timesheet.ingest_runs SET finished_at = finished_at - interval '49 hours' WHERE command <> 'sync';
SELECT is(open_alerts('failing_runs'), '{failing_runs nightly}',
  'what was not tried for two days is over, but for sync and nightly');
SELECT matches(timesheet.given_up_text('failing_runs', '{backfill}'), '^backfill was not tried any more for 48 hours',
  'of which a message says that it was not tried, not that it works');
SELECT is(timesheet.given_up_text('failing_runs', '{sync,nightly}'), NULL, 'not so of others');
SELECT is(timesheet.given_up_text('digest_failed', '{backfill}'), NULL, 'nor of another kind');
SELECT is(timesheet.notification_content('failing_runs', '{}', ARRAY(SELECT a.alert_id FROM timesheet.alerts AS a
    WHERE a.kind = 'failing_runs' AND a.subject = 'backfill')) ->> 'meaning',
  timesheet.given_up_text('failing_runs', '{backfill}'), 'it is in the message');
SELECT run('nightly', 'cut');
SELECT is(open_alerts('failing_runs'), '{}', 'which end with one that was cut or worked');
SELECT run('sync', 'failed', error => NULL) FROM generate_series(1, 150);
SELECT matches((open_alerts('failing_runs'))[1] || ': ' || detail('failing_runs', 'sync'),
  '^failing_runs sync: sync failed at least 100 times in a row; the last time on .*: it says no reason$',
  'a hundred and more are not counted');
SELECT run('sync', 'succeeded');
SELECT is(open_alerts(), '{}', 'and end with the first that works');

-- Passes without a row in the run log
SELECT timesheet.record_pass('contacts', 'Airtable answered 401'), timesheet.record_pass('contacts', 'x'),
  timesheet.record_pass('digests', 'y');
SELECT is(open_alerts(), '{}', 'two passes that failed are no alert');
SELECT timesheet.record_pass('contacts', E'Airtable\nanswered \u202E403');
SELECT is(open_alerts(), '{failing_runs contacts}', 'three are');
SELECT matches(detail('failing_runs', 'contacts'), ': Airtable answered 403$', 'with the last error, on one line');
SELECT timesheet.record_pass('contacts', NULL);
SELECT is(open_alerts(), '{}', 'one that worked ends it');
SELECT timesheet.record_pass('contacts', 'x');
SELECT is((SELECT p.failures FROM timesheet.pass_failures AS p WHERE p.command = 'contacts'), 1, 'and counts from one');
SELECT timesheet.record_pass('contacts');
SELECT writes() AS before \gset
SELECT timesheet.record_pass('contacts', NULL);
SELECT is(writes(), :before::bigint, 'a pass that works within the minute writes nothing');
SELECT timesheet.record_pass('audit', 'x') FROM generate_series(1, 3);
SELECT is(open_alerts(), '{failing_runs audit}', 'an audit');
UPDATE timesheet.pass_failures SET last_at = last_at - interval '49 hours';
SELECT is(open_alerts(), '{}', 'not tried for two days');

-- entries_rejected
SELECT feed('TimeEntries', '{"id": "00000000-0000-4000-8000-0000000000ff", "time": "never", "note": "private"}');
SELECT is(open_alerts(), '{entries_rejected}', 'an entry that could not be read');
SELECT is(detail('entries_rejected'), '1 object of Jibble''s could not be read; timesheet.ingest_problems says why',
  'is counted, and nothing of it is quoted');
SELECT feed('TimeEntries', (event(3, 1, '2026-03-02 09:00', 'In')::jsonb
  || '{"id": "00000000-0000-4000-8000-0000000000ff"}')::text);
SELECT is(open_alerts(), '{}', 'once it is corrected, it is over');

-- contact_problems
INSERT INTO timesheet.contact_problems (record_id, value, problem) VALUES ('rec1', 'x', 'y'), ('rec2', 'x', 'y');
SELECT is(open_alerts(), '{contact_problems}', 'a list with something wrong');
UPDATE timesheet.contact_problems SET noticed_at = now() - interval '99 hours';
SELECT is(open_alerts(), '{}', 'as it was before the first run that succeeded, it is none yet: no group was known');
UPDATE timesheet.contact_problems SET noticed_at = now();
SELECT is(open_alerts(), '{contact_problems}', 'read again, it is');
SELECT matches(detail('contact_problems'), '^2 problems ', 'is counted');
DELETE FROM timesheet.contact_problems WHERE record_id = 'rec1';
SELECT is(open_alerts(), '{contact_problems}', 'less');
SELECT matches(detail('contact_problems'), '^1 problem ', 'is kept up to date');
DELETE FROM timesheet.contact_problems;
SELECT is(open_alerts(), '{}', 'none is over');

-- Digests
SELECT feed('Groups', format('{"id": "%s", "name": "Acme", "status": "Active"}', guid('group', 1)));
SELECT feed('People', person(1, client_group => guid('group', 1)));
SELECT feed('TimeEntries', event(1, 1, (now() AT TIME ZONE 'UTC')::date - 8 + time '09:00', 'In'),
  event(2, 1, (now() AT TIME ZONE 'UTC')::date - 8 + time '17:00', 'Out'));
INSERT INTO timesheet.contacts (email) VALUES ('ann@acme.example'), ('bob@acme.example');
INSERT INTO timesheet.contact_client_groups (contact_id, client_group_id)
SELECT c.contact_id, g.client_group_id FROM timesheet.contacts AS c, timesheet.client_groups AS g;
UPDATE timesheet.settings SET digest_grace = '0', digest_time = '00:00';
-- The week that is due, or will be within days, is made overdue by what its contacts were subscribed since.
CREATE FUNCTION spec.due() RETURNS date LANGUAGE sql AS $$
  SELECT min(w.week) FROM timesheet.digest_weeks AS w WHERE w.due_at <= now()
$$;
SELECT is(open_alerts(), '{}', 'a contact that was listed just now has no digest overdue');
UPDATE timesheet.contacts SET subscribed_since = now() - interval '14 days';
SELECT is(open_alerts('digest_overdue') @> ARRAY['digest_overdue week ' || due()], true,
  'a digest that is due for an hour and not queued, once for each week');
SELECT is(cardinality(open_alerts('digest_overdue')), (SELECT count(DISTINCT w.week) FROM timesheet.digest_weeks AS w
  WHERE w.due_at <= now() - interval '1 hour')::int, 'and of no other week');
SELECT matches(detail('digest_overdue', 'week ' || due()),
  '^the digests of the week .* for 2 contacts have been due since .* [(]UTC[)] and not sent: ',
  'says how many, and why');
SELECT ok(strpos(detail('digest_overdue', 'week ' || due()), '@') = 0, 'without an address');
UPDATE timesheet.contacts SET missing_since = now() WHERE email = 'bob@acme.example';
SELECT matches((open_alerts('digest_overdue'))[1] || detail('digest_overdue', 'week ' || due()),
  'the digest of the week .* has been due since', 'a contact that is held back is not counted');
UPDATE timesheet.contacts SET unsubscribed_at = now() WHERE email = 'ann@acme.example';
SELECT is(open_alerts('digest_overdue'), '{}', 'nor one that has unsubscribed');
UPDATE timesheet.contacts SET missing_since = NULL, unsubscribed_at = NULL;
SELECT isnt(open_alerts('digest_overdue'), '{}', 'overdue again');
SELECT timesheet.snapshot_digest(w.contact_id, w.week) FROM timesheet.digest_weeks AS w WHERE w.due_at <= now();
SELECT is(open_alerts('digest_overdue'), '{}', 'once they are queued, it is over');
UPDATE timesheet.digest_deliveries SET created_at = now() - interval '61 minutes';
SELECT is(cardinality(open_alerts('digest_overdue')),
  (SELECT count(DISTINCT d.week) FROM timesheet.digest_deliveries AS d)::int,
  'but not where they wait in the queue for an hour');
SELECT matches(detail('digest_overdue', (SELECT 'week ' || min(d.week) FROM timesheet.digest_deliveries AS d)),
  '^the digest of the week .* 20[0-9]{2} has been due since .* [(]UTC[)] and not sent: in the queue, and '
  'timesheetd digest send does not seem to run$', 'as no process sends');
UPDATE timesheet.digest_deliveries SET error = 'resend answered 503', state = 'sending';
SELECT matches((open_alerts('digest_overdue'))[1] || detail('digest_overdue', (SELECT 'week ' || min(d.week)
  FROM timesheet.digest_deliveries AS d)), ' and not sent: in the queue; resend answered 503$',
  'or the provider is away');
SELECT timesheet.update_sender_alert('key refused');
SELECT is(open_alerts(), '{sender_refused}', 'while the sender is refused, that is the alert');
SELECT timesheet.update_sender_alert(NULL);
UPDATE timesheet.contacts SET missing_since = now();
SELECT is(open_alerts(), '{}', 'nor is it one of contacts that are held back');
UPDATE timesheet.contacts SET missing_since = NULL;
UPDATE timesheet.digest_deliveries SET error = NULL, state = 'queued', created_at = now();
SELECT is(open_alerts(), '{}', 'nor of what was queued just now');

CREATE FUNCTION spec.delivery(address text) RETURNS bigint LANGUAGE sql AS $$
  SELECT max(d.delivery_id) FROM timesheet.digest_deliveries AS d WHERE d.email = address
$$;
CREATE FUNCTION spec.ends(address text, outcome text, why text) RETURNS void LANGUAGE sql AS $$
  SELECT timesheet.begin_attempt(delivery(address), 'mailgun', '<p>', 'p');
  SELECT timesheet.end_attempt(delivery(address), outcome, NULL, why)
$$;
SELECT ends('ann@acme.example', 'failed', 'no such mailbox'), ends('bob@acme.example', 'in_doubt', 'no answer');
SELECT is(open_alerts(), ARRAY['digest_failed digest ' || delivery('ann@acme.example'),
  'digest_in_doubt digest ' || delivery('bob@acme.example')], 'each delivery that needs a person is an alert');
SELECT matches(detail('digest_failed', 'digest ' || delivery('ann@acme.example')),
  '^the digest to ann@acme[.]example of the week .* 20[0-9]{2} failed: no such mailbox$', 'with the reason');
SELECT matches(detail('digest_in_doubt', 'digest ' || delivery('bob@acme.example')),
  '^the digest to bob@acme[.]example of the week .* may have been sent or not: no answer$', 'and what is in doubt');
SELECT is((SELECT h.failed || ' ' || h.in_doubt FROM timesheet.digest_health AS h), '1 1', 'as they are counted');
SELECT writes() AS before \gset
SELECT cardinality(open_alerts());
SELECT is(writes(), :before::bigint, 'asked again, nothing is written');
SELECT timesheet.resolve_delivery(delivery('bob@acme.example'), true);
SELECT is(open_alerts(), ARRAY['digest_failed digest ' || delivery('ann@acme.example')],
  'one that a person resolved is over');
UPDATE timesheet.contacts SET unsubscribed_at = now() WHERE email = 'ann@acme.example';
SELECT is(open_alerts(), '{}', 'a failure of one who has unsubscribed needs no person');
UPDATE timesheet.contacts SET unsubscribed_at = NULL;
SELECT cardinality(open_alerts());
INSERT INTO timesheet.digest_deliveries (contact_id, week, revision, email, content, through_raw_event, state)
SELECT d.contact_id, d.week, 2, d.email, d.content, d.through_raw_event, 'queued' FROM timesheet.digest_deliveries AS d
WHERE d.delivery_id = delivery('ann@acme.example');
SELECT is(open_alerts(), '{}', 'nor one that was sent again');
UPDATE timesheet.digest_deliveries SET state = 'sent';
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, state)
VALUES ('preview', 'ann@agency.example', 'x', '{}', 'failed'), ('portal_link', 'ann@acme.example', 'x', '{}', 'failed');
SELECT is(open_alerts(), '{}', 'a preview or a link to the portal that failed is none');

-- notification_failed
INSERT INTO timesheet.notification_ways (way, failures, failing_since, last_error, is_refused, is_configured) VALUES
  ('webhook', 2, now() - interval '1 hour', 'answered 500', false, true),
  ('email a@example.com', 3, now() - interval '6 minutes', 'no answer', false, true),
  ('email d@example.com', 30, now() - interval '4 minutes', 'no answer', false, true),
  ('email b@example.com', 1, now(), 'no mailbox', true, true), ('email c@example.com', 9, now(), 'x', true, false);
SELECT is(open_alerts(), '{notification_failed email a@example.com,notification_failed email b@example.com}',
  'a way that failed three times in a row and for five minutes, or was refused, while it is configured');
UPDATE timesheet.notification_ways SET failures = 0, is_refused = false;
SELECT is(open_alerts(), '{}', 'over when it works');

-- One part that fails keeps no other alert from being raised.
CREATE FUNCTION spec.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
CREATE TRIGGER broken BEFORE INSERT ON timesheet.alerts FOR EACH ROW WHEN (NEW.kind = 'stale_feed')
  EXECUTE FUNCTION spec.broken();
UPDATE timesheet.ingest_runs SET started_at = started_at - interval '3 hours';
INSERT INTO timesheet.contact_problems (problem) VALUES ('x');
SET LOCAL client_min_messages = error;
SELECT is(open_alerts(), '{contact_problems}', 'a part that fails is a warning');
DROP TRIGGER broken ON timesheet.alerts;
SELECT is(open_alerts(), '{contact_problems,stale_feed}', 'and made up for');

SELECT * FROM finish();
ROLLBACK;
