-- The table of contract §5, line by line: agent in Asia/Manila, cut-off 00:00, default settings.
\ir setup.sql
SELECT plan(10);

SELECT feed('Organizations', '{"id": "00000000-0000-0000-0000-000000000001", "name": "Flexscale"}');
SELECT feed('Activities', format('{"id": "%s", "name": "A"}', guid('activity A', 0)), format('{"id": "%s", "name": "B"}', guid('activity B', 0)));
SELECT feed('People', VARIADIC array_agg(person(n))) FROM generate_series(1, 10) AS n;

-- 'Mon 21:00 In A' is an event of the week of Monday 2026-03-02.
CREATE FUNCTION spec.local_time(word text, clock text) RETURNS timestamp LANGUAGE sql AS $$
  SELECT date '2026-03-02' + array_position(ARRAY['Mon', 'Tue', 'Wed'], word) - 1 + clock::time
$$;
CREATE FUNCTION spec.happened(person int, VARIADIC events text[]) RETURNS void LANGUAGE sql AS $$
  SELECT feed('TimeEntries', VARIADIC array_agg(event(100 * person + n::int, person, local_time(w[1], w[2]), w[3], w[4]) ORDER BY n))
  FROM unnest(events) WITH ORDINALITY AS u (e, n), string_to_array(e, ' ') AS w
$$;
-- A session as the contract writes it: 'A Mon 4.5 h next_activity'.
CREATE FUNCTION spec.seen(person int, as_of timestamptz DEFAULT 'infinity') RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', coalesce(v.name, s.kind), to_char(s.workday, 'Dy'), trim_scale(s.seconds / 3600.0), 'h', s.end_reason)
  FROM timesheet.sessions(NULL, NULL, agent(person), as_of) AS s LEFT JOIN timesheet.activities AS v USING (activity_id)
  UNION ALL
  SELECT concat_ws(' ', 'note', to_char(n.workday, 'Dy'), n.code)
  FROM timesheet.notes(NULL, NULL, agent(person), as_of) AS n WHERE n.code = 'clock_out_without_clock_in'
$$;

SELECT happened(1, 'Mon 09:00 In A', 'Mon 11:00 In B', 'Mon 12:00 StartBreak', 'Mon 13:00 In B', 'Mon 18:00 Out');
SELECT bag_eq('SELECT seen(1)',
  ARRAY['A Mon 2 h next_activity', 'B Mon 1 h break', 'break Mon 1 h next_activity', 'B Mon 5 h clock_out'],
  'R5, R7: a day of two activities and a break');

SELECT happened(2, 'Mon 09:00 In A', 'Tue 09:00 In A', 'Tue 17:00 Out');
SELECT bag_eq('SELECT seen(2)', ARRAY['A Mon 15 h missing_clock_out', 'A Tue 8 h clock_out'],
  'R5: a clock-in the next day does not close a forgotten one; it ends with its workday');

SELECT happened(3, 'Mon 21:00 In A', 'Tue 01:30 In B', 'Tue 06:00 Out');
SELECT bag_eq('SELECT seen(3)', ARRAY['A Mon 4.5 h next_activity', 'B Tue 4.5 h clock_out'],
  'R5, R8: a switch across midnight, within overnight_switch, is a switch');

SELECT happened(4, 'Mon 21:00 In A', 'Tue 14:00 Out');
SELECT bag_eq('SELECT seen(4)', ARRAY['A Mon 3 h missing_clock_out', 'note Tue clock_out_without_clock_in'],
  'R5: an out 17 h later closes nothing');

SELECT happened(5, 'Mon 22:00 In A');
SELECT bag_eq($$SELECT seen(5, '2026-03-03 02:00+08')$$, ARRAY['A Mon 4 h running'],
  'R6: asked while it may still go on, a session is running');

SELECT happened(6, 'Mon 09:00 In A', 'Mon 09:00 Out');
SELECT bag_eq('SELECT seen(6)', ARRAY['A Mon 15 h missing_clock_out', 'note Mon clock_out_without_clock_in'],
  'R2: at the same instant the out sorts first');

SELECT happened(7, 'Mon 21:00 In A', 'Tue 04:00 In B', 'Tue 06:00 Out');
SELECT bag_eq('SELECT seen(7)', ARRAY['A Mon 3 h missing_clock_out', 'B Tue 2 h clock_out'],
  'R5: 7 h across midnight is more than overnight_switch');

SELECT happened(8, 'Mon 21:00 In A', 'Tue 04:00 In B', 'Tue 06:00 Out');
SELECT timesheet.set_working_time('2026-01-01', for_agent => agent(8), day_cutoff => '12:00');
SELECT bag_eq('SELECT seen(8)', ARRAY['A Mon 7 h next_activity', 'B Mon 2 h clock_out'],
  'R3, R5: the same with cut-off 12:00 for the agent');

SELECT happened(9, 'Mon 09:00 In A', 'Mon 12:00 StartBreak');
SELECT bag_eq('SELECT seen(9)', ARRAY['A Mon 3 h break', 'break Mon 0 h break_left_open'],
  'R6: a break left open has no length');

SELECT happened(10, 'Tue 01:30 In B', 'Tue 21:00 In A', 'Wed 05:00 Out');
SELECT bag_eq('SELECT seen(10)', ARRAY['B Tue 16 h missing_clock_out', 'A Tue 8 h clock_out'],
  'R5, R6: n later than max_session is none, and max_session ends the session');

SELECT * FROM finish();
ROLLBACK;
