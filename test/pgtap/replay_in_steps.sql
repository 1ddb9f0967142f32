-- The steps of timesheet.replay_in_steps(), one by one: the procedure itself commits, and a test here does not.
\ir setup.sql
SELECT plan(17);

SELECT feed('People', person(1), person(2), person(3));
SELECT feed('TimeEntries',
  event(1, 1, '2026-03-02 09:00', 'In'), event(2, 1, '2026-03-02 17:00', 'Out'),
  event(3, 2, '2026-03-02 09:00', 'In'), event(4, 2, '2026-03-02 17:00', 'Out'),
  event(5, 3, '2026-03-02 09:00', 'In'), event(6, 3, '2026-03-02 17:00', 'Out'));
CREATE TEMP TABLE was AS SELECT * FROM timesheet.time_entries;
UPDATE timesheet.time_entries SET agent_id = agent(2) WHERE jibble_activity_id = guid('event', 1);
UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '1 hour'
WHERE jibble_activity_id = guid('event', 5);
DELETE FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 6);

CREATE TEMP TABLE replay AS SELECT timesheet.begin_replay(NULL, NULL) AS id;
SELECT is((SELECT count(*) FROM timesheet.replay_agents), (SELECT count(*) FROM timesheet.agents),
  'each agent is left to rebuild');
SELECT is((SELECT array_agg(with_agent ORDER BY agent_id) FROM timesheet.replay_agents
    WHERE agent_id IN (agent(1), agent(2), agent(3))), ARRAY[agent(1), agent(1), agent(3)],
  'agents between whom an entry moves are rebuilt together');
SELECT is((SELECT array_agg(jibble_id ORDER BY jibble_id) FROM timesheet.replay_entries WHERE agent_id IS NULL),
  ARRAY[guid('event', 6)], 'an entry without a row is listed');
SELECT is(timesheet.begin_replay(NULL, NULL), (SELECT id FROM replay), 'the next call goes on with the unfinished one');
SELECT ok(timesheet.replay_step((SELECT id FROM replay), 1) > 0, 'a step says how much the next one may do');
SELECT is((SELECT agent_id FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 1)), agent(1),
  'the first step rebuilds the agents that are joined');
SELECT is(timesheet.finish_replay((SELECT id FROM replay)), false, 'while agents are left, it is not finished');
SELECT is(timesheet.replay_step((SELECT id FROM replay), 1000) > 0, true, 'the other agent follows');
SELECT is(timesheet.replay_step((SELECT id FROM replay), 1000), NULL, 'then no agent is left');
SELECT is(timesheet.finish_replay((SELECT id FROM replay)), true, 'and the last step ends it');
SELECT is_empty(
  '(TABLE timesheet.time_entries EXCEPT TABLE was) UNION ALL (TABLE was EXCEPT TABLE timesheet.time_entries)',
  'all entries are as before');
SELECT throws_ok('SELECT timesheet.begin_replay(''2026-03-02'', ''2026-03-01'')', '22023', NULL,
  'bounds in the wrong order are refused');

-- What a run stored and had not derived when the replay was listed, and has derived since, and stored again.
SELECT feed('People', person(4));
SELECT timesheet.begin_run('test') AS run \gset
SELECT timesheet.store_page(:run, 'TimeEntries', ARRAY[guid('event', 8)::text],
  ARRAY[event(8, 4, '2026-03-02 09:00', 'In')]);
CREATE TEMP TABLE second AS SELECT timesheet.begin_replay(NULL, NULL) AS id;
SELECT is((SELECT array_agg(jibble_id) FROM timesheet.replay_entries), ARRAY[guid('event', 8)],
  'an entry that no run has derived is listed');
SELECT timesheet.finish_run(:run);
SELECT timesheet.begin_run('test') AS run \gset
SELECT timesheet.store_page(:run, 'TimeEntries', ARRAY[guid('event', 8)::text],
  ARRAY[event(8, 4, '2026-03-02 10:00', 'In')]);
SELECT ok(timesheet.replay_step((SELECT id FROM second), 1000000) > 0, 'once it is derived, it is rebuilt once');
SELECT is((SELECT start_time_utc FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 8)),
  timestamptz '2026-03-02 02:00Z', 'as it is now');

-- A replay that was ended.
UPDATE timesheet.replays SET begun_at = now() - interval '23 hours';
SELECT is(timesheet.begin_replay(NULL, NULL), (SELECT id FROM second), 'one of today goes on');
UPDATE timesheet.replays SET begun_at = now() - interval '25 hours';
SELECT isnt(timesheet.begin_replay(NULL, NULL), (SELECT id FROM second), 'one of yesterday begins again');
SELECT finish();
ROLLBACK;
