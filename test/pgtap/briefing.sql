-- The morning briefing: what it says, to whom, and once.
\ir setup.sql
SELECT plan(85);

UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila';
SELECT spec.feed('Groups', VARIADIC ARRAY(
  SELECT json_build_object('id', spec.guid('group', n), 'name', name, 'status', 'Active')::text
  FROM (VALUES (1, 'Acme'), (2, 'Bolt')) AS g (n, name)));
SELECT spec.feed('People', spec.person(1, client_group => spec.guid('group', 1), name => 'Ann Cruz'),
  spec.person(2, client_group => spec.guid('group', 1), name => 'Ben Diaz'),
  spec.person(3, client_group => spec.guid('group', 2), name => 'Cora Eng'),
  spec.person(4, name => 'Dan Fox'));

CREATE FUNCTION spec.brief(at text, VARIADIC addresses text[] DEFAULT '{jo@agency.example}') RETURNS int
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM timesheet.outbox_messages;
  RETURN timesheet.queue_briefings(addresses, at::timestamp AT TIME ZONE 'Asia/Manila');
END
$$;
CREATE FUNCTION spec.content(of_recipient text DEFAULT 'jo@agency.example') RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT m.content FROM timesheet.outbox_messages AS m WHERE m.kind = 'briefing' AND m.recipient = of_recipient
$$;
-- The sessions that a briefing lists, one a line.
CREATE FUNCTION spec.listed(of_recipient text DEFAULT 'jo@agency.example') RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(concat_ws('; ', c.client ->> 'name', r.line ->> 'agent', r.line ->> 'day', r.line ->> 'what',
    r.line ->> 'counted'), E'\n' ORDER BY c.n, r.n)
  FROM jsonb_array_elements(spec.content(of_recipient) -> 'clients') WITH ORDINALITY AS c (client, n)
  CROSS JOIN LATERAL jsonb_array_elements(c.client -> 'rows') WITH ORDINALITY AS r (line, n)
$$;
CREATE FUNCTION spec.days() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(to_char(b.day, 'DD') || CASE WHEN b.is_empty THEN ' empty' ELSE '' END, ', ' ORDER BY b.day)
  FROM timesheet.briefings AS b
$$;

-- When it is due.
SELECT is(timesheet.briefing_day(at), wanted, what) FROM (VALUES
  ('2026-11-24 07:59:59.999999+08'::timestamptz, NULL::date, 'before the time of day no briefing is due'),
  ('2026-11-24 08:00+08', '2026-11-24', 'at it one is'),
  ('2026-11-24 23:59+08', '2026-11-24', 'and for the rest of the day'),
  ('2026-11-25 00:30+08', NULL, 'but not in the next night')) AS t (at, wanted, what);
UPDATE timesheet.settings SET briefing_time = '00:00';
SELECT is(timesheet.briefing_day('2026-11-24 00:00+08'), '2026-11-24', 'at 00:00 the day begins with it');
SELECT is(timesheet.briefing_day('2026-11-23 23:59:59+08'), '2026-11-23', 'and until then it was yesterday''s');
UPDATE timesheet.settings SET briefing_time = '23:59';
SELECT is(timesheet.briefing_day('2026-11-24 23:58:59+08'), NULL, 'at 23:59 it is not due before');
SELECT is(timesheet.briefing_day('2026-11-24 23:59+08'), '2026-11-24', 'but then');
SELECT is(timesheet.briefing_day('2026-11-25 00:04+08'), '2026-11-24', 'and for an hour, also after midnight');
SELECT is(timesheet.briefing_day('2026-11-25 00:59+08'), NULL, 'no longer');
UPDATE timesheet.settings SET default_time_zone = 'America/New_York', briefing_time = '02:30';
SELECT is(timesheet.briefing_day('2026-03-08 06:59:59+00'), NULL, 'where DST skips the time it is not due before');
SELECT is(timesheet.briefing_day('2026-03-08 07:00+00'), '2026-03-08', 'but with the next minute that there is');
UPDATE timesheet.settings SET briefing_time = '01:30';
SELECT is(timesheet.briefing_day('2026-11-01 05:29+00'), NULL, 'where DST repeats the time it is not due before');
SELECT is(timesheet.briefing_day('2026-11-01 05:30+00'), '2026-11-01', 'at the first of both it is');
SELECT is(timesheet.briefing_day('2026-11-01 06:29+00'), NULL, 'between them the clock shows an earlier time');
SELECT is(timesheet.briefing_day('2026-11-01 06:30+00'), '2026-11-01', 'and at the second it is the same day''s');
SELECT throws_like($$UPDATE timesheet.settings SET briefing_time = '24:00'$$, '%briefing_time_must_be_below_24_00%',
  'settings refuse 24:00');
UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila', briefing_time = '08:00';

-- Without a reader.
SELECT is(timesheet.queue_briefings('{}', '2026-11-20 09:00+08'), 0, 'without a reader nothing is queued');
SELECT is(timesheet.queue_briefings(NULL, '2026-11-20 09:00+08'), 0, 'nor with null');
SELECT is(timesheet.queue_briefings(ARRAY[NULL, '', ' '], '2026-11-20 09:00+08'), 0, 'nor with blank addresses');
SELECT is(spec.days(), NULL, 'and no day is recorded');

-- A night shift, and what it says of it.
SELECT spec.feed('TimeEntries', spec.event(1, 1, '2026-11-23 21:00', 'In'));
SELECT is(spec.brief('2026-11-24 08:00'), 0, 'a night shift may still go on in the morning');
SELECT is(spec.days(), '24 empty', 'the day is recorded');
SELECT is(spec.brief('2026-11-24 15:00'), 0, 'and has no second briefing');
SELECT is(spec.brief('2026-11-25 07:59'), 0, 'the next is not due before its time');
SELECT is(spec.brief('2026-11-25 08:00'), 1, 'it is certain 16 hours after it began, so in the next briefing');
SELECT is(spec.listed(), 'Acme; Ann Cruz; Mon 23 Nov; No clock-out; work began 21:00 (Asia/Manila); 3 h counted, '
  'until midnight', 'which says what is counted');
SELECT is(spec.content() - 'clients', jsonb_build_object('subject', 'Briefing of Wed 25 Nov: 1 missing clock-out',
  'preheader', 'Acme 1', 'title', 'Briefing of Wed 25 Nov 2026', 'zone', 'Asia/Manila',
  'summary', '1 missing clock-out.', 'is_for_staff', true, 'has_clients', true, 'has_silent', false, 'silent',
    '[]'::json,
  'has_decisions', false, 'decisions', '[]'::json, 'has_more', false, 'more', ''), 'in all that templates want');
SELECT results_eq($$SELECT kind, recipient, subject, contact_id, agent_ids, state FROM timesheet.outbox_messages$$,
  $$VALUES ('briefing', 'jo@agency.example', 'Briefing of Wed 25 Nov: 1 missing clock-out', NULL::int,
    ARRAY[spec.agent(1)], 'queued')$$, 'it is an e-mail of the outbox');
SELECT is(spec.brief('2026-11-26 08:00'), 0, 'it is reported once');
SELECT is(spec.days(), '24 empty, 25, 26 empty', 'and where nothing is new there is none');

-- A missing clock-out that is corrected, before and after.
SELECT spec.feed('TimeEntries', spec.event(10, 1, '2026-11-26 09:00', 'In'), spec.event(11, 2, '2026-11-26 09:00',
  'In'));
SELECT spec.feed('TimeEntries', spec.event(12, 1, '2026-11-26 17:00', 'Out'));
SELECT is(spec.brief('2026-11-27 08:00'), 1, 'what is corrected before the briefing');
SELECT is(spec.listed(), 'Acme; Ben Diaz; Thu 26 Nov; No clock-out; work began 09:00 (Asia/Manila); 15 h counted, '
  'until midnight', 'is not in it');
SELECT spec.feed('TimeEntries', spec.event(13, 2, '2026-11-26 18:00', 'Out'));
SELECT spec.feed('TimeEntries', spec.event(13, 2, '2026-11-26 18:00', 'Out', more => '{"status": "Archived"}'));
SELECT is(spec.brief('2026-11-28 08:00'), 0, 'what was reported, corrected and broken again is not new');
SELECT spec.feed('TimeEntries', spec.event(12, 1, '2026-11-26 17:00', 'Out', more => '{"status": "Archived"}'));
SELECT is(spec.brief('2026-11-29 08:00'), 1, 'a clock-out that is deleted later makes news');
SELECT is(spec.listed(), 'Acme; Ann Cruz; Thu 26 Nov; No clock-out; work began 09:00 (Asia/Manila); 15 h counted, '
  'until midnight', 'of its session');

-- Closed by a next entry, though not 16 hours later: known at once.
SELECT spec.feed('TimeEntries', spec.event(20, 3, '2026-11-29 21:00', 'In'), spec.event(21, 3, '2026-11-30 04:00',
  'In'),
  spec.event(22, 3, '2026-11-30 06:00', 'Out'), spec.event(23, 4, '2026-11-29 09:00', 'In'),
  spec.event(24, 4, '2026-11-29 12:00', 'StartBreak'), spec.event(25, 4, '2026-11-29 19:00', 'In'),
  spec.event(26, 4, '2026-11-29 20:00', 'Out'), spec.event(27, 2, '2026-11-29 12:00', 'StartBreak'));
SELECT is(spec.brief('2026-11-30 08:00'), 1, 'the next entry makes it certain earlier');
SELECT is(spec.listed(), '(no client group); Dan Fox; Sun 29 Nov; A break without an end; it began 12:00 '
  '(Asia/Manila); '
  'not counted
Acme; Ben Diaz; Sun 29 Nov; A break without an end; it began 12:00 (Asia/Manila); not counted
Bolt; Cora Eng; Sun 29 Nov; No clock-out; work began 21:00 (Asia/Manila); 3 h counted, until midnight',
  'by client, agent and day, also without a client, and breaks');
SELECT is(spec.content() ->> 'summary', '1 missing clock-out, 2 breaks without an end.', 'counted apart');

-- A missed day, late rows, what is too old, and what comes again.
SELECT spec.feed('TimeEntries', spec.event(30, 1, '2026-11-30 09:00', 'In'), spec.event(31, 2, '2026-12-02 09:00',
  'In'));
SELECT is(spec.brief('2026-12-03 23:00'), 1, 'days without a briefing are in the next, which may be late in the day');
SELECT is(spec.content() ->> 'summary', '2 missing clock-outs.', 'with all of theirs');
SELECT spec.feed('TimeEntries', spec.event(32, 1, '2026-11-27 09:00', 'In'), spec.event(33, 2, '2026-11-25 09:00',
  'In'));
SELECT is(spec.brief('2026-12-04 08:00'), 1, 'a row that comes late is reported if it became certain within 7 days');
SELECT is(spec.listed(), 'Acme; Ann Cruz; Fri 27 Nov; No clock-out; work began 09:00 (Asia/Manila); 15 h counted, '
  'until midnight', 'but no older one');
SELECT is((SELECT count(*) FROM timesheet.briefed_sessions WHERE jibble_activity_id = spec.guid('event', 33)),
  1::bigint,
  'which is recorded as passed over');
SELECT timesheet.replay();
UPDATE timesheet.settings SET max_session = '20:00';
SELECT is(spec.brief('2026-12-05 08:00'), 0, 'neither a replay nor another setting makes old ones new');
UPDATE timesheet.settings SET max_session = '16:00';
SELECT spec.feed('TimeEntries', spec.event(30, 1, '2026-11-30 09:00', 'In', more => '{"clientType": "Mobile"}'));
SELECT is(spec.brief('2026-12-06 08:00'), 0, 'nor does another version of an entry');

-- What is counted, in words.
CREATE FUNCTION spec.counted(at text, type text, until text, zone text, seconds int DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$
  SELECT concat_ws('; ', t.what, t.counted) FROM timesheet.incomplete_session_text(type, at::date,
    at::timestamp AT TIME ZONE zone, until::timestamp AT TIME ZONE zone,
    coalesce(seconds, extract(epoch FROM until::timestamp AT TIME ZONE zone - at::timestamp AT TIME ZONE zone)::bigint),
    zone) AS t
$$;
SELECT is(spec.counted('2026-11-23 21:20', 'work', '2026-11-24 12:00', 'Etc/GMT-8'),
  'No clock-out; work began 21:20 (UTC+08:00); 14.67 h counted, until Tue 24 Nov, 12:00',
  'a workday that ends at noon is named');
SELECT is(spec.counted('2026-11-23 01:30', 'work', '2026-11-23 17:30', 'Asia/Manila'),
  'No clock-out; work began 01:30 (Asia/Manila); 16 h counted, until 17:30', 'and the end of the longest session');
SELECT is(spec.counted('2026-11-01 00:30', 'work', '2026-11-02 00:00', 'America/New_York'),
  'No clock-out; work began 00:30 (America/New_York); 24.5 h counted, until midnight', 'a day with 25 hours has them');
SELECT is(spec.counted('2026-11-23 09:00', 'work', '2026-11-23 09:00', 'UTC'),
  'No clock-out; work began 09:00 (UTC); not counted', 'where a missing clock-out counts as nothing it says so');
SELECT is((SELECT t.what FROM timesheet.incomplete_session_text('work', '2026-11-23', '2026-11-24 01:30+08',
    '2026-11-24 17:30+08', 57600, 'Asia/Manila') AS t), 'No clock-out; work began Tue 24 Nov, 01:30 (Asia/Manila)',
  'where the date is not the workday''s it is named');
UPDATE timesheet.settings SET missing_clock_out = 'zero';
SELECT spec.feed('TimeEntries', spec.event(40, 1, '2026-12-06 09:00', 'In'));
SELECT is(spec.brief('2026-12-07 08:00'), 1, 'the setting');
SELECT is(spec.listed(), 'Acme; Ann Cruz; Sun 6 Dec; No clock-out; work began 09:00 (Asia/Manila); not counted',
  'decides what is counted');
UPDATE timesheet.settings SET missing_clock_out = 'day_end', activity_after_break = 'carried_on';
SELECT spec.feed('TimeEntries', spec.event(41, 1, '2026-12-07 09:00', 'In', 'A'),
  spec.event(42, 1, '2026-12-07 12:00', 'StartBreak'), spec.event(43, 1, '2026-12-07 13:00', 'In'));
SELECT is(spec.brief('2026-12-08 08:00'), 1, 'so does an activity that is carried on:');
SELECT is(spec.listed(), 'Acme; Ann Cruz; Mon 7 Dec; No clock-out; work began 13:00 (Asia/Manila); 11 h counted, until '
  'midnight', 'the session is the same');

-- Another default zone: the local date decides.
UPDATE timesheet.settings SET default_time_zone = 'America/New_York';
SELECT spec.feed('TimeEntries', spec.event(44, 2, '2026-12-07 15:00', 'In'));
SELECT is(timesheet.queue_briefings('{jo@agency.example}', '2026-12-08 08:30-05'), 0,
  'a date that had its briefing has no second one in another zone');
SELECT is(timesheet.queue_briefings('{jo@agency.example}', '2026-12-09 08:00-05'), 1, 'the next has');
UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila';

-- Decisions.
SELECT is(spec.brief('2026-12-10 08:00'), 0, 'nothing is new');
INSERT INTO timesheet.alerts (kind, subject, detail, since)
SELECT 'digest_failed', 'digest ' || n, 'digest ' || n || ' failed', now() + n * interval '1 second'
FROM generate_series(1, 5) AS n;
INSERT INTO timesheet.alerts (kind, subject, detail) VALUES
  ('deletions_held', 'agent ' || spec.agent(2), 'Jibble no longer shows 3 entries of Ben Diaz, nor the person'),
  ('stale_feed', '', 'the feed is old');
INSERT INTO timesheet.alerts (kind, subject, detail, resolved_at) VALUES ('entries_rejected', '', 'over', now());
INSERT INTO timesheet.alerts (kind, subject, detail, acknowledged_at, acknowledged_by)
VALUES ('contact_problems', '', 'seen', now(), 'jo');
SELECT is(spec.brief('2026-12-11 08:00', 'Jo@Agency.example', ' jo@agency.EXAMPLE', 'al@agency.example'), 2,
  'what needs a decision is a reason, an address in other letters is the same one');
SELECT is(spec.content() ->> 'subject', 'Briefing of Fri 11 Dec: 6 things need a decision', 'it counts them');
SELECT is((SELECT string_agg(d ->> 'detail', '; ' ORDER BY n)
    FROM jsonb_array_elements(spec.content() -> 'decisions') WITH ORDINALITY AS u (d, n)),
  'Jibble no longer shows 3 entries of Ben Diaz, nor the person; digest 5 failed; digest 4 failed; digest 3 failed; '
  'and 2 more', 'and lists three of a kind; nothing that is over, acknowledged or needs no decision');
SELECT is(spec.content() -> 'decisions' -> 0 ->> 'title',
  (SELECT t.title FROM timesheet.alert_texts('deletions_held') AS t), 'with the title that the dashboard has');
SELECT is((SELECT m.agent_ids FROM timesheet.outbox_messages AS m WHERE m.recipient = 'al@agency.example'),
  ARRAY[spec.agent(2)], 'the e-mail knows whom they name');
SELECT is(spec.brief('2026-12-12 08:00'), 0, 'that they are still open is no reason for another');
INSERT INTO timesheet.alerts (kind, subject, detail) VALUES ('audit_differs', 'week 2026-11-30', 'an hour differs');
SELECT is(spec.brief('2026-12-12 23:00'), 0, 'one that begins');
SELECT is(spec.brief('2026-12-13 08:00'), 1, 'is one the next morning');
SELECT is(spec.content() ->> 'summary', '7 things need a decision.', 'and then all are listed');
UPDATE timesheet.alerts SET acknowledged_at = now(), acknowledged_by = 'jo' WHERE resolved_at IS NULL;

-- Many at once, and names that want to break out.
SELECT spec.feed('Groups', json_build_object('id', spec.guid('group', 3), 'name',
  E'<b>Evil\u202e</b>\n"& Co' || repeat('x', 300), 'status', 'Active')::text);
SELECT spec.feed('People', VARIADIC ARRAY(SELECT spec.person(n, client_group => spec.guid('group', 3),
  name => E'<script>\n' || repeat('y', 100)) FROM generate_series(101, 160) AS n)
  || spec.person(161, client_group => spec.guid('group', 1), name => 'Ann Cruz'));
SELECT spec.feed('TimeEntries', VARIADIC ARRAY(
  SELECT spec.event(n, n, '2026-12-13 09:00', 'In') FROM generate_series(101, 161) AS n)
  || spec.event(50, 1, '2026-12-13 10:00', 'In'));
SELECT is(spec.brief('2026-12-14 08:00'), 1, 'many at once are one e-mail');
SELECT is((SELECT sum(jsonb_array_length(c -> 'rows')) FROM jsonb_array_elements(spec.content() -> 'clients') AS c (c)),
  40::bigint, 'of 40 rows');
SELECT is(jsonb_array_length(spec.content() -> 'clients' -> 1 -> 'rows'), 2, 'a client with many hides no other');
SELECT matches(spec.content() ->> 'more', '^and 22 more: <b>Evil</b> "& Cox+. 22$', 'the others are counted');
SELECT is((SELECT count(DISTINCT r ->> 'agent') FROM jsonb_array_elements(spec.content() -> 'clients') AS c (c),
  jsonb_array_elements(c.c -> 'rows') AS r (r)), 40::bigint, 'no two names are alike');
SELECT ok((SELECT bool_and(r ->> 'agent' !~ '[[:cntrl:]]' AND length(r ->> 'agent') <= 100)
  FROM jsonb_array_elements(spec.content() -> 'clients') AS c (c), jsonb_array_elements(c.c -> 'rows') AS r (r)),
  'each is one short line');

-- The first briefing has the same seven days.
DELETE FROM timesheet.briefings;
DELETE FROM timesheet.briefed_sessions;
SELECT spec.feed('People', spec.person(201, client_group => spec.guid('group', 1), name => 'Eve Gil'),
  spec.person(202, client_group => spec.guid('group', 1), name => 'Fay Hall'));
SELECT spec.feed('TimeEntries', spec.event(201, 201, '2027-03-02 16:00', 'In'),
  spec.event(202, 202, '2027-03-02 16:01', 'In'));
SELECT is(spec.brief('2027-03-10 08:00'), 1, 'the first one');
SELECT is(spec.listed(), 'Acme; Fay Hall; Tue 2 Mar; No clock-out; work began 16:01 (Asia/Manila); 7.98 h counted, '
  'until '
  'midnight', 'reports what has become certain within seven days, to the minute');

-- Entries that lie ahead.
SELECT spec.feed('TimeEntries', spec.event(203, 201, '2027-03-10 09:00', 'In'),
  spec.event(204, 201, '2027-03-11 00:30', 'In'), spec.event(205, 201, '2027-03-11 02:00', 'Out'));
SELECT is((SELECT count(*) FROM timesheet.incomplete_sessions(at) AS i
    WHERE i.jibble_activity_id = spec.guid('event', 203)), wanted, what)
FROM (VALUES ('2027-03-11 00:29:59+08'::timestamptz, 0::bigint, 'a next entry closes or not once its time has come'),
  ('2027-03-11 00:30+08', 1, 'from then on it is certain')) AS t (at, wanted, what);

-- After a pause: all since the last one, which knew what had been read until then.
DELETE FROM timesheet.briefed_sessions WHERE jibble_activity_id = spec.guid('event', 203);
UPDATE timesheet.briefings SET day = '2027-02-28', made_at = '2027-03-01 08:00+08', as_of = '2027-03-01 08:00+08'
WHERE day = '2027-03-10';
SELECT is(spec.brief('2027-03-20 08:00'), 1, 'after holidays');
SELECT is(spec.listed(), 'Acme; Eve Gil; Wed 10 Mar; No clock-out; work began 09:00 (Asia/Manila); 15 h counted, until '
  'midnight', 'nothing since the last briefing is lost');
DELETE FROM timesheet.briefed_sessions WHERE jibble_activity_id = spec.guid('event', 203);
UPDATE timesheet.briefings SET day = '2027-03-10', made_at = '2027-03-12 08:00+08', as_of = '2027-03-10 08:00+08'
WHERE day = '2027-03-20';
SELECT is(spec.brief('2027-03-20 08:00'), 1, 'nor what the last briefing could not know, as nothing had been read');
DELETE FROM timesheet.briefed_sessions WHERE jibble_activity_id = spec.guid('event', 203);
UPDATE timesheet.briefings SET as_of = '2027-03-12 08:00+08', made_at = '2027-03-12 08:00+08'
WHERE day = '2027-03-10';
DELETE FROM timesheet.briefings WHERE day = '2027-03-20';
SELECT is(spec.brief('2027-03-20 08:00'), 0, 'but what comes later than a week is not reported');
DELETE FROM timesheet.briefings WHERE day = '2027-03-20';
DELETE FROM timesheet.briefed_sessions WHERE jibble_activity_id = spec.guid('event', 203);

-- A feed that is out of date.
SELECT spec.feed('TimeEntries', spec.event(206, 202, '2027-03-11 15:00', 'In'),
  spec.event(207, 201, '2027-03-11 12:00', 'In'));
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
SELECT 'sync', t.at::date - 3, t.at::date + 1, 'succeeded', t.at, t.at
FROM (VALUES ('2027-03-12 05:00+08'::timestamptz)) AS t (at);
UPDATE timesheet.settings SET stale_after = '1 second';
SELECT is((SELECT f.is_stale FROM timesheet.feed_health AS f), false, 'a read that lies ahead is not stale');
SELECT is(spec.brief('2027-03-12 08:00'), 1, 'what was read');
SELECT is(spec.listed(), 'Acme; Eve Gil; Wed 10 Mar; No clock-out; work began 09:00 (Asia/Manila); 15 h counted, until '
  'midnight
Acme; Eve Gil; Thu 11 Mar; No clock-out; work began 12:00 (Asia/Manila); 12 h counted, until midnight',
  'is reported; what was not may have its clock-out');
UPDATE timesheet.ingest_runs SET started_at = now() - interval '3 hours', since = '2000-01-01', until = '2100-01-01'
WHERE command = 'sync';
SELECT is((timesheet.briefing_news(now())).outdated, 'What happened since '
  || timesheet.office_time_text(now() - interval '3 hours') || ' has not been read from Jibble yet and is not in here.',
  'and a feed that is out of date is said to be');

SELECT * FROM finish();
ROLLBACK;
