-- The webhook: which form of JSON a service takes, and the post that the database makes where no pass of timesheetd
-- does. pg_net and the Vault are stand-ins.
\ir setup.sql
SELECT no_plan();

SELECT is(timesheet.webhook_form(v.url), v.form, v.form || ': ' || coalesce(v.url, 'null')) FROM (VALUES
  ('https://hooks.slack.com/services/T0/B0/x', 'slack'),
  ('HTTPS://Hooks.Slack.COM:443/services', 'slack'),
  ('https://hooks.slack.com.', 'slack'),
  ('https://hooks.slack-gov.com/services/x', 'slack'),
  ('https://acme.webhook.office.com/webhookb2/x', 'teams'),
  ('https://prod-12.westeurope.logic.azure.com:443/workflows/x?sig=y', 'teams'),
  ('https://default1.1d.environment.api.powerplatform.com:443/powerautomate/x', 'teams'),
  ('https://example.com/hooks.slack.com', 'generic'),
  ('https://example.com/?u=https://hooks.slack.com', 'generic'),
  ('https://example.com#.slack.com', 'generic'),
  ('https://hooks.slack.com.example.com/x', 'generic'),
  ('https://notslack.com/x', 'generic'),
  ('https://hooks.slack.com@example.com/x', 'generic'),
  ('https://a:b@hooks.slack.com@example.com/x', 'generic'),
  (E'https://example.com\\.slack.com/x', 'generic'),
  ('https://slack.com/x', 'generic'),
  ('https://webhook.office.com.evil.example/x', 'generic'),
  ('http://127.0.0.1:8080/x', 'generic'),
  ('', 'generic'),
  (NULL, 'generic')) AS v (url, form);

SELECT is(timesheet.webhook_json('generic', E'a "b" <c> & \\ d\nü')::jsonb, jsonb_build_object('text',
  E'a "b" <c> & \\ d\nü'), 'a text as it is');
SELECT is(timesheet.webhook_json('slack', E'a <!channel> & &lt;\nb')::jsonb, jsonb_build_object('text',
  E'a &lt;!channel&gt; &amp; &amp;lt;\nb'), 'what Slack reads as its own is escaped');
SELECT is(timesheet.webhook_json('teams', E'a <b>\nc')::jsonb, '{"type": "message", "attachments": [{"contentType":
  "application/vnd.microsoft.card.adaptive", "content": {"$schema":
  "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.2", "body": [{"type":
  "TextBlock", "text": "a <b>\n\nc", "wrap": true}]}}]}'::jsonb, 'a card for Teams, where a line end is two');
SELECT throws_ok($$SELECT timesheet.webhook_json('smtp', 'x')$$, '22023', 'form "smtp" of a webhook is not known',
  'another form');

-- Who posts that the feed is stale
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
SELECT 'sync', current_date - 3, current_date + 1, 'succeeded', now() - interval '2 hours', now() - interval '2 hours';
CREATE FUNCTION spec.watched() RETURNS text LANGUAGE sql AS $$
  SELECT timesheet.update_alerts();
  SELECT string_agg(concat_ws(' ', a.kind, m.way, m.event, m.state), ', ') FROM timesheet.alerts AS a
  LEFT JOIN timesheet.alert_messages AS m USING (alert_id) WHERE a.resolved_at IS NULL
$$;
SELECT is(watched(), 'stale_feed', 'without the Vault there is an alert and nothing else');
\ir ../stand_ins/vault.sql
SELECT is(watched(), 'stale_feed', 'without the secret');
SELECT is(timesheet.alert_warning(), NULL, '… which is no fault');
SELECT vault.create_secret('http://127.0.0.1/hook?key=s3cret', 'timesheet_alert_webhook_url');
CREATE FUNCTION spec.secret(given text) RETURNS void LANGUAGE sql AS $$
  UPDATE vault.secrets SET secret = given WHERE name = 'timesheet_alert_webhook_url'
$$;
CREATE FUNCTION spec.url_of(given text) RETURNS text LANGUAGE sql AS $$
  SELECT secret(given);
  SELECT coalesce(u.url, 'none') FROM timesheet.alert_webhook_url() AS u
$$;
SELECT is(url_of(s.given), 'none', 'no address to post to: ' || replace(s.given, E'\n', ' '))
FROM unnest(ARRAY['http://example.com/x', 'http://127.0.0.1/x', 'example.com',
  'https://', 'https://user:pass@example.com/x', 'https://example.com/a b', E'https://example.com/\n',
  E'https://example.com\\@evil.example/', 'ftp://example.com', '']) AS s (given);
SELECT matches(timesheet.alert_warning(), '^the secret timesheet_alert_webhook_url in the Vault is no address that '
  'begins with https://', 'which is a warning');
SELECT secret('http://127.0.0.1/hook?key=s3cret');
SELECT ok(strpos(timesheet.alert_warning(), 's3cret') = 0, 'that does not quote it');
SELECT is(watched(), 'stale_feed', 'and nothing is posted');
SELECT secret('https://hooks.slack.com/services/s3cret');
SELECT is(watched(), 'stale_feed', 'without pg_net');
SELECT matches(timesheet.alert_warning(), '^the Vault has timesheet_alert_webhook_url, but pg_net is not installed',
  'which is a warning too');
\ir ../stand_ins/pg_net.sql
SELECT matches(timesheet.alert_warning(), 'but the job timesheet-update-alerts is not scheduled',
  'so is a missing job');
INSERT INTO timesheet.scheduled_jobs (name, role_name, job_id, role_oid, job_table, system_identifier)
SELECT 'timesheet-update-alerts', current_user, 0, r.oid, 0, 0 FROM pg_roles AS r WHERE r.rolname = current_user;
SELECT matches(timesheet.alert_warning(), '^[0-9]+ roles? may read net.http_request_queue, where the secret', 'and who '
  'may read what waits') WHERE EXISTS (SELECT FROM pg_roles AS r WHERE r.rolcanlogin AND NOT r.rolsuper
    AND r.rolname <> current_user);
REVOKE ALL ON net.http_request_queue FROM PUBLIC;
SELECT is(timesheet.alert_warning(), NULL, 'nothing is wrong');

-- A pass was made, or is at work
UPDATE timesheet.settings SET pass_silence = '03:00';
SELECT is(watched(), 'stale_feed', 'a pass within pass_silence: it is for timesheetd to report');
UPDATE timesheet.settings SET pass_silence = '00:10';
SELECT timesheet.record_pass('contacts', 'failed');
SELECT is(watched(), 'stale_feed', 'a pass that leaves no run, and failed, is one too');
UPDATE timesheet.pass_failures SET last_at = now() - interval '11 minutes';
INSERT INTO timesheet.ingest_runs (command, status, started_at, finished_at, error)
VALUES ('sync', 'failed', now() - interval '1 hour', now() - interval '9 minutes', 'x');
SELECT is(watched(), 'stale_feed', 'a long one that ended lately too');
UPDATE timesheet.ingest_runs SET finished_at = now() - interval '11 minutes' WHERE status = 'failed';
INSERT INTO timesheet.ingest_runs (command, status, started_at) VALUES ('sync', 'running', now() + interval '9 days');
SELECT is(timesheet.last_pass_at(), now() - interval '11 minutes', 'a time in the future is that of a wrong clock');
SELECT is(watched(), 'stale_feed webhook began sent', 'then the database posts');
SELECT is(watched(), 'stale_feed webhook began sent', 'once');
SELECT is((SELECT count(*) FROM net.http_request_queue), 1::bigint, 'one request waits in pg_net');
SELECT is((SELECT concat_ws(' ', q.method, q.url, q.headers, q.timeout_milliseconds) FROM net.http_request_queue AS q),
  'POST https://hooks.slack.com/services/s3cret {"Content-Type": "application/json"} 10000', 'to the address');
SELECT is((SELECT convert_from(q.body, 'UTF8')::jsonb FROM net.http_request_queue AS q),
  (SELECT timesheet.webhook_json('slack', m.body)::jsonb FROM timesheet.webhook_messages AS m), 'in its form');
SELECT matches((SELECT m.body FROM timesheet.webhook_messages AS m),
  E'^Problem: Data from Jibble is out of date\nbegan .* [(]UTC[)]\nLast read: .* [(]UTC[)]\nWhat it means: .*\n'
  'What to do: .*\nalert [0-9]+$',
  'the same text as timesheetd''s');
SELECT is((SELECT count(*) FROM timesheet.webhook_messages AS m WHERE m::text ~ 's3cret|slack'), 0::bigint,
  'the address is in no table of ours');

-- timesheetd is back: the beginning is known, the end is its own to report
SELECT is(timesheet.queue_notifications('{}', true, NULL), 0, 'timesheetd does not report it again');
INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
SELECT 'sync', current_date - 3, current_date + 1, 'succeeded', now(), now();
SELECT timesheet.update_alerts();
SELECT is(timesheet.queue_notifications('{}', true, NULL), 0, 'nor its end within the hour');
UPDATE timesheet.webhook_messages SET created_at = created_at - interval '1 hour',
  sent_at = sent_at - interval '1 hour';
SELECT is(timesheet.queue_notifications('{}', true, NULL), 1, 'but after it');
SELECT matches((SELECT m.body FROM timesheet.webhook_messages AS m WHERE m.state = 'queued'), '^Over: Data from Jibble',
  'as an end');

-- Within the hour of the kind, and what timesheetd left in the queue
UPDATE timesheet.webhook_messages SET state = 'sent', sent_at = now() WHERE state = 'queued';
CREATE FUNCTION spec.dies() RETURNS void LANGUAGE sql AS $$
  UPDATE timesheet.ingest_runs SET started_at = started_at - interval '3 hours',
    finished_at = finished_at - interval '3 hours';
  UPDATE timesheet.pass_failures SET last_at = last_at - interval '3 hours';
$$;
SELECT dies();
SELECT is(watched(), 'stale_feed', 'stale again within the hour: not posted');
SELECT is((SELECT count(*) FROM net.http_request_queue), 1::bigint, 'no request');
UPDATE timesheet.webhook_messages SET created_at = created_at - interval '2 hours',
  sent_at = sent_at - interval '2 hours';
SELECT timesheet.queue_notifications('{}', true, 'https://hours.example.com');
SELECT timesheet.begin_webhook_message(m.webhook_message_id) FROM timesheet.next_webhook_message() AS m;
SELECT is(watched(), 'stale_feed webhook began sending', 'timesheetd is about to');
SELECT dies();
SELECT is(watched(), 'stale_feed webhook began sent', 'it died: the database posts what it left');
SELECT matches((SELECT convert_from(q.body, 'UTF8') FROM net.http_request_queue AS q ORDER BY q.id DESC LIMIT 1),
  'hours[.]example[.]com/health', 'with the text that it had');
SELECT timesheet.resolve_alert('stale_feed', '');
UPDATE timesheet.webhook_messages SET created_at = created_at - interval '2 hours',
  sent_at = sent_at - interval '2 hours';

-- What timesheetd left in the queue says the opposite: that the outage before is over
CREATE FUNCTION spec.fresh() RETURNS void LANGUAGE sql AS $$
  INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
  SELECT 'sync', current_date - 3, current_date + 1, 'succeeded', now(), now();
  SELECT timesheet.update_alerts();
  SELECT timesheet.queue_notifications('{}', true, 'https://hours.example.com');
$$;
CREATE FUNCTION spec.waiting() RETURNS text[] LANGUAGE sql AS $$
  SELECT array_agg(m.state || ' ' || split_part(m.body, ':', 1) ORDER BY m.webhook_message_id DESC)
  FROM (SELECT * FROM timesheet.webhook_messages ORDER BY webhook_message_id DESC LIMIT 2) AS m
$$;
SELECT fresh();
SELECT is((waiting())[1], 'queued Over', 'the end waits to be sent');
SELECT count(*) AS before FROM net.http_request_queue \gset
SELECT dies();
SELECT is(watched(), 'stale_feed webhook began sent', 'stale again, and no pass: the database posts');
SELECT is(waiting(), '{sent Problem,failed Over}', 'not what waits, but one message of all');
SELECT is((SELECT count(*) FROM net.http_request_queue), :before + 1::bigint, 'once');
SELECT matches((SELECT convert_from(q.body, 'UTF8')::jsonb ->> 'text' FROM net.http_request_queue AS q
    ORDER BY q.id DESC LIMIT 1), E'^Problem: .*\n2 times between .*, not over [(]UTC[)]\n.*'
  '\nhttps://hours[.]example[.]com/health\nalerts [0-9]+, [0-9]+$',
  'which says that it is not over, and links to the dashboard');
SELECT is(watched(), 'stale_feed webhook began sent', 'and no more');
SELECT is((SELECT count(*) FROM net.http_request_queue), :before + 1::bigint, '… requests');
SELECT is((SELECT array_agg(n.event ORDER BY n.event) FROM timesheet.alert_notifications AS n
    JOIN timesheet.webhook_messages AS m USING (webhook_message_id) WHERE m.state = 'failed'), NULL,
  'nothing counts as reported by the one that was not sent');
UPDATE timesheet.webhook_messages SET created_at = created_at - interval '2 hours',
  sent_at = sent_at - interval '2 hours';
SELECT fresh();
UPDATE timesheet.webhook_messages SET state = 'sent', sent_at = created_at - interval '2 hours',
  created_at = created_at - interval '2 hours' WHERE state = 'queued';
SELECT dies();

-- Acknowledged, and faults of pg_net
SELECT timesheet.update_alerts();
UPDATE timesheet.alerts SET acknowledged_at = now(), acknowledged_by = 'ann' WHERE resolved_at IS NULL;
DELETE FROM timesheet.alert_notifications;
DELETE FROM net.http_request_queue;
UPDATE timesheet.webhook_messages SET created_at = created_at - interval '2 hours',
  sent_at = sent_at - interval '2 hours';
SELECT is(watched(), 'stale_feed', 'one that a person acknowledged is not posted');
UPDATE timesheet.alerts SET acknowledged_at = NULL, acknowledged_by = NULL;
CREATE OR REPLACE FUNCTION net.http_post(
  url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
  headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds int DEFAULT 5000) RETURNS bigint
LANGUAGE plpgsql AS $$ BEGIN RAISE 'cannot post to %', url; END $$;
SELECT throws_ok($$SELECT timesheet.post_webhook('https://example.com/s3cret', 'x')$$, 'P0001',
  'cannot post to (the address)', 'a fault of pg_net does not show the address');
SET LOCAL client_min_messages = error;
SELECT is(watched(), 'stale_feed', 'a fault of pg_net keeps no alert from being raised');
SELECT is((SELECT count(*) FROM timesheet.webhook_messages AS m WHERE m.created_at > now() - interval '1 minute'),
  0::bigint, 'and nothing counts as sent');

SELECT * FROM finish();
ROLLBACK;
