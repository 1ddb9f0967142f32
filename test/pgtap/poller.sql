-- The poller that the database calls: which addresses it takes, what it finds missing, what is due, and what an answer
-- means. pg_net and the Vault are stand-ins; what is sent, and pg_cron, test_poller.py has.
\ir setup.sql
SELECT plan(116);

CREATE FUNCTION spec.refused(query text, code text, message text, hint text, what text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  said text;
  remedy text;
BEGIN
  EXECUTE query;
  RETURN fail(what || ': nothing was refused');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, remedy = PG_EXCEPTION_HINT;
  RETURN is(row(SQLSTATE, said LIKE message, remedy LIKE hint)::text, row(code, true, true)::text,
    replace(what || ': ' || said || ' / ' || remedy, E'\n', ' '));
END
$$;

-- The address.
SELECT is(timesheet.require_poller_url(v.given), v.taken, 'an address: ' || v.taken) FROM (VALUES
  ('https://jobs.example.com', 'https://jobs.example.com'),
  ('https://jobs.example.com/', 'https://jobs.example.com'),
  (E' https://jobs.example.com//\n', 'https://jobs.example.com'),
  ('HTTPS://Jobs.Example.com:8443/a/b-c_d.e~f/%7Eg', 'HTTPS://Jobs.Example.com:8443/a/b-c_d.e~f/%7Eg'),
  ('https://jobs.example.com:65535', 'https://jobs.example.com:65535'),
  ('https://[2001:db8::1]:443/x', 'https://[2001:db8::1]:443/x'),
  ('http://127.0.0.1:8080', 'http://127.0.0.1:8080'),
  ('http://127.9.8.7', 'http://127.9.8.7'),
  ('http://localhost:3000/web/', 'http://localhost:3000/web'),
  ('http://[::1]:8080', 'http://[::1]:8080')) AS v (given, taken);

SELECT refused(format('SELECT timesheet.require_poller_url(%L)', v.given), '22023', v.message, '%such as https://%',
  'no address: ' || coalesce(quote_literal(v.given), 'null')) FROM (VALUES
  (NULL, 'base_url is empty'),
  ('', 'base_url is empty'),
  (E' \t\n', 'base_url is empty'),
  ('///', 'base_url is empty'),
  ('jobs.example.com', '%is not https'),
  ('http://jobs.example.com', '%is not https'),
  ('http://127.0.0.1.example.com', '%is not https'),
  ('http://localhost.example.com', '%is not https'),
  ('http://127.0.0.1evil', '%is not https'),
  ('ftp://127.0.0.1', '%is not https'),
  ('file:///etc/passwd', '%is not https'),
  ('javascript:alert(1)', '%is not https'),
  ('https://', '%is not https'),
  ('https://jobs.example.com?', 'base_url "https://jobs.example.com" has a query %'),
  ('https://jobs.example.com/#x', 'base_url "https://jobs.example.com/" has a query %'),
  ('https://me:hunter2@jobs.example.com', 'base_url holds a user name or an @'),
  ('https://me@jobs.example.com?key=1', 'base_url holds a user name or an @'),
  ('https:///jobs', '%no address that can be called'),
  ('https://.', '%no address that can be called'),
  ('https://a b', '%no address that can be called'),
  ('https://a/b c', '%no address that can be called'),
  (E'https://a\n.example.com', '%no address that can be called'),
  (E'https://a/\\x', '%no address that can be called'),
  ('https://a//b', '%no address that can be called'),
  ('https://a/%zz', '%no address that can be called'),
  ('https://a:0', '%no address that can be called'),
  ('https://a:65536', '%no address that can be called'),
  ('https://a:x', '%no address that can be called'),
  ('https://bücher.example', '%no address that can be called'),
  ('https://a''); DROP TABLE timesheet.agents; --', '%no address that can be called'),
  ('https://a/$$; DROP TABLE timesheet.agents; $$', '%no address that can be called'),
  ('https://"a"', '%no address that can be called'),
  ('https://a/' || repeat('x', 2000), '%no address that can be called')) AS v (given, message);
SELECT throws_like($$SELECT timesheet.require_poller_url('https://me:hunter2@a')$$, '%@', 'a password is refused');
SELECT unalike((SELECT pg_get_functiondef('timesheet.require_poller_url(text)'::regprocedure)), '%EXECUTE%',
  'and no address is run');

-- What is missing, one after another.
SELECT refused('SELECT timesheet.require_pg_net()', '0A000', 'pg_net is not installed in database %',
  'Run CREATE EXTENSION pg_net.%', 'without pg_net');
CREATE SCHEMA net;
SELECT refused('SELECT timesheet.require_pg_net()', '0A000', 'pg_net is not installed in database %',
  'Run CREATE EXTENSION pg_net.%', 'nor is a schema of its name pg_net');
DROP SCHEMA net;
\ir ../stand_ins/pg_net.sql
SELECT lives_ok('SELECT timesheet.require_pg_net()', 'with it, all is there');
SELECT refused('SELECT timesheet.poller_secret()', '0A000', 'Supabase''s Vault is not installed in database %',
  'Run CREATE EXTENSION supabase_vault%vault.create_secret(%timesheet_cron_secret%', 'without the Vault');
\ir ../stand_ins/vault.sql
SELECT refused('SELECT timesheet.poller_secret()', '55000', 'the Vault has no secret named timesheet_cron_secret',
  'Run SELECT vault.create_secret(''…'', ''timesheet_cron_secret'')%', 'without the secret');
SELECT vault.create_secret(repeat('x', 31), 'timesheet_cron_secret') AS secret_id \gset
SELECT refused('SELECT timesheet.poller_secret()', '22023', '%has only 31 characters',
  'Run SELECT vault.update_secret(s.id, %', 'with a short secret');
SELECT refused(format('SELECT vault.update_secret(%L, %L); SELECT timesheet.poller_secret()', :'secret_id', v.given),
  '22023', '%has a blank, a line end or a letter beyond ASCII', 'Run SELECT vault.update_secret(%', 'with ' || v.what)
FROM (VALUES (repeat('x', 40) || E'\n', 'a line end'), (repeat('x ', 20), 'blanks'), (repeat('é', 40), 'accents'),
  (repeat('x', 40) || E'\r\nX-Evil: 1', 'another header')) AS v (given, what);
SELECT vault.update_secret(:'secret_id', repeat('s', 32));
SELECT is(timesheet.poller_secret(), repeat('s', 32), 'with 32 characters it is taken');
SELECT vault.update_secret(:'secret_id', repeat('t', 40));
SELECT is(timesheet.poller_secret(), repeat('t', 40), 'and another one at once');

-- What is called.
SELECT refused($$SELECT timesheet.call_job('sync')$$, '55000', 'no poller is scheduled',
  'Run SELECT timesheet.schedule_poller(%', 'before it is scheduled');
INSERT INTO timesheet.poller (base_url) VALUES ('https://jobs.example.com');
SELECT refused($$SELECT timesheet.call_job('probe')$$, '22023', '"probe" is no job of the poller',
  'Use one of sync, nightly, contacts, digests, backfill.', 'a job that is none');
SELECT refused('SELECT timesheet.call_job(NULL)', '22023', '"<NULL>" is no job of the poller', 'Use one of %', 'none');
SELECT isnt(timesheet.call_job('sync'), NULL, 'a sync is called');
SELECT is((SELECT to_jsonb(q) - 'id' || jsonb_build_object('body', convert_from(q.body, 'UTF8'))
    FROM net.http_request_queue AS q),
  jsonb_build_object('method', 'POST', 'url', 'https://jobs.example.com/jobs/sync', 'body', '{}',
    'timeout_milliseconds', 300000, 'headers', jsonb_build_object('Authorization', 'Bearer ' || repeat('t', 40),
      'Content-Type', 'application/json')), 'by POST, with the secret in the header');
SELECT is(timesheet.call_job('sync'), NULL, 'not again while it waits for its answer');

-- What an answer means. request() is the last call's number; answered() is an answer that pg_net recorded.
CREATE FUNCTION spec.answered(of_status int, content text DEFAULT NULL, timed_out boolean DEFAULT false,
  error_msg text DEFAULT NULL, of_job text DEFAULT 'sync') RETURNS text
LANGUAGE sql AS $$
  INSERT INTO net._http_response (id, status_code, content, timed_out, error_msg)
  SELECT c.request_id, of_status, content, answered.timed_out, answered.error_msg
  FROM timesheet.poller_calls AS c WHERE c.job = of_job AND c.answered_at IS NULL;
  SELECT timesheet.call_job(of_job);
  SELECT coalesce((SELECT a.detail FROM timesheet.alerts AS a
    WHERE a.kind = 'poller_unreachable' AND a.subject = of_job AND a.resolved_at IS NULL), 'no alert')
$$;
SELECT is(answered(200, '{"job": "sync", "exit": 0, "seconds": 3, "message": "sync finished"}'), 'no alert',
  'one that worked raises no alert');
SELECT is((SELECT poller_reached_at FROM timesheet.feed_health), now(), 'and feed_health says that it worked');
SELECT is((SELECT poller_error FROM timesheet.feed_health), NULL, 'and no error');
SELECT alike(answered(v.status, v.content, v.timed_out, v.error_msg), 'the call of sync on % failed: ' || v.said,
  v.what)
FROM (VALUES
  (401, '{"error": "no"}', false, NULL,
    'https://jobs.example.com/jobs/sync answered 401: the secret timesheet_cron_secret%', 'a wrong secret'),
  (403, '<html>', false, NULL, '%answered 403: the secret%', 'a login in front of it'),
  (404, 'not found', false, NULL, '%answered 404: check the address, and that the deployment has CRON_SECRET%',
    'a wrong address'),
  (500, '{"job": "sync", "exit": 1, "seconds": 3, "message": "Jibble answered 401\nnow"}', false, NULL,
    '%answered 500: Jibble answered 401 now', 'a pass that failed, with its message on one line'),
  (500, '{"job": "sync", "message": "a\u0000b \ud800"}', false, NULL, E'%answered 500: a\uFFFDb \uFFFD',
    'also one that PostgreSQL cannot hold'),
  (502, '<html>secret</html>', false, NULL, '%answered 502: see the log of the deployment',
    'what is not of ours is not shown'),
  (200, '<html>parked</html>', false, NULL, '%answered 200, but not as the jobs of timesheet do: check the address%',
    'a page of another site'),
  (200, NULL, false, NULL, '%answered 200, but not as the jobs%', 'nothing'),
  (200, '{"job": "nightly"}', false, NULL, '%answered 200, but not as the jobs%', 'another job'),
  (200, '["sync"]', false, NULL, '%answered 200, but not as the jobs%', 'no object'),
  (302, NULL, false, NULL, '%answered 302, but not as the jobs%', 'a redirection without an end'),
  (NULL, NULL, true, 'Timeout of 300000 ms reached', '%did not answer within 5 minutes%JOB_SECONDS is below 300',
    'no answer in time'),
  (NULL, NULL, false, E'Could not\nconnect', '%could not be reached (Could not connect): check the address%',
    'no connection'),
  (NULL, NULL, NULL, NULL, '%could not be reached (no reason given)%', 'no reason')
) AS v (status, content, timed_out, error_msg, said, what);
SELECT is((SELECT count(*) FROM timesheet.alerts WHERE kind = 'poller_unreachable'), 1::bigint,
  'one alert of a job, whatever fails next');
SELECT alike((SELECT poller_error FROM timesheet.feed_health), 'the call of sync on %could not be reached%',
  'which feed_health shows');
SELECT is((SELECT poller_reached_at FROM timesheet.feed_health), now(), 'and when it last worked');
SELECT alike(answered(409, '{"job": "sync"}'), '%could not be reached%', 'another pass at work resolves nothing');
SELECT alike(answered(409, 'anything'), '%answered 409%', 'and only our own answer says so');
SELECT is(answered(200, '{"job": "sync"}'), 'no alert', 'one that works does');
SELECT is(answered(409, '{"job": "sync"}'), 'no alert', 'and another pass at work is no failure');
SELECT unalike((SELECT string_agg(to_jsonb(c)::text, '') FROM timesheet.poller_calls AS c), '%ttttt%',
  'no call keeps the secret');

-- Without an answer: pg_net lost it, or its table was emptied.
SELECT timesheet.call_job('sync');
UPDATE timesheet.poller_calls SET called_at = now() - interval '10 minutes' WHERE answered_at IS NULL;
SELECT is(timesheet.call_job('contacts') IS NULL, false, 'another job is called meanwhile');
SELECT is((SELECT count(*) FROM timesheet.alerts WHERE resolved_at IS NULL), 0::bigint, 'ten minutes are not too long');
UPDATE timesheet.poller_calls SET called_at = now() - interval '12 minutes'
WHERE answered_at IS NULL AND job = 'sync';
SELECT alike(answered(200, '{"job": "contacts"}', of_job => 'contacts'), 'no alert', 'the contacts came');
SELECT alike((SELECT detail FROM timesheet.alerts WHERE resolved_at IS NULL),
  'the call of sync on % failed: pg_net recorded no answer of https://jobs.example.com/jobs/sync%', 'twelve are');
SELECT isnt(timesheet.call_job('sync'), NULL, 'and the next one is called');
SELECT is(answered(200, '{"job": "sync"}'), 'no alert', 'which resolves it');

-- After a crash pg_net counts from 1 again.
INSERT INTO net._http_response (id, status_code, created)
SELECT c.request_id, 500, now() - interval '1 hour' FROM timesheet.poller_calls AS c
WHERE c.job = 'sync' AND c.answered_at IS NULL;
SELECT is((SELECT count(*) FROM timesheet.poller_calls AS c JOIN net._http_response AS r ON r.id = c.request_id
  WHERE c.answered_at IS NULL AND r.status_code = 500), 1::bigint, 'an older answer has the number of this call');
SELECT is(timesheet.collect_answers(), 0::bigint, 'and is not taken for its own');

-- The secret goes, or pg_net: an alert, and no error that would leave none.
SELECT answered(200, '{"job": "sync"}');
DELETE FROM timesheet.poller_calls WHERE answered_at IS NULL;
DELETE FROM vault.secrets;
SELECT isnt(timesheet.call_job('sync'), NULL, 'a call without the secret is recorded');
SELECT alike((SELECT poller_error FROM timesheet.feed_health),
  'the call of sync on % failed: the Vault has no secret named timesheet_cron_secret; Run SELECT vault.create_secret(%',
  'with the remedy');
SELECT isnt(vault.create_secret(repeat('u', 32), 'timesheet_cron_secret'), NULL, 'the secret is back');
ALTER SCHEMA net RENAME TO elsewhere;
SELECT isnt(timesheet.call_job('sync'), NULL, 'a call without pg_net is recorded');
SELECT alike((SELECT poller_error FROM timesheet.feed_health), '%failed: pg_net is not installed%', 'with the remedy');
ALTER SCHEMA elsewhere RENAME TO net;
SELECT isnt(timesheet.call_job('sync'), NULL, 'with it again a call is made');

-- Refused (409), as another pass is at work: the nightly and the backfill get their turn, and what never does is seen.
CREATE FUNCTION spec.called(of_job text, ago interval, status int DEFAULT 409) RETURNS void
LANGUAGE sql AS $$
  WITH call AS (
    INSERT INTO timesheet.poller_calls (job, url, called_at) VALUES (of_job, 'https://x', now() - ago)
    RETURNING poller_call_id)
  SELECT timesheet.record_outcome(c.poller_call_id, called.status, NULL) FROM call AS c
$$;
CREATE FUNCTION spec.alert_of(of_job text) RETURNS text
LANGUAGE sql AS $$
  SELECT coalesce((SELECT a.detail FROM timesheet.alerts AS a
    WHERE a.kind = 'poller_unreachable' AND a.subject = of_job AND a.resolved_at IS NULL), 'no alert')
$$;
DELETE FROM timesheet.poller_calls;
SELECT called('nightly', '4 minutes');
SELECT is(timesheet.call_job('sync'), NULL, 'a sync is left out while a nightly that was refused is due');
SELECT isnt(timesheet.call_job('contacts'), NULL, 'other jobs, whose lock is another, are called');
SELECT isnt(timesheet.call_job('nightly'), NULL, 'and it has its turn');
SELECT isnt(timesheet.call_job('sync'), NULL, 'after which the sync is called again');
DELETE FROM timesheet.poller_calls;
SELECT called('nightly', '16 minutes');
SELECT isnt(timesheet.call_job('sync'), NULL, 'one that does not come again, as it is paused, holds up no sync');
DELETE FROM timesheet.poller_calls;
SELECT called('nightly', '4 minutes');
INSERT INTO timesheet.ingest_runs (command, status, started_at) VALUES ('nightly', 'succeeded', now());
SELECT isnt(timesheet.call_job('sync'), NULL, 'nor does one that is not due any more');
DELETE FROM timesheet.poller_calls;
UPDATE timesheet.poller SET backfill_since = (now() AT TIME ZONE 'UTC')::date - 100;
SELECT called('backfill', '4 minutes');
SELECT is(timesheet.call_job('sync'), NULL, 'a backfill gets its turn likewise');
UPDATE timesheet.poller SET backfill_since = NULL;
SELECT called('digests', '4 minutes');
SELECT isnt(timesheet.call_job('sync'), NULL, 'and a job that shares no lock with the sync does not matter');

DELETE FROM timesheet.poller_calls;
SELECT called('contacts', '180 minutes');
SELECT called('contacts', '61 minutes');
SELECT is(alert_of('contacts'), 'no alert', 'refused for less than two hours, that is no trouble');
SELECT called('contacts', '60 minutes');
SELECT alike(alert_of('contacts'), 'contacts could not begin since % (UTC), as another pass was at work at each call %',
  'after two hours it is an alert');
SELECT called('contacts', '0');
SELECT isnt(alert_of('contacts'), 'no alert', 'which another refusal does not resolve');
SELECT called('contacts', '0', 200);
SELECT is(alert_of('contacts'), 'no alert', 'but a call that worked');
SELECT called('contacts', '0');
SELECT is(alert_of('contacts'), 'no alert', 'and what came before that does not count');
DELETE FROM timesheet.poller_calls;
SELECT called('nightly', v.ago::interval) FROM (VALUES ('24 hours'), ('22 hours 30 minutes'), ('0')) AS v (ago);
SELECT is(alert_of('nightly'), 'no alert', 'nor do the refusals of the night before');

SELECT * FROM finish();
ROLLBACK;
