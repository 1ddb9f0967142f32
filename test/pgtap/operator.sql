-- What staff change from the dashboard, and the record of it; corrections that are taken back.
\ir setup.sql
SELECT no_plan();

CREATE FUNCTION spec.client_group(n int) RETURNS int LANGUAGE sql AS $$
  SELECT g.client_group_id FROM timesheet.client_groups AS g WHERE g.jibble_id = guid('group', n)
$$;
CREATE FUNCTION spec.placed(n int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', e.workday, g.name) FROM timesheet.time_entries AS e
  LEFT JOIN timesheet.client_groups AS g USING (client_group_id) WHERE e.jibble_activity_id = guid('event', n)
$$;
CREATE FUNCTION spec.recorded() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', o.actor, o.action, o.arguments, o.result), E'\n' ORDER BY o.operator_action_id)
  FROM timesheet.operator_actions AS o
$$;
SELECT feed('Groups', format('{"id": "%s", "name": "Acme"}', guid('group', 1)),
  format('{"id": "%s", "name": "Bolt"}', guid('group', 2)));
SELECT feed('People', person(1, client_group => guid('group', 1)), person(2, client_group => guid('group', 1)));
SELECT feed('TimeEntries',
  event(1, 1, '2026-03-02 21:00', 'In'), event(2, 1, '2026-03-03 06:00', 'Out'),
  event(3, 2, '2026-03-03 06:00', 'In'));

-- An actor
SELECT throws_ok($$SELECT timesheet.operate_resend_digest(NULL, 'a@example.com', '2026-03-02')$$, '22023',
  'the actor is null', 'without an actor nothing is done');
SELECT throws_ok($$SELECT timesheet.operate_acknowledge_alert(E' \t\u200B', 1)$$, '22023', 'the actor is blank',
  'nor by one that is blank to the eye');
SELECT throws_ok(format($$SELECT timesheet.operate_acknowledge_alert(%L, 1)$$, repeat('a', 321)), '22023',
  'the actor has 321 characters, not 320 at most', 'nor by a whole text');
SELECT is(recorded(), NULL, 'what failed is not recorded');

-- Corrections, and taking them back
SELECT is(timesheet.operate_set_working_time('ann@example.com', '2026-03-03', for_client_group => client_group(1),
  day_cutoff => '12:00', request => guid('request', 1)), 2::bigint,
  'a cut-off from noon moves both entries of the 3rd');
SELECT is(placed(2) || ', ' || placed(3), '2026-03-02 Acme, 2026-03-02 Acme', 'R3: to the workday before');
SELECT is(timesheet.operate_set_working_time('ann@example.com', '2026-03-03', for_client_group => client_group(1),
  day_cutoff => '12:00', request => guid('request', 1)), 2::bigint, 'the same form sent again gets the first answer');
SELECT is((SELECT count(*) FROM timesheet.corrections), 1::bigint, 'and did nothing');
SELECT throws_ok(format($$SELECT timesheet.operate_revoke_correction('bob@example.com', 1, %L)$$, guid('request', 1)),
  '22023', format('request %s was for set_working_time, not for revoke_correction', guid('request', 1)),
  'an id of another form is refused');
SELECT is((SELECT concat_ws(' ', c.kind, c.client_group_id = client_group(1), c.since_date, c.day_cutoff, c.actor,
    c.revoked_at) FROM timesheet.corrections AS c), 'working_time t 2026-03-03 12:00:00 ann@example.com',
  'who made it can be listed');
SELECT timesheet.operate_assign_client_group(' ann@example.com ', agent(1), client_group(2), '2026-03-03 00:00+08');
SELECT is(placed(1) || ', ' || placed(2), '2026-03-02 Acme, 2026-03-03 Bolt',
  'an agent is assigned from an instant, and what Bolt does not have, a cut-off, counts no more');
SELECT is((SELECT c.actor FROM timesheet.corrections AS c WHERE c.kind = 'client_group'), 'ann@example.com',
  'blanks around an actor are not part of the name');
SELECT is(timesheet.operate_revoke_correction('bob@example.com', (
  SELECT c.correction_id FROM timesheet.corrections AS c WHERE c.kind = 'client_group')), 1::bigint,
  'one entry is where Jibble has it again');
SELECT is(placed(2), '2026-03-02 Acme', 'a client group that was taken back counts no more');
SELECT is(timesheet.revoke_correction((
  SELECT c.correction_id FROM timesheet.corrections AS c WHERE c.kind = 'working_time')), 2::bigint,
  'so for a cut-off of a whole client group');
SELECT is(placed(2) || ', ' || placed(3), '2026-03-03 Acme, 2026-03-03 Acme', 'each is where Jibble has it again');
SELECT is((SELECT count(*) FROM timesheet.corrections AS c WHERE c.revoked_at IS NOT NULL), 2::bigint,
  'they stay as a record');
SELECT throws_ok($$SELECT timesheet.revoke_correction((SELECT min(c.correction_id) FROM timesheet.corrections AS c))$$,
  '55000', NULL, 'none is taken back twice');
SELECT throws_ok($$SELECT timesheet.revoke_correction(4711)$$, 'P0002', 'there is no correction 4711',
  'nor an unknown one');
SELECT timesheet.replay();
SELECT is(placed(2) || ', ' || placed(3), '2026-03-03 Acme, 2026-03-03 Acme', 'a replay gives the same');
SELECT is(timesheet.operate_set_working_time('ann@example.com', '2026-03-03', for_client_group => client_group(1),
  day_cutoff => '12:00'), 2::bigint, 'it can be made again');

-- What a correction would do
SELECT is(timesheet.revoke_correction(max(c.correction_id)), 2::bigint, 'taken back')
FROM timesheet.corrections AS c WHERE c.revoked_at IS NULL;
INSERT INTO timesheet.contacts (email) VALUES ('client@acme.example');
INSERT INTO timesheet.digest_deliveries (contact_id, week, revision, email, content, through_raw_event, state)
SELECT c.contact_id, w.week, w.revision, c.email, '{}', 0, w.state FROM timesheet.contacts AS c
CROSS JOIN (VALUES (date '2026-03-02', 1, 'sent'), ('2026-03-02', 2, 'sent'), ('2026-03-02', 3, 'failed'),
  ('2026-02-23', 1, 'sent')) AS w (week, revision, state);
INSERT INTO timesheet.digest_reported_weeks (delivery_id, week, client_group_id, first_day)
SELECT d.delivery_id, d.week, client_group(1), d.week FROM timesheet.digest_deliveries AS d;
CREATE FUNCTION spec.preview(kind text, arguments jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', p.entries, p.weeks, (SELECT string_agg(concat_ws(' ', e ->> 'email', e ->> 'week', d.revision),
    ', ') FROM jsonb_array_elements(p.digests) AS e
    JOIN timesheet.digest_deliveries AS d ON d.delivery_id = (e ->> 'delivery')::bigint))
  FROM timesheet.preview_correction(kind, arguments) AS p
$$;
SELECT is(preview('set_working_time', jsonb_build_object('since', '2026-03-03', 'for_client_group', client_group(1),
  'day_cutoff', '12:00')), '2 {2026-03-02} client@acme.example 2026-03-02 2',
  'two entries of one week, and the last digest of it that was sent');
SELECT is(preview('assign_client_group', jsonb_build_object('since', '2026-03-03 00:00+08', 'for_agent', agent(1),
  'for_client_group', client_group(2))), '1 {2026-03-02} client@acme.example 2026-03-02 2',
  'one entry to another client');
SELECT is(preview('assign_client_group', jsonb_build_object('since', '2026-03-04 00:00+08', 'for_agent', agent(1),
  'for_client_group', client_group(2))), '0 {}', 'none after the last');
SELECT is(preview('set_working_time', jsonb_build_object('since', '2026-03-03', 'for_agent', agent(2),
  'day_cutoff', '00:30')), '1 {2026-03-02} client@acme.example 2026-03-02 2',
  'one without an end goes on until another end of its workday');
UPDATE timesheet.digest_deliveries SET state = 'in_doubt' WHERE state = 'sent' AND revision = 2;
SELECT is(preview('set_working_time', jsonb_build_object('since', '2026-03-03', 'for_agent', agent(2),
  'day_cutoff', '00:30')), '1 {2026-03-02} client@acme.example 2026-03-02 2', 'one in doubt may have arrived');
SELECT is(placed(2) || ', ' || placed(3), '2026-03-03 Acme, 2026-03-03 Acme', 'nothing was changed');
SELECT is((SELECT count(*) FROM timesheet.corrections AS c WHERE c.revoked_at IS NULL), 0::bigint, 'nor made');
SELECT throws_ok($$SELECT * FROM timesheet.preview_correction('revoke_correction', '{"correction": 4711}')$$, 'P0002',
  'there is no correction 4711', 'errors are those of the function');
SELECT throws_ok($$SELECT * FROM timesheet.preview_correction('erase', '{}')$$, '22023', NULL, 'an unknown kind');
SELECT throws_ok(format($$SELECT * FROM timesheet.preview_correction('erase', %L)$$, given), '22023',
  format('the arguments are %s, not an object', coalesce(given, 'null')), 'arguments without names')
FROM (VALUES ('[]'), ('1'), (NULL)) AS t (given);

-- A client group
SELECT timesheet.operate_set_client_group('ann@example.com', client_group(2), 'america/new_york', 7);
SELECT is((SELECT g.time_zone || ' ' || g.week_starts_on FROM timesheet.client_groups AS g WHERE g.name = 'Bolt'),
  'America/New_York 7', 'a client''s zone and week');
SELECT timesheet.operate_set_client_group('ann@example.com', client_group(2), NULL, NULL);
SELECT is((SELECT concat(g.time_zone, g.week_starts_on) FROM timesheet.client_groups AS g WHERE g.name = 'Bolt'), '',
  'null is the default');
SELECT throws_ok($$SELECT timesheet.operate_set_client_group('a', client_group(2), NULL, 8)$$, '22023', NULL,
  'there is no eighth day');
SELECT throws_ok($$SELECT timesheet.operate_set_client_group('a', client_group(2), 'Mars/Phobos', 1)$$, '23514',
  'time zone "Mars/Phobos" is not known, which violates "client_group_time_zone_must_be_in_pg_timezone_names"',
  'nor such a zone');
SELECT throws_ok($$SELECT timesheet.operate_set_client_group('a', 4711, NULL, 1)$$, '22023',
  'there is no client group 4711', 'nor such a client');

-- Settings
SELECT is(timesheet.operate_update_settings('ann@example.com', '{"long_session": "10:00", "week_starts_on": 7}',
  '{"long_session": "12:00:00", "week_starts_on": 1}') ->> 'long_session', '10:00:00', 'settings, as they are then');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '{"long_session": "11:00", "digest_time": "09:00"}',
  '{"long_session": "12:00"}')$$, '40001', 'the setting long_session is 10:00:00, not 12:00:00 as you saw it',
  'a stale form changes nothing');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '{"long_sesion": "11:00"}')$$, '22023',
  'there is no setting "long_sesion"', 'an unknown setting');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '{"digest_time": "09:00", "long_session": "soon"}')$$,
  '22023', 'the setting long_session cannot be soon: invalid input syntax for type interval: "soon"', 'no value');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '{"digest_time": "09:00", "long_session": "20:00"}')$$,
  '23514', NULL, 'what does not go together');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '{"singleton": false}')$$, '22023',
  'there is no setting "singleton"', 'what is no setting');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '["digest_time"]')$$, '22023', NULL, 'no object');
SELECT is((SELECT s.long_session || ' ' || s.digest_time || ' ' || s.week_starts_on FROM timesheet.settings AS s),
  '10:00:00 08:00:00 7', 'all or nothing');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '{"engine": "fast"}')$$, '22023', NULL,
  'an engine that there is not');
SELECT throws_ok($$SELECT timesheet.operate_update_settings('a', '{"digest_time": "09:00", "day_cutoff": null}')$$,
  '22023', 'the setting day_cutoff cannot be null', 'no value');
SELECT timesheet.operate_update_settings('ann@example.com', '{"keep_payloads": "400 days"}', '{"keep_payloads": null}');
SELECT timesheet.operate_update_settings('ann@example.com', '{"keep_payloads": null}');
SELECT is((SELECT array_agg(o.arguments ORDER BY o.operator_action_id DESC) FROM (
    SELECT * FROM timesheet.operator_actions ORDER BY operator_action_id DESC LIMIT 2) AS o),
  ARRAY['{"changes": {"keep_payloads": null}}'::jsonb,
    '{"seen": {"keep_payloads": null}, "changes": {"keep_payloads": "400 days"}}'],
  'a value that was taken away is recorded as such');

-- Contacts and alerts
INSERT INTO timesheet.contacts (email, unsubscribed_at, subscribed_since)
VALUES ('client@example.com', now() - interval '1 day', '2026-01-01');
SELECT timesheet.operate_resubscribe('ann@example.com', 'Client@Example.com');
SELECT is((SELECT c.unsubscribed_at IS NULL AND c.subscribed_since = now() FROM timesheet.contacts AS c
  WHERE c.email = 'client@example.com'), true,
  'a contact is subscribed again, from now on');
SELECT throws_ok($$SELECT timesheet.operate_resubscribe('a', 'client@example.com')$$, '55000',
  'client@example.com has not unsubscribed', 'once');
SELECT throws_ok($$SELECT timesheet.operate_resubscribe('a', 'x@example.com')$$, 'P0002', NULL, 'no unknown contact');
SELECT timesheet.raise_alert('failing_runs', '', 'three runs failed');
SELECT timesheet.operate_acknowledge_alert('ann@example.com', (SELECT max(a.alert_id) FROM timesheet.alerts AS a));
SELECT is((SELECT a.acknowledged_by || ' ' || (a.resolved_at IS NULL) FROM timesheet.alerts AS a
  WHERE a.kind = 'failing_runs'), 'ann@example.com true', 'an alert is acknowledged, and stays open');
SELECT throws_ok($$SELECT timesheet.operate_acknowledge_alert('bob', max(a.alert_id)) FROM timesheet.alerts AS a$$,
  '55000', NULL, 'once');
SELECT throws_ok($$SELECT timesheet.operate_acknowledge_alert('bob', 4711)$$, '55000', 'alert 4711 does not exist',
  'no unknown one');
SELECT throws_ok($$SELECT timesheet.operate_resend_digest('bob', 'x@example.com', '2026-03-02')$$, 'P0002', NULL,
  'what the function refuses is refused');
SELECT throws_ok(format($$SELECT timesheet.operate_resend_digest('bob', 'client@example.com', %L)$$, given), '22023',
  format('the week is %s', coalesce(given, 'null')), 'a week that there is not')
FROM (VALUES (NULL), ('infinity'), ('-infinity'), ('1969-12-31'), ('5874897-12-31')) AS t (given);
SELECT throws_ok($$SELECT timesheet.operate_resolve_delivery('bob', 4711, true)$$, '55000', NULL, 'likewise');

-- The record
SELECT is((SELECT string_agg(concat_ws(' ', o.actor, o.action, o.arguments), E'\n' ORDER BY o.operator_action_id)
    FROM timesheet.operator_actions AS o WHERE o.operator_action_id <= (
      SELECT min(operator_action_id) + 2 FROM timesheet.operator_actions)),
  format(E'ann@example.com set_working_time {"since": "2026-03-03", "day_cutoff": "12:00:00", "for_client_group": %s}\n'
      'ann@example.com assign_client_group '
      '{"since": "2026-03-02T16:00:00+00:00", "for_agent": %s, "for_client_group": %s}\n'
      'bob@example.com revoke_correction {"correction": %s}', client_group(1), agent(1), client_group(2),
      (SELECT min(c.correction_id) FROM timesheet.corrections AS c WHERE c.kind = 'client_group')),
  'who did what, in order');
SELECT throws_ok($$UPDATE timesheet.operator_actions SET actor = 'mallory'$$, '55000', NULL, 'it is not changed');
SELECT throws_ok($$DELETE FROM timesheet.operator_actions$$, '55000', NULL, 'nor deleted');
SELECT throws_ok($$TRUNCATE timesheet.operator_actions$$, '55000', NULL, 'nor emptied');

SELECT * FROM finish();
ROLLBACK;
