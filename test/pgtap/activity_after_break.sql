-- R8: work without an activity that ends a break, as it was sent and carried on. Agent in Asia/Manila,
-- default settings but that one.
\ir setup.sql
SELECT plan(27);

SELECT feed('Organizations', '{"id": "00000000-0000-0000-0000-000000000001", "name": "Flexscale"}');
SELECT feed('Groups', format('{"id": "%s", "name": "One"}', guid('group', 1)),
  format('{"id": "%s", "name": "Two"}', guid('group', 2)));
SELECT feed('Activities', format('{"id": "%s", "name": "A"}', guid('activity A', 0)),
  format('{"id": "%s", "name": "B"}', guid('activity B', 0)));
SELECT feed('People', VARIADIC array_agg(person(n, client_group => CASE WHEN n > 1 THEN guid('group', 1) END)))
FROM generate_series(1, 30) AS n;

-- 'Mon 21:00 In A' is an event of the week of Monday 2026-03-02.
CREATE FUNCTION spec.local_time(word text, clock text) RETURNS timestamp LANGUAGE sql AS $$
  SELECT date '2026-03-02' + array_position(ARRAY['Mon', 'Tue', 'Wed'], word) - 1 + clock::time
$$;
CREATE FUNCTION spec.happened(person int, VARIADIC events text[]) RETURNS void LANGUAGE sql AS $$
  SELECT feed('TimeEntries',
    VARIADIC array_agg(event(100 * person + n::int, person, local_time(w[1], w[2]), w[3], w[4]) ORDER BY n))
  FROM unnest(events) WITH ORDINALITY AS u (e, n), string_to_array(e, ' ') AS w
$$;
-- The work of a person in order, each by its activity, - for none: 'A -'.
CREATE FUNCTION spec.work_of(person int) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(v.name, '-'), ' ' ORDER BY s.started_at, s.jibble_activity_id)
  FROM timesheet.sessions(NULL, NULL, agent(person), 'infinity') AS s
  LEFT JOIN timesheet.activities AS v USING (activity_id) WHERE s.kind = 'work'
$$;

SELECT happened(1, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 10:15 In', 'Mon 12:00 Out');
SELECT is(work_of(1), 'A -', 'as it was sent, unless the setting says otherwise');
SELECT timesheet.refresh();
UPDATE timesheet.settings SET activity_after_break = 'carried_on';
SELECT is((SELECT count(*) FROM timesheet.stale_days),
  (SELECT count(DISTINCT (agent_id, workday)) FROM timesheet.time_entries), 'a change of it marks every day');
SELECT is(work_of(1), 'A A', 'In(A), break, In() is all A; no client group is as good as one');

SELECT happened(2, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 10:15 StartBreak', 'Mon 10:30 In', 'Mon 12:00 Out');
SELECT is(work_of(2), 'A A', 'over two breaks');
SELECT happened(3, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 10:15 Out', 'Mon 10:30 In', 'Mon 12:00 Out');
SELECT is(work_of(3), 'A -', 'not over an out');
SELECT happened(4, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 10:15 In', 'Mon 11:00 StartBreak', 'Mon 11:15 In',
  'Mon 12:00 Out');
SELECT is(work_of(4), 'A A A', 'what was carried on is carried on');
SELECT happened(5, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 10:15 In B', 'Mon 11:00 StartBreak', 'Mon 11:15 In',
  'Mon 12:00 Out');
SELECT is(work_of(5), 'A B B', 'an activity of its own is kept, and carried on in its turn');
SELECT happened(6, 'Mon 09:00 In A', 'Mon 10:00 In', 'Mon 11:00 StartBreak', 'Mon 11:15 In', 'Mon 12:00 Out');
SELECT is(work_of(6), 'A - -', 'work that no break ended gives nothing on: In() directly after In(A) has none');
SELECT happened(7, 'Mon 09:00 StartBreak', 'Mon 10:00 In', 'Mon 12:00 Out');
SELECT is(work_of(7), '-', 'a break that no work came before gives nothing');
SELECT happened(8, 'Mon 09:00 In A', 'Mon 10:00 Out', 'Mon 10:00 StartBreak', 'Mon 10:15 In', 'Mon 12:00 Out');
SELECT is(work_of(8), 'A -', 'nor one after an out at the same instant');
SELECT happened(9, 'Mon 09:00 In A', 'Mon 09:00 StartBreak', 'Mon 09:00 In', 'Mon 12:00 Out');
SELECT is(work_of(9), 'A -', 'at the same instant a break sorts before work, so it stood before both');
SELECT happened(10, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 10:00 StartBreak', 'Mon 10:00 In', 'Mon 10:00 Out',
  'Mon 11:00 Out');
SELECT is(work_of(10), 'A -', 'an out at the instant at which the breaks begin ends the work first');
SELECT happened(11, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 10:00 In', 'Mon 11:00 Out');
SELECT is(work_of(11), 'A A', 'a break of no length is a break');
SELECT happened(12, 'Mon 21:00 In A', 'Mon 23:50 StartBreak', 'Tue 00:10 In', 'Tue 02:00 Out');
SELECT is(work_of(12), 'A -', 'not into another workday');
SELECT timesheet.set_working_time('2026-01-01', for_agent => agent(13), day_cutoff => '12:00');
SELECT happened(13, 'Mon 21:00 In A', 'Mon 23:50 StartBreak', 'Tue 00:10 In', 'Tue 02:00 Out');
SELECT is(work_of(13), 'A A', 'but past midnight within one');
SELECT happened(14, 'Mon 05:00 In A', 'Mon 06:00 StartBreak', 'Mon 12:00 In', 'Mon 13:00 Out');
SELECT is(work_of(14), 'A A', 'over a break of exactly overnight_switch, which its next event closes');
SELECT happened(15, 'Mon 05:00 In A', 'Mon 06:00 StartBreak', 'Mon 12:00:00.000001 In', 'Mon 13:00 Out');
SELECT is(work_of(15), 'A -', 'not over a longer one, which is left open');
SELECT happened(16, 'Mon 04:00 In A', 'Mon 05:00 StartBreak', 'Mon 11:00:00.000001 StartBreak', 'Mon 12:00 In',
  'Mon 13:00 Out');
SELECT is(work_of(16), 'A -', 'nor over two of which the first is left open');
SELECT happened(17, 'Mon 01:00 In A', 'Mon 17:00:00.000001 StartBreak', 'Mon 18:00 In', 'Mon 19:00 Out');
SELECT is(work_of(17), 'A -', 'nor from work that ended before the break, after max_session');

-- The client group changes with the break, with the work after it, between two breaks.
SELECT happened(n, 'Mon 09:00 In A', 'Mon 10:00 StartBreak', 'Mon 11:00 StartBreak', 'Mon 12:00 In', 'Mon 13:00 Out')
FROM generate_series(18, 21) AS n;
SELECT timesheet.assign_client_group(agent(18 + n),
  (SELECT client_group_id FROM timesheet.client_groups WHERE jibble_id = guid('group', 2)),
  local_time('Mon', (10 + n) || ':00') AT TIME ZONE 'Asia/Manila') FROM generate_series(0, 2) AS n;
SELECT is((SELECT string_agg(work_of(n), ', ' ORDER BY n) FROM generate_series(18, 21) AS n), 'A -, A -, A -, A A',
  'only within one client group');

-- By every function alike.
SELECT is((SELECT array_agg((v.name, h.work_seconds, h.break_seconds)::text ORDER BY v.name)
  FROM timesheet.daily_hours('2026-03-02', '2026-03-03', agent(4)) AS h
           LEFT JOIN timesheet.activities AS v USING (activity_id)), ARRAY['(A,9000,0)', '(,0,1800)'],
         'hours go to the activity, breaks keep their own');
SELECT is((SELECT (work_seconds, session_count)::text FROM timesheet.weekly_hours('2026-03-02', '2026-03-03', agent(13))
  WHERE work_seconds > 0), '(16800,2)', 'by week too');
INSERT INTO timesheet.hour_entries (jibble_id, agent_id, client_group_id, workday, seconds)
SELECT guid('hours', 1), agent_id, client_group_id, '2026-03-02', 60 FROM timesheet.agents WHERE agent_id = agent(4);
SELECT is((SELECT (work_seconds, manual_seconds)::text FROM timesheet.daily_hours('2026-03-02', '2026-03-03', agent(4))
  WHERE activity_id IS NULL), '(60,60)', 'hours typed in keep theirs');
SELECT is((SELECT string_agg(activity, ' ' ORDER BY started_at) FROM timesheet.session_log
  WHERE agent_id = agent(4) AND kind = 'work'), 'A A A', 'the session log shows it');
SELECT timesheet.refresh();
SELECT is((SELECT string_agg(activity, ' ' ORDER BY started_at) FROM timesheet.session_log
  WHERE agent_id = agent(4) AND kind = 'work'), 'A A A', 'and does so once it is stored');

SELECT bag_eq($$SELECT to_char(at AT TIME ZONE 'Asia/Manila', 'HH24:MI'), what, because
    FROM timesheet.explain('2026-03-02', agent(4)) WHERE part = 'session' AND what LIKE 'Work%'$$,
  $$VALUES ('09:00', 'Work, A', 'worked on A until a break began (rule R5)'),
    ('10:15', 'Work, A', 'worked on A until a break began (rule R5); it came without an activity, so '
      'it continues that of the work before the break (rule R8), which began on Mon 2 Mar 2026, 09:00 (Asia/Manila)'),
    ('11:15', 'Work, A', 'worked on A until the clock-out (rule R5); it came without an activity, so '
      'it continues that of the work before the break (rule R8), which began on Mon 2 Mar 2026, 09:00 (Asia/Manila)')$$,
  'explain() says where it came from');
SELECT is((SELECT count(*) FROM timesheet.explain('2026-03-02', agent(5)) WHERE because LIKE '%(rule R8)%'),
  1::bigint, 'and of an activity of its own nothing');

SELECT * FROM finish();
ROLLBACK;
