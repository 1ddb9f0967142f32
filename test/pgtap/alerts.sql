-- timesheet.alerts: one open for each kind and subject, raised, kept up to date and resolved; and what is held back.
\ir setup.sql
SELECT plan(26);

SELECT columns_are('timesheet', 'alerts',
  ARRAY['alert_id', 'kind', 'subject', 'since', 'detail', 'acknowledged_at', 'acknowledged_by', 'resolved_at'],
  'alerts have the columns of the interface');
SELECT isnt(timesheet.raise_alert('deletions_held', 'agent 1', '2 entries'), NULL, 'an alert is raised');
SELECT is(timesheet.raise_alert('deletions_held', 'agent 1', '3 entries'), (SELECT alert_id FROM timesheet.alerts),
  'raised again it is the same');
SELECT results_eq($$SELECT subject, detail, resolved_at FROM timesheet.alerts$$,
  $$VALUES ('agent 1', '3 entries', NULL::timestamptz)$$, '… and says what is so now');
SELECT timesheet.raise_alert('deletions_held', 'contacts', 'some');
SELECT timesheet.raise_alert('stale_feed', '', 'old');
SELECT is((SELECT count(*) FROM timesheet.alerts WHERE resolved_at IS NULL), 3::bigint,
  'another subject and another kind are others');
SELECT is(timesheet.resolve_alert('deletions_held', 'agent 1'), true, 'one is resolved');
SELECT is(timesheet.resolve_alert('deletions_held', 'agent 1'), false, '… once');
SELECT results_eq($$SELECT subject FROM timesheet.alerts WHERE resolved_at IS NULL ORDER BY 1$$,
  $$VALUES (''), ('contacts')$$, '… and no other');
SELECT isnt(timesheet.raise_alert('deletions_held', 'agent 1', '1 entry'),
  (SELECT alert_id FROM timesheet.alerts WHERE resolved_at IS NOT NULL), 'what begins again is a new one');
SELECT throws_ok($$INSERT INTO timesheet.alerts (kind, subject, detail) VALUES ('deletions_held', 'agent 1', 'x')$$,
  '23505', NULL, 'two open ones of a kind and subject cannot be');
SELECT throws_ok($$SELECT timesheet.raise_alert('unheard_of', '', 'x')$$, '23514', NULL, 'nor one of an unknown kind');
SELECT throws_ok($$UPDATE timesheet.alerts SET acknowledged_at = now()$$, '23514', NULL,
  'nor one acknowledged by no person');

-- Two people's entries; one person is tombstoned.
SELECT timesheet.resolve_alert('deletions_held', 'agent 1');
SELECT feed('People', person(1));
SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In'));
SELECT feed('TimeEntries', event(2, 1, '2026-03-03 09:00', 'In'));
SELECT timesheet.begin_run('sync', '2026-03-01', '2026-03-08') AS run \gset
SELECT is(timesheet.hold_deletions(:run, 'TimeEntries', '2026-03-01', '2026-03-08',
  ARRAY[guid('event', 1), guid('event', 2)], ARRAY[guid('person', 1), guid('person', 1)],
  ARRAY['person_deleted', 'person_deleted']), 2, 'two entries are held back');
SELECT is((SELECT deletions_held FROM timesheet.feed_health), 2::bigint, '… and counted');
SELECT is((SELECT subject FROM timesheet.alerts WHERE resolved_at IS NULL AND subject LIKE 'agent%'),
  'agent ' || agent(1), '… with one alert for the person');
SELECT is((SELECT is_held
  FROM timesheet.missing_entries('TimeEntries', '2026-03-01', '2026-03-08', ARRAY[guid('event', 2)])), false,
  'an entry whose person is there is asked for again');
SELECT timesheet.store_tombstones(:run, 'People', ARRAY[guid('person', 1)]);
SELECT is((SELECT is_held
  FROM timesheet.missing_entries('TimeEntries', '2026-03-01', '2026-03-08', ARRAY[guid('event', 2)])), true,
  '… but not while the person is gone');
SELECT results_eq('SELECT * FROM timesheet.people_held()', format('VALUES (%L::uuid, false)', guid('person', 1)),
  'a person whose entries are held is listed, once');
SELECT timesheet.hold_deletions(:run, 'HourEntries', '2026-03-01', '2026-03-08',
  ARRAY[guid('typed', 1), guid('typed', 2)], ARRAY[guid('person', 1), NULL],
  ARRAY['person_not_shown', 'nothing_listed']);
SELECT results_eq('SELECT * FROM timesheet.people_held()', format('VALUES (%L::uuid, true)', guid('person', 1)),
  '… and whether something of theirs is held as not shown');
SELECT timesheet.hold_deletions(:run, 'HourEntries', '2026-03-01', '2026-03-08', '{}', '{}', '{}');
SELECT is(timesheet.hold_deletions(:run, 'TimeEntries', '2026-03-03', '2026-03-08', '{}', '{}', '{}'), 1,
  'a window that holds none releases its own');
SELECT is((SELECT jibble_id FROM timesheet.held_deletions), guid('event', 1), '… and not those of other days');
SELECT is(timesheet.hold_deletions(:run, 'HourEntries', '2026-03-01', '2026-03-08', '{}', '{}', '{}'), 0,
  '… nor those of another resource');
SELECT is(timesheet.hold_deletions(:run, 'TimeEntries', '2026-03-01', '2026-03-08', '{}', '{}', '{}'), 0,
  'once all are released');
SELECT is((SELECT count(*) FROM timesheet.alerts WHERE resolved_at IS NULL AND subject LIKE 'agent%'), 0::bigint,
  '… the alert is over');
SELECT is((SELECT count(*) FROM timesheet.alerts WHERE resolved_at IS NULL AND subject = 'contacts'), 1::bigint,
  '… but not that of others');
SELECT throws_ok(
  format($$SELECT timesheet.hold_deletions(%s, 'TimeEntries', NULL, NULL, ARRAY[gen_random_uuid()], '{}', '{}')$$,
    :run), '22023', NULL, 'ids without a person each are refused');

SELECT * FROM finish();
ROLLBACK;
