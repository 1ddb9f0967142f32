-- The state in numbers, for a monitoring system.
\ir setup.sql
SELECT plan(27);

CREATE FUNCTION spec.metric(of_name text, with_labels jsonb DEFAULT '{}') RETURNS double precision LANGUAGE sql AS $$
  SELECT m.value FROM timesheet.metrics AS m WHERE m.name = 'timesheet_' || of_name AND m.labels = with_labels
$$;

SELECT bag_eq($$SELECT DISTINCT m.name FROM timesheet.metrics AS m WHERE m.name !~ '_seconds$|_differing$|_agents$'$$,
  $$SELECT t.name FROM timesheet.metric_texts() AS t WHERE t.name !~ '_seconds$|_differing$|_agents$'$$,
  'each metric has a text, and each text a metric, also on an empty database');
SELECT is((SELECT count(*) FROM timesheet.metrics AS m WHERE m.value IS NULL OR m.labels IS NULL), 0::bigint,
  'what is not known has no row');
SELECT is(spec.metric('feed_age_seconds'), NULL, 'such as the age of a feed that was never read');
SELECT is(spec.metric('schema_version'), (SELECT max(s.version)::float8 FROM timesheet.schema_migrations AS s),
  'the schema has its number');
SELECT is(spec.metric('info', jsonb_build_object('engine', timesheet.engine(), 'postgresql',
  regexp_replace(version(), '^PostgreSQL ([^ ]+) .*$', E'\\1'))), 1::float8, 'what is installed is a label');
SELECT bag_eq($$SELECT m.labels ->> 'kind' FROM timesheet.metrics AS m WHERE m.name = 'timesheet_alerts_open'$$,
  $$SELECT (regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g'))[1] FROM pg_constraint AS c
    WHERE c.conname = 'alert_kind_must_be_known'$$, 'every kind of alert has a number');
SELECT bag_eq($$SELECT DISTINCT m.labels ->> 'kind' FROM timesheet.metrics AS m WHERE m.name = 'timesheet_emails'
    AND m.labels ->> 'kind' <> 'digest'$$,
  $$SELECT (regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g'))[1] FROM pg_constraint AS c
    WHERE c.conrelid = 'timesheet.outbox_messages'::regclass
      AND c.conname = 'kind_must_be_one_that_its_comment_names'$$,
  'so has every kind of e-mail');
SELECT bag_eq($$SELECT DISTINCT m.labels ->> 'state' FROM timesheet.metrics AS m WHERE m.name = 'timesheet_emails'$$,
  $$SELECT DISTINCT (regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g'))[1] FROM pg_constraint AS c
    WHERE c.conrelid = 'timesheet.outgoing_emails'::regclass
      AND c.conname = 'state_must_be_queued_sending_sent_failed_or_in_doubt'$$, 'in every state');
SELECT bag_eq($$SELECT DISTINCT m.labels ->> 'state' FROM timesheet.metrics AS m
    WHERE m.name = 'timesheet_webhook_messages'$$,
  $$SELECT DISTINCT (regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g'))[1] FROM pg_constraint AS c
    WHERE c.conrelid = 'timesheet.webhook_messages'::regclass
      AND c.conname = 'state_must_be_queued_sending_sent_or_failed'
    $$, 'and every message to the webhook');

-- A world.
SELECT spec.feed('People', spec.person(1), spec.person(2, name => E'Mal"lory\\\n'), spec.person(3), spec.person(4),
  (spec.person(5)::jsonb || '{"status": "Removed"}')::text, (spec.person(6)::jsonb || '{"status": null}')::text,
  (spec.person(7)::jsonb || jsonb_build_object('status', E'o"d\\d\nx'))::text);
SELECT spec.feed('TimeEntries',
  spec.event(1, 1, (now() AT TIME ZONE 'Asia/Manila') - interval '3 hours', 'In'),
  spec.event(2, 2, (now() AT TIME ZONE 'Asia/Manila') - interval '3 hours', 'In'),
  spec.event(3, 2, (now() AT TIME ZONE 'Asia/Manila') - interval '2 hours', 'StartBreak'),
  spec.event(4, 3, (now() AT TIME ZONE 'Asia/Manila') - interval '3 hours', 'In'),
  spec.event(5, 3, (now() AT TIME ZONE 'Asia/Manila') - interval '1 hours', 'Out'),
  spec.event(6, 4, (now() AT TIME ZONE 'Asia/Manila') - interval '17 hours', 'In'),
  spec.event(7, 5, (now() AT TIME ZONE 'Asia/Manila') + interval '1 hours', 'In'));
SELECT is(spec.metric('agents_working'), 2::float8, 'who works or has a break, and has not forgotten to clock out');
SELECT is(spec.metric('agents', '{"status": "Joined"}'), 4::float8, 'agents by status');
SELECT is(spec.metric('agents', '{"status": "unknown"}'), 1::float8, 'also without one');
SELECT cmp_ok(spec.metric('days_to_refresh'), '=', (SELECT count(*)::float8 FROM timesheet.stale_agent_days),
  'days that wait for a refresh');
INSERT INTO timesheet.alerts (kind, subject, detail, resolved_at, acknowledged_at, acknowledged_by) VALUES
  ('digest_failed', 'digest 1', 'x', NULL, NULL, NULL), ('digest_failed', 'digest 2', 'x', NULL, now(), 'jo'),
  ('digest_failed', 'digest 3', 'x', now(), NULL, NULL);
SELECT is(spec.metric('alerts_open', '{"kind": "digest_failed"}'), 2::float8, 'alerts are open until they are over');
SELECT is(spec.metric('alerts_open', '{"kind": "stale_feed"}'), 0::float8, 'none is 0');
INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, state) VALUES
  ('briefing', 'jo@agency.example', 'x', '{}', 'sent'), ('briefing', 'al@agency.example', 'x', '{}', 'sent'),
  ('preview', 'jo@agency.example', 'x', '{}', 'queued');
SELECT is(spec.metric('emails', '{"kind": "briefing", "state": "sent"}'), 2::float8, 'e-mails by kind and state');
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
SELECT 'sync', (now() AT TIME ZONE 'UTC')::date - 3, (now() AT TIME ZONE 'UTC')::date + 1, 'succeeded',
  now() - interval '90 minutes', now() - interval '89 minutes';
SELECT is(spec.metric('feed_age_seconds'), 5400::float8, 'the age of the feed in seconds');
SELECT is(spec.metric('feed_stale'), 1::float8, 'and whether it is stale');
SELECT is(spec.metric('last_success_timestamp_seconds'), extract(epoch FROM now() - interval '89 minutes')::float8,
  'an instant in Unix time');
SELECT is((SELECT count(*) FROM timesheet.metrics AS m WHERE m.labels::text || m.name ~ 'Agent|lory|agency'), 0::bigint,
  'no person is named');

-- As text.
SELECT timesheet.openmetrics() AS text \gset
SET LOCAL extra_float_digits = -15;
SELECT is(:'text'::text, timesheet.openmetrics(), 'the text is the same under any setting');
RESET extra_float_digits;
SELECT matches(:'text'::text, E'\n# EOF\n$', 'it ends as it must');
SELECT ok(strpos(:'text'::text, E'\n# TYPE timesheet_feed_age_seconds gauge\n# UNIT timesheet_feed_age_seconds '
  'seconds\n'
  '# HELP timesheet_feed_age_seconds How long ago Jibble was last read up to the present.\n'
  'timesheet_feed_age_seconds 5400\n') > 0, 'each metric has its type, unit and meaning first');
SELECT ok(strpos(:'text'::text, E'timesheet_emails{kind="briefing",state="sent"} 2\n') > 0, 'then its values by label');
SELECT ok(strpos(:'text'::text, E'timesheet_agents{status="o\\"d\\\\d x"} 1\n') > 0
  OR strpos(:'text'::text, E'timesheet_agents{status="o\\"d\\\\d\\nx"} 1\n') > 0, 'whose values are escaped');
SELECT is((SELECT count(*) FROM regexp_split_to_table(:'text'::text, E'\n') AS l (line) WHERE l.line <> '' AND l.line !~
    ('^(# (TYPE|HELP|UNIT) timesheet[a-z_]* [^\\"]+|# '
      'EOF|timesheet_[a-z_]+(\{[a-z]+="([^"\\\n]|\\.)*"(,[a-z]+="[^"]*")*\})?'
      || ' -?[0-9.]+(e[+-]?[0-9]+)?)$')), 0::bigint, 'and nothing else is in it');
SELECT is((SELECT count(*) FROM regexp_matches(:'text'::text, E'# TYPE ', 'g')),
  (SELECT count(DISTINCT m.name) FROM timesheet.metrics AS m), 'each metric once');

SELECT * FROM finish();
ROLLBACK;
