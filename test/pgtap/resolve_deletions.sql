-- What a person decides of deletions that are held back.
\ir setup.sql
SELECT no_plan();

CREATE FUNCTION spec.alert(about text) RETURNS bigint LANGUAGE sql AS $$
  SELECT a.alert_id FROM timesheet.alerts AS a WHERE a.subject = about AND a.resolved_at IS NULL
$$;
CREATE FUNCTION spec.live() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(right(e.jibble_activity_id::text, 1), ' ' ORDER BY e.jibble_activity_id)
  FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL
$$;
SELECT feed('People', person(1), person(2));
SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In'), event(2, 1, '2026-03-02 17:00', 'Out'),
  event(3, 2, '2026-03-02 09:00', 'In'), event(4, 2, '2026-03-02 17:00', 'Out'));
CREATE FUNCTION spec.hold() RETURNS int LANGUAGE sql AS $$
  SELECT timesheet.hold_deletions(r.run, 'TimeEntries', '2026-03-01', '2026-03-08',
    ARRAY[guid('event', 1), guid('event', 2), guid('event', 3), guid('event', 4)],
    ARRAY[guid('person', 1), guid('person', 1), guid('person', 2), guid('person', 2)],
    array_fill('person_deleted'::text, ARRAY[4]))
  FROM (SELECT timesheet.begin_run('sync', '2026-03-01', '2026-03-08') AS run) AS r
$$;
SELECT hold();
SELECT is(live(), '1 2 3 4', 'what is held back counts');

SELECT throws_ok($$SELECT timesheet.operate_resolve_deletions('ann@example.com', 4711, true)$$, '55000',
  'alert 4711 is none of deletions that are held back now', 'an unknown alert');
SELECT timesheet.raise_alert('stale_feed', '', 'old');
SELECT throws_ok(format($$SELECT timesheet.operate_resolve_deletions('ann@example.com', %s, true)$$, alert('')),
  '55000', NULL, 'an alert of another kind');
SELECT throws_ok(format($$SELECT timesheet.operate_resolve_deletions('ann@example.com', %s, NULL)$$,
  alert('agent ' || agent(1))), '22023', 'accept is null', 'no decision');
SELECT is(live(), '1 2 3 4', 'nothing was deleted by these');

SELECT is(timesheet.operate_resolve_deletions('ann@example.com', alert('agent ' || agent(1)), true, guid('request', 1)),
  2, 'the two entries of one person are deleted');
SELECT is(live(), '3 4', 'and those of the other are not');
SELECT is(alert('agent ' || agent(1)), NULL, 'its alert is over');
SELECT isnt(alert('agent ' || agent(2)), NULL, 'the other is not');
SELECT is(timesheet.operate_resolve_deletions('ann@example.com', alert('agent ' || agent(1)), true, guid('request', 1)),
  2, 'the same form sent again gets the first answer');
SELECT is((SELECT count(*) FROM timesheet.raw_events AS r WHERE r.payload IS NULL), 2::bigint,
  'that they were deleted is kept as a raw event each');
SELECT is((SELECT concat_ws(' ', r.command, r.status, r.deleted) FROM timesheet.ingest_runs AS r
  ORDER BY r.ingest_run_id DESC LIMIT 1), 'accept deletions succeeded 2', 'by a run of its own');
SELECT timesheet.replay();
SELECT is(live(), '3 4', 'a replay gives the same');

SELECT is(timesheet.operate_resolve_deletions('bob@example.com', alert('agent ' || agent(2)), false), 2,
  'the two of the other are kept');
SELECT is(live(), '3 4', 'and count');
SELECT is((SELECT count(*) FROM timesheet.alerts AS a WHERE a.kind = 'deletions_held' AND a.resolved_at IS NULL),
  0::bigint, 'without an alert');
SELECT is((SELECT deletions_held FROM timesheet.feed_health), 0::bigint, 'no person has to decide any more');
SELECT timesheet.hold_deletions(timesheet.begin_run('sync', '2026-03-01', '2026-03-08'), 'TimeEntries', '2026-03-01',
  '2026-03-08', ARRAY[guid('event', 3), guid('event', 4)], ARRAY[guid('person', 2), guid('person', 2)],
  ARRAY['person_deleted', 'person_deleted']);
SELECT is(alert('agent ' || agent(2)), NULL, 'the next run that misses them asks no person again');
SELECT is((SELECT count(*) FROM timesheet.held_deletions), 2::bigint, 'though they stay held');

-- What was kept stays, where more of the same person is deleted later
SELECT feed('TimeEntries', event(5, 2, '2026-03-03 09:00', 'In'));
SELECT timesheet.hold_deletions(timesheet.begin_run('sync', '2026-03-01', '2026-03-08'), 'TimeEntries', '2026-03-01',
  '2026-03-08', ARRAY[guid('event', 3), guid('event', 4), guid('event', 5)], array_fill(guid('person', 2), ARRAY[3]),
  array_fill('person_deleted'::text, ARRAY[3]));
SELECT is(timesheet.operate_resolve_deletions('bob@example.com', alert('agent ' || agent(2)), true), 1,
  'one is deleted: the one that the alert is about');
SELECT is(live(), '3 4', 'and not those that were kept');
SELECT is((SELECT count(*) FROM timesheet.held_deletions), 2::bigint, 'which stay held');

-- Contacts
INSERT INTO timesheet.contacts (email, missing_since) VALUES ('a@example.com', now()), ('b@example.com', NULL);
SELECT timesheet.raise_alert('deletions_held', 'contacts', 'one of two');
SELECT throws_ok(format($$SELECT timesheet.operate_resolve_deletions('ann@example.com', %s, false)$$,
  alert('contacts')), '22023', 'contacts that Airtable does not list cannot be kept', 'that is Airtable''s');
SELECT is(timesheet.operate_resolve_deletions('ann@example.com', alert('contacts'), true), 1, 'a contact is removed');
SELECT is((SELECT string_agg(c.email, ' ') FROM timesheet.contacts AS c WHERE c.removed_at IS NULL), 'b@example.com',
  'and the other is not');
SELECT is(alert('contacts'), NULL, 'the alert is over');
SELECT is((SELECT string_agg(concat_ws(' ', o.actor, o.arguments ->> 'accept', o.result), ', '
    ORDER BY o.operator_action_id) FROM timesheet.operator_actions AS o),
  'ann@example.com true 2, bob@example.com false 2, bob@example.com true 1, ann@example.com true 1',
  'who decided what');

SELECT * FROM finish();
ROLLBACK;
