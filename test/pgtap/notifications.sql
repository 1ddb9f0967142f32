-- Messages about alerts: to whom, when, once, and what they say. Times lie in the past by moving what is stored.
\ir setup.sql
SELECT no_plan();
UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila';

-- All is as if it had been stored so much earlier.
CREATE FUNCTION spec.later(passed interval) RETURNS void LANGUAGE sql AS $$
  UPDATE timesheet.alerts SET since = since - passed, resolved_at = resolved_at - passed;
  UPDATE timesheet.notification_ways SET configured_since = configured_since - passed,
    last_seen_at = last_seen_at - passed, failing_since = failing_since - passed;
  UPDATE timesheet.webhook_messages SET created_at = created_at - passed, sent_at = sent_at - passed,
    next_attempt_at = next_attempt_at - passed;
  UPDATE timesheet.outbox_messages SET created_at = created_at - passed, sent_at = sent_at - passed,
    next_attempt_at = next_attempt_at - passed;
$$;
-- The pass of a daemon with one address and a webhook, or others; how many messages are queued.
CREATE FUNCTION spec.queue(addresses text[] DEFAULT '{ann@example.com}', has_webhook boolean DEFAULT true) RETURNS int
LANGUAGE sql AS $$ SELECT timesheet.queue_notifications(addresses, has_webhook, 'https://hours.example.com/') $$;
-- Everything that waits is accepted.
CREATE FUNCTION spec.send() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  email record;
  message record;
  n int := 0;
BEGIN
  LOOP
    SELECT * INTO message FROM timesheet.next_webhook_message();
    EXIT WHEN message.webhook_message_id IS NULL;
    PERFORM timesheet.begin_webhook_message(message.webhook_message_id),
      timesheet.end_webhook_message(message.webhook_message_id, true, false, NULL);
    n := n + 1;
  END LOOP;
  LOOP
    SELECT * INTO email FROM timesheet.next_delivery(only_notifications => true);
    EXIT WHEN email.delivery_id IS NULL;
    PERFORM timesheet.begin_attempt(email.delivery_id, 'resend', '<p>', 'p'),
      timesheet.end_attempt(email.delivery_id, 'sent', 'id', NULL);
    n := n + 1;
  END LOOP;
  RETURN n;
END
$$;
-- The subjects of e-mails to an address, the last one first; of messages to the webhook the first lines.
CREATE FUNCTION spec.emails(address text DEFAULT 'ann@example.com') RETURNS text[] LANGUAGE sql AS $$
  SELECT coalesce(array_agg(m.subject ORDER BY m.delivery_id DESC), '{}') FROM timesheet.outbox_messages AS m
  WHERE m.recipient = address AND m.kind = 'alert'
$$;
CREATE FUNCTION spec.posts() RETURNS text[] LANGUAGE sql AS $$
  SELECT coalesce(array_agg(split_part(m.body, E'\n', 1) ORDER BY m.webhook_message_id DESC), '{}')
  FROM timesheet.webhook_messages AS m
$$;
-- When, as the last e-mail and the last post say it, line by line, without the date of the day.
CREATE FUNCTION spec.at(given timestamptz, format text DEFAULT 'HH24:MI') RETURNS text LANGUAGE sql AS $$
  SELECT to_char(given AT TIME ZONE 'Asia/Manila', format)
$$;
CREATE FUNCTION spec.last_content() RETURNS jsonb LANGUAGE sql AS $$
  SELECT m.content FROM timesheet.outbox_messages AS m WHERE m.kind = 'alert' ORDER BY m.delivery_id DESC LIMIT 1
$$;
CREATE FUNCTION spec.last_post() RETURNS text LANGUAGE sql AS $$
  SELECT m.body FROM timesheet.webhook_messages AS m ORDER BY m.webhook_message_id DESC LIMIT 1
$$;
CREATE FUNCTION spec.id(of_kind text, about text DEFAULT '') RETURNS bigint LANGUAGE sql AS $$
  SELECT max(a.alert_id) FROM timesheet.alerts AS a WHERE a.kind = of_kind AND a.subject = about
$$;

-- Nothing to report
SELECT is(queue(), 0, 'without an alert there is no message');
SELECT results_eq('SELECT way, is_configured, failures FROM timesheet.notification_ways ORDER BY way',
  $$VALUES ('email ann@example.com', true, 0), ('webhook', true, 0)$$, 'the ways are known');
SELECT is(timesheet.queue_notifications('{Ann@Example.com,ann@example.com,""}', true, NULL), 0,
  'an address given twice, in other letters, is one');
SELECT is((SELECT count(*) FROM timesheet.notification_ways), 2::bigint, '… and no other way');
SELECT is(timesheet.queue_notifications(NULL, NULL, NULL), 0, 'no way at all is no error');
CREATE FUNCTION spec.ways() RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM timesheet.notification_ways WHERE is_configured
$$;
SELECT is(ways(), 2::bigint, '… and takes none away that another pass has');
SELECT later('23 hours'), queue('{ann@example.com}'), later('23 hours'), queue('{}', false);
SELECT is(ways(), 2::bigint, 'for a day after the last one that had any');
SELECT later('2 hours'), queue('{}', false);
SELECT is(ways(), 0::bigint, 'and then they are gone');
SELECT queue();

-- A beginning and an end, once by each way
SELECT timesheet.raise_alert('stale_feed', '', '<b>last</b> read: long ago & secret-token');
SELECT is(queue(), 2, 'what began is queued by each way');
SELECT is(queue(), 0, '… once, also while it waits');
SELECT is(emails() || posts(), '{Problem: Data from Jibble is out of date,Problem: Data from Jibble is out of date}',
  'both say what');
SELECT is((SELECT concat_ws(' ', n.kind, n.email, n.subject, n.unsubscribe_token)
    FROM timesheet.next_delivery(only_notifications => true) AS n),
  'alert ann@example.com Problem: Data from Jibble is out of date', 'the e-mail is the next to send');
SELECT is(send(), 2, 'they are sent');
SELECT is(queue(), 0, 'and not queued again');
SELECT results_eq('SELECT way, event, state FROM timesheet.alert_messages ORDER BY way',
  $$VALUES ('email ann@example.com', 'began', 'sent'), ('webhook', 'began', 'sent')$$, 'who was informed is known');
SELECT timesheet.resolve_alert('stale_feed', '');
SELECT is(queue(), 0, 'an end within the hour waits');
SELECT later('61 minutes');
SELECT is(queue(), 2, '… until the hour is over');
SELECT is(emails(), '{Over: Data from Jibble is out of date,Problem: Data from Jibble is out of date}',
  'it says that it is over');
SELECT is(last_content() - 'alerts' - 'preheader', jsonb_build_object(
    'subject', 'Over: Data from Jibble is out of date', 'title', 'Data from Jibble is out of date', 'is_over', true,
    'zone', 'Asia/Manila', 'has_more', false, 'more', 0,
    'meaning', (timesheet.alert_texts('stale_feed')).ended, 'remedy', ''), 'and what that means');
SELECT matches(last_content() ->> 'preheader', 'Jibble is read again', 'also before it is opened');
SELECT matches(last_post(), E'^Over: .*\nLast read: never\nWhat it means: Jibble is read again, .*\nhttps://',
  'a post says it too, and of this kind when Jibble was last read');
SELECT send(), later('2 hours');
SELECT is(queue(), 0, 'then there is no more to report');
SELECT is((SELECT count(*) FROM timesheet.alert_notifications), 4::bigint, 'one begin and one end by each way');

-- What a message says
SELECT timesheet.raise_alert('failing_runs', 'sync', E'sync failed: <script>\u202E "Bluefin" & Ann\nsecond line');
UPDATE timesheet.alerts SET since = now() - interval '30 hours' WHERE kind = 'failing_runs';
SELECT queue();
SELECT is(last_content(), jsonb_build_object('subject', 'Problem: Runs of timesheetd keep failing',
    'title', t.title, 'is_over', false, 'zone', 'Asia/Manila', 'has_more', false, 'more', 0,
    'preheader', 'began ' || w.at || ' (Asia/Manila). ' || t.meaning, 'meaning', t.meaning, 'remedy', t.remedy,
    'alerts', jsonb_build_array(jsonb_build_object('id', id('failing_runs', 'sync')::text,
      'what', 'sync failed: <script> "Bluefin" & Ann second line', 'since', w.at || ' (Asia/Manila)', 'ended', NULL,
      'is_over', false, 'when', 'began ' || w.at || ' (Asia/Manila)'))),
  'an e-mail: what, since when, what it means and what to do')
FROM timesheet.alert_texts('failing_runs') AS t, at(now() - interval '30 hours', 'Dy FMDD Mon YYYY, HH24:MI') AS w (at);
SELECT is(last_post(), format(E'Problem: %s\nsync: began %s (Asia/Manila)\nWhat it means: %s\nWhat to do: %s\n'
    'https://hours.example.com/health\nalert %s', t.title, w.at, t.meaning, t.remedy, id('failing_runs', 'sync')),
  'a post has the same, the dashboard''s address and the id, and nothing of the detail')
FROM timesheet.alert_texts('failing_runs') AS t, at(now() - interval '30 hours', 'Dy FMDD Mon YYYY, HH24:MI') AS w (at);
SELECT send();
SELECT timesheet.raise_alert('audit_differs', 'week 2026-11-16', 'Ann Smith differs'),
  timesheet.raise_alert('deletions_held', 'agent 12', 'Jibble no longer shows 3 entries of Ann Smith');
SELECT queue();
SELECT ok((SELECT bool_and(m.body !~ 'Ann|Smith|agent 12|deletions_held') FROM timesheet.webhook_messages AS m),
  'a post names no person, of whatever kind');
SELECT matches((SELECT m.body FROM timesheet.webhook_messages AS m WHERE m.kind = 'audit_differs'),
  E'\nweek of Mon 16 Nov 2026: began ', 'a week is named as people name it');
SELECT is((SELECT m.agent_ids FROM timesheet.outbox_messages AS m WHERE m.alert_kind = 'deletions_held'), '{12}',
  'an e-mail knows the agent whom it names, to be erased');
SELECT send(), later('2 hours');
SELECT timesheet.resolve_alert(a.kind, a.subject) FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL;
SELECT queue(), send(), later('3 hours');

-- Gathered: what begins and ends within the pause
SELECT timesheet.raise_alert('sender_refused', '', 'first');
SELECT is(queue(), 2, 'the first one is reported at once');
SELECT send();
SELECT timesheet.resolve_alert('sender_refused', ''), timesheet.raise_alert('sender_refused', '', 'second'),
  timesheet.resolve_alert('sender_refused', ''), timesheet.raise_alert('sender_refused', '', 'third'),
  timesheet.resolve_alert('sender_refused', '');
WITH placed AS (SELECT a.alert_id, row_number() OVER (ORDER BY a.alert_id) AS n FROM timesheet.alerts AS a
  WHERE a.kind = 'sender_refused')
UPDATE timesheet.alerts AS a SET since = now() - interval '40 minutes' + p.n * interval '10 minutes',
  resolved_at = now() - interval '35 minutes' + p.n * interval '10 minutes'
FROM placed AS p WHERE p.alert_id = a.alert_id;
SELECT is(queue(), 0, 'what flaps within the hour waits');
SELECT later('61 minutes');
SELECT is(queue(), 2, 'and is one message');
SELECT is((emails())[1], 'Problem, over: E-mail sender refused', 'which says that it began and ended');
SELECT is((SELECT jsonb_agg(l.line ->> 'when') FROM jsonb_array_elements(last_content() -> 'alerts') AS l (line))
    #>> '{0}',
  format('3 times between %s and %s, over since %s (Asia/Manila)', at(b.began, 'Dy FMDD Mon YYYY, HH24:MI'),
    at(b.ended, CASE WHEN at(b.ended, 'DDD') = at(b.began, 'DDD') THEN 'HH24:MI' ELSE 'Dy FMDD Mon YYYY, HH24:MI' END),
    at(b.ended)), 'in one line')
FROM (SELECT now() - interval '91 minutes', now() - interval '66 minutes') AS b (began, ended);
SELECT is(last_content() #>> '{alerts,0,what}', 'third', 'with the last detail');
SELECT is((SELECT count(*) FROM timesheet.alert_notifications AS n JOIN timesheet.alerts AS a USING (alert_id)
  WHERE a.kind = 'sender_refused'), 12::bigint, 'each beginning and end is recorded, of each way');
SELECT send(), later('2 hours');
SELECT is(queue(), 0, 'and nothing comes after it');

-- A pass without any way between: what began and ended meanwhile is reported by the next one that has them
SELECT timesheet.raise_alert('sender_refused', '', 'between'), timesheet.resolve_alert('sender_refused', '');
UPDATE timesheet.alerts SET since = now() - interval '9 minutes', resolved_at = now() - interval '2 minutes'
WHERE detail = 'between';
SELECT is(queue('{}', false), 0, 'a pass without any way reports nothing');
SELECT is(queue(), 2, 'and loses nothing');
SELECT timesheet.begin_webhook_message((SELECT webhook_message_id FROM timesheet.next_webhook_message())),
  queue('{}', false);
SELECT is((SELECT array_agg(m.state) FROM timesheet.webhook_messages AS m WHERE m.state IN ('queued', 'sending')),
  '{sending}', 'nor does it take from another what that is just sending');
UPDATE timesheet.webhook_messages SET state = 'queued' WHERE state = 'sending';
SELECT send(), later('2 hours');

-- Resolved after it was read: as it was then
SELECT timesheet.raise_alert('sender_refused', '', 'x'), timesheet.resolve_alert('sender_refused', '');
SELECT is(concat_ws(' ', c.content ->> 'subject', c.content #>> '{alerts,0,ended}', c.content #> '{alerts,0,is_over}'),
  'Problem: E-mail sender refused false', 'one that was open when it was read is open in the message')
FROM timesheet.notification_content('sender_refused', ARRAY[id('sender_refused')], '{}') AS c (content);
SELECT queue(), send(), later('2 hours');

-- One that begins and ends before it was reported at all
SELECT timesheet.raise_alert('sender_refused', '', 'short'), timesheet.resolve_alert('sender_refused', '');
UPDATE timesheet.alerts SET since = now() - interval '9 minutes', resolved_at = now() - interval '2 minutes'
WHERE detail = 'short';
SELECT is(queue(), 2, 'is one message');
SELECT is((emails())[1], 'Problem, over: E-mail sender refused', 'that says both');
SELECT is(last_content() #>> '{alerts,0,when}', timesheet.alert_period_text(now() - interval '9 minutes',
  now() - interval '9 minutes', now() - interval '2 minutes', 1, 'Asia/Manila'), 'and when');
SELECT send(), later('2 hours');

-- One that began again
SELECT timesheet.raise_alert('sender_refused', '', 'again'), timesheet.resolve_alert('sender_refused', ''),
  timesheet.raise_alert('sender_refused', '', 'and again');
SELECT queue();
SELECT is((emails())[1], 'Problem: E-mail sender refused', 'what is open at the end is a problem');
SELECT matches(last_content() #>> '{alerts,0,when}', '^2 times between .*, not over [(]Asia/Manila[)]$',
  'and the line says that it is not over');
SELECT timesheet.resolve_alert('sender_refused', ''), send(), later('2 hours'), queue(), send(), later('2 hours');

-- Over for one subject, and not for another
SELECT timesheet.raise_alert('deletions_held', 'agent ' || n, 'entries') FROM generate_series(1, 3) AS n;
SELECT queue(), send(), later('2 hours');
SELECT timesheet.resolve_alert('deletions_held', 'agent 2');
SELECT queue();
SELECT is(concat_ws(' / ', (emails())[1], last_content() ->> 'meaning', last_content() ->> 'remedy'),
  'Over: Deletions held back / It is over, but 2 others of this kind are still open. / The page Health shows what is '
  'still open.', 'the end of one says how many others are open');
SELECT send(), later('2 hours');
SELECT timesheet.resolve_alert('deletions_held', 'agent 3'), timesheet.raise_alert('deletions_held', 'agent 4', 'new');
SELECT queue();
SELECT is((SELECT jsonb_agg(l.line ->> 'is_over') FROM jsonb_array_elements(last_content() -> 'alerts') AS l (line)),
  '["false", "true"]', 'what is open is first');
SELECT is((emails())[1], 'Problem: Deletions held back', 'and makes it a problem');
SELECT timesheet.resolve_alert(a.kind, a.subject) FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL;
SELECT send(), later('2 hours'), queue(), send(), later('2 hours');

-- A storm
SELECT timesheet.raise_alert('digest_failed', 'digest ' || n, 'failed ' || n) FROM generate_series(1, 1000) AS n;
SELECT is(queue('{ann@example.com,bob@example.com}'), 3, 'a thousand alerts of a kind are one message by each way');
SELECT is(queue('{ann@example.com,bob@example.com}'), 0, '… once');
SELECT is(concat_ws(' ', jsonb_array_length(last_content() -> 'alerts'), last_content() -> 'has_more',
  last_content() ->> 'more'), '20 true 980', 'twenty lines, and how many more');
SELECT matches(last_post(), E'\nand 980 more\n', 'so has a post');
SELECT matches(last_post(), format(E'\nalerts %s(, [0-9]+){19} and 980 more$', id('digest_failed', 'digest 1')),
  'with the first ids');
SELECT cmp_ok(length(last_post()), '<', 3000, 'and it is short');
SELECT is((SELECT count(*) FROM timesheet.alert_notifications AS n JOIN timesheet.alerts AS a USING (alert_id)
  WHERE a.kind = 'digest_failed'), 3000::bigint, 'all are recorded');
SELECT send(), later('2 hours');
SELECT timesheet.resolve_alert(a.kind, a.subject) FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL;
SELECT is(queue('{ann@example.com,bob@example.com}'), 3, 'their ends too');
SELECT is(emails('bob@example.com'), '{Over: Digest failed,Problem: Digest failed}', 'for each address');
SELECT send();
DELETE FROM timesheet.alerts WHERE kind = 'digest_failed'; -- each later step would take longer
SELECT later('2 hours');

-- Acknowledged: silent from then on
SELECT timesheet.raise_alert('poller_unreachable', 'sync', 'no answer');
SELECT timesheet.operate_acknowledge_alert('ann@example.com', id('poller_unreachable', 'sync'));
SELECT is(queue(), 0, 'one that was acknowledged before is not reported');
SELECT results_eq($$SELECT way, event, state, sent_at FROM timesheet.alert_messages
    WHERE alert_id = spec.id('poller_unreachable', 'sync') ORDER BY way$$,
  $$VALUES ('email ann@example.com', 'began', 'skipped', NULL::timestamptz), ('webhook', 'began', 'skipped', NULL)$$,
  'and that is recorded');
SELECT timesheet.resolve_alert('poller_unreachable', 'sync');
SELECT is(queue(), 0, 'nor its end');
SELECT timesheet.raise_alert('poller_unreachable', 'sync', 'no answer');
SELECT is(queue(), 2, 'the next one is');
SELECT send(), timesheet.operate_acknowledge_alert('ann@example.com', id('poller_unreachable', 'sync')),
  timesheet.resolve_alert('poller_unreachable', 'sync'), later('2 hours');
SELECT is(queue(), 0, 'the end of one that was acknowledged after it was reported is not');
SELECT is((SELECT count(*) FROM timesheet.alert_messages AS m WHERE m.event = 'ended' AND m.state = 'skipped'
  AND m.alert_id = id('poller_unreachable', 'sync')), 2::bigint, '… and recorded');

-- A way that comes and goes
SELECT timesheet.raise_alert('stale_feed', '', 'old'), timesheet.raise_alert('entries_rejected', '', '2');
SELECT is(queue(), 4, 'two kinds are two messages');
SELECT send(), later('2 hours'), timesheet.resolve_alert('entries_rejected', '');
SELECT is(queue('{ann@example.com,new@example.com}'), 3, 'a new address');
SELECT is(emails('new@example.com'), '{Problem: Data from Jibble is out of date}', 'hears of what is open');
SELECT is(queue('{ann@example.com}', false), 0, 'a way that is gone');
SELECT results_eq($$SELECT state, error FROM timesheet.outbox_messages WHERE recipient = 'new@example.com'$$,
  $$VALUES ('failed', 'ALERT_EMAILS does not have the address any more')$$, 'gets no e-mail that waited');
SELECT results_eq($$SELECT state, error FROM timesheet.webhook_messages ORDER BY webhook_message_id DESC LIMIT 1$$,
  $$VALUES ('failed', 'ALERT_WEBHOOK_URL is not set any more')$$, 'nor a post');
SELECT timesheet.raise_alert('contact_problems', '', '1'), timesheet.resolve_alert('contact_problems', '');
UPDATE timesheet.alerts SET since = now() - interval '2 minutes', resolved_at = now() - interval '1 minute'
WHERE kind = 'contact_problems';
SELECT is(queue('{ann@example.com,new@example.com}'), 3, 'one that comes back');
SELECT is((emails('new@example.com'))[1] || (posts())[1],
  'Problem: Data from Jibble is out of dateOver: Entries rejected',
  'hears again of what is open and was not sent, and of the end of what it knew');
SELECT is((SELECT count(*) FROM timesheet.webhook_messages AS m WHERE m.kind = 'contact_problems'), 0::bigint,
  'but not of what began and ended meanwhile');
SELECT send(), later('2 hours');
SELECT timesheet.resolve_alert(a.kind, a.subject) FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL;
SELECT queue(), send(), later('2 hours');

-- An outage of more than a day
SELECT timesheet.raise_alert('contact_problems', '', 'a'), timesheet.resolve_alert('contact_problems', ''),
  timesheet.raise_alert('entries_rejected', '', 'b');
SELECT queue(), send(), timesheet.resolve_alert('entries_rejected', '');
SELECT timesheet.raise_alert('digest_failed', 'digest 1', 'c'), timesheet.resolve_alert('digest_failed', 'digest 1');
SELECT later('25 hours');
SELECT is(queue(), 2, 'what ended a day ago and was never reported is left out');
SELECT is((emails())[1], 'Over: Entries rejected', 'but the end of what was reported is');
SELECT send(), later('2 hours');

-- The pause may be as long
UPDATE timesheet.settings SET alert_pause = '24:00';
SELECT timesheet.raise_alert('entries_rejected', '', 'a'), queue(), send(),
  timesheet.resolve_alert('entries_rejected', '');
SELECT timesheet.raise_alert('entries_rejected', '', 'b'), timesheet.resolve_alert('entries_rejected', '');
SELECT later('24 hours 30 minutes');
SELECT is(queue(), 2, 'what began and ended within a pause of a day is reported after it');
SELECT is((SELECT count(*) FROM timesheet.alert_notifications AS n WHERE n.alert_id = id('entries_rejected')),
  4::bigint, 'as begun and ended');
SELECT send(), later('49 hours');

-- The limit is a setting, and a clock that was wrong does not stretch it
UPDATE timesheet.settings SET alert_pause = '00:10';
SELECT timesheet.raise_alert('entries_rejected', '', 'b'), queue(), send(),
  timesheet.resolve_alert('entries_rejected', ''), later('9 minutes');
SELECT is(queue(), 0, 'nine minutes are too few');
SELECT later('2 minutes');
SELECT is(queue(), 2, 'eleven are enough');
SELECT send(), later('1 hour');
SELECT timesheet.raise_alert('entries_rejected', '', 'b'), queue(), send();
UPDATE timesheet.webhook_messages SET created_at = created_at + interval '400 days',
  sent_at = sent_at + interval '400 days';
UPDATE timesheet.outbox_messages SET created_at = created_at + interval '400 days',
  sent_at = sent_at + interval '400 days';
SELECT timesheet.resolve_alert('entries_rejected', '');
SELECT is(queue(), 2, 'a message sent in the far future stops nothing');
UPDATE timesheet.settings SET alert_pause = '01:00';
SELECT send(), later('10000 hours');

-- What cannot be sent
CREATE FUNCTION spec.post(was_sent boolean, is_refused boolean DEFAULT false, wait interval DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$
  SELECT timesheet.begin_webhook_message(m.webhook_message_id)::text FROM timesheet.next_webhook_message() AS m;
  SELECT timesheet.end_webhook_message(m.webhook_message_id, was_sent, is_refused,
    CASE WHEN NOT was_sent THEN 'answered 503' END, wait)
  FROM timesheet.webhook_messages AS m WHERE m.state = 'sending'
$$;
CREATE FUNCTION spec.way(of_way text DEFAULT 'webhook') RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', w.failures, w.failing_since IS NOT NULL, w.last_error, w.is_refused)
  FROM timesheet.notification_ways AS w WHERE w.way = of_way
$$;
SELECT timesheet.raise_alert('audit_differs', 'week 2026-11-16', 'x'), queue();
SELECT is(post(false), 'queued', 'a post that failed is queued again');
SELECT is(way(), '1 t answered 503 f', 'the way knows it');
SELECT is((SELECT webhook_message_id FROM timesheet.next_webhook_message()), NULL, 'it is not due at once');
SELECT is((SELECT m.next_attempt_at - m.last_attempt_at BETWEEN '59 seconds' AND '61 seconds'
  FROM timesheet.webhook_messages AS m WHERE m.state = 'queued'), true, 'but a minute later');
SELECT later('2 minutes'), post(false), later('2 minutes');
SELECT is((SELECT count(*) FROM timesheet.alerts WHERE kind = 'notification_failed'), 0::bigint, 'two are no alert');
SELECT post(false), timesheet.update_alerts();
SELECT is((SELECT count(*) FROM timesheet.notification_failures()), 0::bigint, 'nor are three within five minutes');
SELECT later('2 minutes'), timesheet.update_alerts();
CREATE FUNCTION spec.failing_since(of_way text) RETURNS text LANGUAGE sql AS $$
  SELECT timesheet.office_time_text(w.failing_since) FROM timesheet.notification_ways AS w WHERE w.way = of_way
$$;
SELECT results_eq('SELECT * FROM timesheet.notification_failures()', format($$VALUES ('webhook',
    'messages to the webhook fail since %s: answered 503')$$, failing_since('webhook')),
  'three over five minutes are one');
SELECT is((SELECT m.next_attempt_at - m.last_attempt_at BETWEEN '119 seconds' AND '121 seconds'
  FROM timesheet.webhook_messages AS m WHERE m.state = 'queued'), true, 'the third pause is 4 minutes');
SELECT queue();
SELECT is((emails())[1], 'Problem: Notification failed', 'which is reported by the other way');
SELECT is((SELECT count(*) FROM timesheet.webhook_messages AS m WHERE m.kind = 'notification_failed'), 0::bigint,
  'and not by this one');
SELECT later('5 minutes'), post(false, wait => '3 hours');
SELECT is((SELECT m.next_attempt_at - m.last_attempt_at >= '179 minutes'
  FROM timesheet.webhook_messages AS m WHERE m.state = 'queued'), true, 'a service that asks to wait is waited for');
UPDATE timesheet.webhook_messages SET next_attempt_at = now() + interval '100 days' WHERE state = 'queued';
SELECT isnt((SELECT webhook_message_id FROM timesheet.next_webhook_message()), NULL,
  'but not for days, which a wrong clock may have set');
SELECT is(post(true), 'sent', 'it works');
SELECT is(way(), '0 f f', 'the way is in order');
SELECT timesheet.update_alerts(), send(), later('2 hours'), queue();
SELECT is((emails())[1], 'Over: Notification failed', 'which is over');
SELECT send(), later('1 hour');
SELECT timesheet.resolve_alert('audit_differs', 'week 2026-11-16'),
  timesheet.raise_alert('deletions_held', 'agent 1', 'x'),
  queue(),
  post(false, true), timesheet.update_alerts();
SELECT is((SELECT count(*) FROM timesheet.notification_failures()), 1::bigint,
  'one that is refused is an alert at once');
SELECT is(way(), '1 t answered 503 t', 'and the way says so');
SELECT later('2 minutes'), post(false), later('25 hours');
SELECT is(post(false), 'failed', 'a message that waited for a day is given up');
SELECT queue();
SELECT is((SELECT count(*) FROM timesheet.webhook_messages AS m WHERE m.kind = 'deletions_held'
  AND m.state = 'queued'), 1::bigint, 'what is still open is in a new one');
SELECT later('25 hours'), queue();
SELECT is((SELECT string_agg(m.state, ' ' ORDER BY m.webhook_message_id DESC) FROM (
    SELECT * FROM timesheet.webhook_messages AS m WHERE m.kind = 'deletions_held'
    ORDER BY m.webhook_message_id DESC LIMIT 2) AS m),
  'queued failed', 'so is what waited for a day without an attempt');
SELECT queue('{ann@example.com}', false), timesheet.update_alerts();
SELECT is((SELECT count(*) FROM timesheet.notification_failures()), 0::bigint, 'a way that is gone fails no more');
SELECT queue(), send(), later('2 hours');
SELECT timesheet.resolve_alert(a.kind, a.subject) FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL;
SELECT queue(), send(), later('2 hours');

-- A sender that died
SELECT timesheet.raise_alert('entries_rejected', '', 'x'), queue();
SELECT timesheet.begin_webhook_message((SELECT webhook_message_id FROM timesheet.next_webhook_message()));
SELECT timesheet.begin_attempt((SELECT delivery_id FROM timesheet.next_delivery('{}', true)), 'mailgun', '<p>', 'p');
SELECT is(timesheet.begin_webhook_message(m.webhook_message_id), false, 'an attempt is begun once')
FROM timesheet.webhook_messages AS m WHERE m.state = 'sending';
SELECT is(queue(), 0, 'the next pass queues nothing new');
SELECT isnt((SELECT webhook_message_id FROM timesheet.next_webhook_message()), NULL, 'but the post again');
SELECT is(timesheet.recover_deliveries('mailgun', '0'), 0, 'no e-mail is in doubt, though Mailgun knows no key');
SELECT is((SELECT concat_ws(' ', n.delivery_id IS NOT NULL, n.is_indeterminate, n.attempts, n.body)
  FROM timesheet.next_delivery(only_notifications => true) AS n), 't t 1 p', 'it is sent again, with the same text');
SELECT later('25 hours'), queue();
SELECT is((SELECT m.state FROM timesheet.outbox_messages AS m ORDER BY m.delivery_id DESC LIMIT 1), 'queued',
  'also after a day, as it may have been accepted');
SELECT is(timesheet.recover_deliveries('resend', '23 hours'), 0, '… and by another provider');
SELECT timesheet.begin_attempt(n.delivery_id, 'mailgun', NULL, NULL),
  timesheet.end_attempt(n.delivery_id, 'in_doubt', NULL, 'no answer', NULL, true)
FROM timesheet.next_delivery(only_notifications => true) AS n;
SELECT is((SELECT concat_ws(' ', m.state, m.next_attempt_at > clock_timestamp() + interval '50 seconds', m.error)
  FROM timesheet.outbox_messages AS m ORDER BY m.delivery_id DESC LIMIT 1), 'queued t no answer',
  'no answer is no doubt, but tried again a minute later');
SELECT is(way('email ann@example.com'), '2 t no answer f', 'the way counts both');
SELECT send(), later('2 hours'), send();
SELECT is(way('email ann@example.com'), '0 f f', 'and neither once it works');

-- An address that refuses
SELECT timesheet.resolve_alert('entries_rejected', ''), later('2 hours'), queue('{ann@example.com,bob@example.com}');
SELECT timesheet.begin_attempt(m.delivery_id, 'resend', '<p>', 'p'),
  timesheet.end_attempt(m.delivery_id, 'failed', NULL, 'no such address')
FROM timesheet.outbox_messages AS m WHERE m.state = 'queued' AND m.recipient = 'ann@example.com';
SELECT timesheet.update_alerts();
SELECT is((SELECT f.problem FROM timesheet.notification_failures() AS f), format(
  'e-mails to ann@example.com fail since %s: no such address', failing_since('email ann@example.com')), 'is an alert');
SELECT queue('{ann@example.com,bob@example.com}');
SELECT is((SELECT array_agg(m.recipient) FROM timesheet.outbox_messages AS m
  WHERE m.alert_kind = 'notification_failed' AND m.state = 'queued'), '{bob@example.com}', 'reported by the others');
SELECT is((posts())[1], 'Problem: Notification failed', '… the webhook too');
SELECT ok((SELECT bool_and(m.body !~ 'ann|example[.]com[^/]') FROM timesheet.webhook_messages AS m),
  'without the address');
SELECT is((SELECT count(*) FROM timesheet.alert_notifications AS n WHERE n.way = 'email ann@example.com'
  AND n.event = 'ended' AND n.alert_id = id('entries_rejected')), 0::bigint, 'what was in the e-mail is not reported');
SELECT is((SELECT count(*) FROM timesheet.outbox_messages AS m WHERE m.recipient = 'ann@example.com'
  AND m.state = 'queued'), 0::bigint, 'and not tried again within the hour');
SELECT queue(), send(), later('61 minutes'), queue();
SELECT is((SELECT count(*) FROM timesheet.outbox_messages AS m WHERE m.recipient = 'ann@example.com'
  AND m.state = 'queued'), 1::bigint, 'but then once');
SELECT queue(), send(), later('2 hours'), queue();
SELECT is((SELECT count(*) FROM timesheet.alert_notifications AS n WHERE n.way = 'email ann@example.com'
  AND n.event = 'ended' AND n.alert_id = id('entries_rejected')), 1::bigint, 'where it works, it has heard');
SELECT timesheet.update_alerts(), queue(), send(), later('2 hours');

-- All e-mails refused: not their fault, and they are returned to the queue
SELECT timesheet.raise_alert('entries_rejected', '', 'x'), queue(), send(), later('2 hours'),
  timesheet.resolve_alert('entries_rejected', ''), queue();
SELECT timesheet.begin_attempt(m.delivery_id, 'resend', '<p>', 'p'),
  timesheet.return_delivery(m.delivery_id, 'key refused')
FROM timesheet.outbox_messages AS m, generate_series(1, 3) WHERE m.state = 'queued';
SELECT is(way('email ann@example.com'), '3 t key refused f', 'each attempt counts for the way');
CREATE FUNCTION spec.waits() RETURNS interval LANGUAGE sql AS $$
  SELECT date_trunc('minute', m.next_attempt_at - clock_timestamp() + interval '30 seconds')
  FROM timesheet.outbox_messages AS m ORDER BY m.delivery_id DESC LIMIT 1
$$;
SELECT timesheet.begin_attempt(m.delivery_id, 'resend', '<p>', 'p'),
  timesheet.return_delivery(m.delivery_id, 'quota', '24 hours')
FROM timesheet.outbox_messages AS m WHERE m.state = 'queued';
SELECT is(waits(), '1 hour', 'one that is asked to wait for a day waits for an hour');
SELECT timesheet.begin_attempt(m.delivery_id, 'resend', '<p>', 'p'),
  timesheet.end_attempt(m.delivery_id, 'queued', NULL, 'quota', '24 hours')
FROM timesheet.outbox_messages AS m WHERE m.state = 'queued';
SELECT is(waits(), '1 hour', 'also where the attempt counts');
SELECT timesheet.postpone_deliveries('20 hours', 'quota');
SELECT is((SELECT m.next_attempt_at <= clock_timestamp() + interval '1 hour' FROM timesheet.outbox_messages AS m
  WHERE m.state = 'queued'), true, 'a quota holds them back for an hour at most');
SELECT is(timesheet.fail_returned_deliveries(ARRAY(SELECT m.delivery_id FROM timesheet.outbox_messages AS m
  WHERE m.state = 'queued'), 'remedy'), ROW(1, 0), 'once another e-mail was accepted, they fail');
SELECT is((SELECT m.state || ' ' || m.error FROM timesheet.outbox_messages AS m ORDER BY m.delivery_id DESC LIMIT 1),
  'failed quota', 'without a remedy that is for others');
SELECT is(way('email ann@example.com'), '6 t quota t', 'and the address counts as refused');

-- What an accepted alert says of the sender
SELECT timesheet.update_sender_alert('template refused'), queue();
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, last_attempt_at)
VALUES ('preview', 'boss@example.com', 'x', '{}', now());
CREATE FUNCTION spec.is_refused() RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (SELECT FROM timesheet.alerts AS a WHERE a.kind = 'sender_refused' AND a.resolved_at IS NULL)
$$;
SELECT cmp_ok(send(), '>', 0, 'the alert that the sender is refused is accepted');
SELECT is(is_refused(), true, 'which does not end it while an e-mail that was refused waits');
UPDATE timesheet.outbox_messages SET state = 'failed' WHERE recipient = 'boss@example.com';
SELECT later('2 hours'), timesheet.raise_alert('poller_unreachable', 'nightly', 'x'), queue(), send();
SELECT is(is_refused(), false, 'but else it does');
SELECT timesheet.resolve_alert('poller_unreachable', 'nightly'), later('2 hours'), queue(), send(), later('2 hours');

-- They come first
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, created_at)
VALUES ('preview', 'ann@example.com', 'x', '{}', now() - interval '1 hour'),
  ('briefing', 'ann@example.com', 'x', '{"is_for_staff": true}', now());
SELECT timesheet.raise_alert('poller_unreachable', 'sync', 'x'), queue();
CREATE FUNCTION spec.order_of_kinds(of_these boolean) RETURNS text LANGUAGE sql AS $$
  WITH RECURSIVE n AS (
    SELECT d.delivery_id, d.kind, ARRAY[d.delivery_id] AS before FROM timesheet.next_delivery('{}', of_these) AS d
    UNION ALL
    SELECT d.delivery_id, d.kind, n.before || d.delivery_id FROM n, timesheet.next_delivery(n.before, of_these) AS d
    WHERE n.delivery_id IS NOT NULL
  )
  SELECT string_agg(n.kind, ' ' ORDER BY cardinality(n.before)) FROM n WHERE n.delivery_id IS NOT NULL
$$;
SELECT is(order_of_kinds(true), 'alert briefing', 'alerts first, then briefings');
SELECT is(order_of_kinds(false), 'preview', 'and all others apart from them');
UPDATE timesheet.outbox_messages SET next_attempt_at = now() + interval '1 day' WHERE kind <> 'preview';
SELECT cmp_ok(timesheet.next_attempt_at(), '<=', now(), 'when the next one is due');
SELECT is(timesheet.next_attempt_at('{}', true), now() + interval '1 day', '… and when of these');
SELECT throws_ok($$INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content)
  VALUES ('alert', 'a@example.com', 'x', '{}')$$, '23514', NULL, 'an alert has a kind');
SELECT throws_ok($$SELECT timesheet.record_pass('replay', NULL)$$, '23514', NULL, 'a pass of an unknown command');

-- A kept message is pruned once its alert is over for long
UPDATE timesheet.outbox_messages SET next_attempt_at = now() WHERE kind <> 'preview';
SELECT send(), later('2 hours'), timesheet.prune_notifications();
SELECT later('91 days');
UPDATE timesheet.alert_notifications SET queued_at = queued_at - interval '92 days';
SELECT cmp_ok(timesheet.prune_notifications(), '>', 50::bigint, 'messages older than 90 days go');
SELECT results_eq($$SELECT DISTINCT a.kind FROM timesheet.alert_notifications AS n JOIN timesheet.alerts AS a
    USING (alert_id) ORDER BY 1$$,
  $$SELECT DISTINCT a.kind FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL ORDER BY 1$$,
  'but not those of what is open');
SELECT is((SELECT count(*) FROM timesheet.outbox_messages AS m WHERE m.kind = 'preview'), 2::bigint, 'nor others');
SELECT is(queue(), 0, 'and nothing is reported again');

SELECT * FROM finish();
ROLLBACK;
