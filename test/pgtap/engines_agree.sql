-- Both engines give identical rows: random histories, dense at the edges of the rules, in zones with DST.
-- Needs the native engine.
\ir setup.sql
SELECT plan(14);
SELECT CASE WHEN timesheet.has_native_engine() THEN 'comparing with the native engine' ELSE 'NO native engine' END;

SELECT setseed(0.20261124);
INSERT INTO timesheet.client_groups (client_group_id, jibble_id, name, week_starts_on) OVERRIDING SYSTEM VALUE
SELECT n, guid('group', n), 'Group ' || n, CASE n WHEN 1 THEN 7 WHEN 2 THEN 3 END FROM generate_series(1, 3) AS n;
INSERT INTO timesheet.activities (activity_id, jibble_id, name) OVERRIDING SYSTEM VALUE
SELECT n, guid('activity', n), 'Activity ' || n FROM generate_series(1, 3) AS n;
INSERT INTO timesheet.agents (agent_id, jibble_id, full_name) OVERRIDING SYSTEM VALUE
SELECT n, guid('person', n), 'Agent ' || n FROM generate_series(1, 3000) AS n;

-- Gaps on and next to the limits of the rules, and ties; some events share an instant.
INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,
  time_zone, raw_type, client_type, belongs_to_date, workday, workday_end, is_odd_workday, deleted_at)
SELECT gen_random_uuid(), e.agent_id, CASE WHEN random() < 0.9 THEN 1 + (random() * 2)::int END,
  CASE WHEN random() < 0.9 THEN 1 + (random() * 2)::int END,
  e.at, z.zone, (ARRAY['In', 'In', 'In', 'StartBreak', 'Out', 'Out', 'Ping'])[1 + floor(random() * 7)::int],
  CASE WHEN random() < 0.2 THEN 'AutoOut' ELSE 'Web' END, e.at::date, p.workday, p.workday_end, p.is_odd,
  CASE WHEN random() < 0.05 THEN now() END
FROM (
  SELECT a AS agent_id, n, '2026-03-06 12:00+00'::timestamptz + sum(
    (ARRAY['0', '1 microsecond', '59 minutes', '1 hour', '2 hours 30.999999 seconds', '3 hours',
      '5 hours 59 minutes 59.999999 seconds', '6 hours',
           '6 hours 0.000001 seconds', '8 hours', '12 hours', '15 hours 59 minutes 59.999999 seconds', '16 hours',
           '16 hours 0.000001 seconds', '30 hours',
           '200 hours']::interval[])[1 + floor(random() * 16)::int]) OVER (PARTITION BY a ORDER BY n) AS at
  FROM generate_series(1, 3000) AS a, generate_series(1, 12) AS n
) AS e
CROSS JOIN LATERAL (SELECT (ARRAY['Asia/Manila', 'America/New_York', 'Europe/London', 'America/Havana',
  'Asia/Beirut'])[1 + e.agent_id % 5] AS zone,
  (ARRAY['00:00', '12:00', '03:00']::time[])[1 + e.agent_id % 3] AS cutoff) AS z
CROSS JOIN LATERAL timesheet.assign_workday(e.at, e.at::date + floor(random() * 4)::int - 1, z.zone, z.cutoff,
  e.agent_id % 2 = 0) AS p;
INSERT INTO timesheet.hour_entries (jibble_id, agent_id, client_group_id, activity_id, workday, seconds)
SELECT gen_random_uuid(), 1 + floor(random() * 3000)::int, 1 + (random() * 2)::int, NULL,
  date '2026-03-06' + floor(random() * 20)::int, floor(random() * 9000)::int
FROM generate_series(1, 1000);

CREATE FUNCTION spec.agree(what text, arguments text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT bag_eq(format('SELECT * FROM timesheet.native_%s(%s)', what, arguments),
    format('SELECT * FROM timesheet.sql_%s(%s)', what, arguments), format('%s(%s)', what, arguments))
$$;
SELECT agree('sessions', $$NULL, NULL, NULL, '2026-03-12 10:00:00.5+00'$$);
SELECT agree('sessions', $$'2026-03-08', '2026-03-10', NULL, 'infinity'$$);
SELECT agree('daily_hours', $$NULL, NULL, NULL, '2026-03-12 10:00+00'$$);
SELECT agree('weekly_hours', $$'2026-03-07', '2026-03-18', NULL, '2026-03-12 10:00+00'$$);
SELECT agree('notes', $$NULL, NULL, NULL, '2026-03-12 10:00+00'$$);
SELECT agree('notes', $$'2026-03-08', '2026-03-10', 7, 'infinity'$$);
UPDATE timesheet.settings SET missing_clock_out = 'zero', max_session = '12:00', overnight_switch = '05:59:59.999999',
  long_session = '03:00';
SELECT agree('sessions', $$NULL, NULL, NULL, 'infinity'$$);
SELECT agree('weekly_hours', $$NULL, NULL, NULL, '-infinity'$$);
SELECT bag_eq($$SELECT * FROM timesheet.sessions('2026-03-06', '2026-03-09', NULL, 'infinity')
  UNION ALL SELECT * FROM timesheet.sessions('2026-03-09', '2026-03-20', NULL, 'infinity')$$,
  $$SELECT * FROM timesheet.sessions('2026-03-06', '2026-03-20', NULL, 'infinity')$$, '[a, b) and [b, c) are [a, c)');

-- R8: agents who stay with their client group and have many breaks and few activities.
INSERT INTO timesheet.agents (agent_id, jibble_id) OVERRIDING SYSTEM VALUE SELECT n, guid('person', n)
FROM generate_series(3001, 3500) AS n;
INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,
  time_zone, raw_type, client_type, workday, workday_end)
SELECT gen_random_uuid(), e.agent_id, CASE WHEN random() < 0.95 THEN nullif(e.agent_id % 3, 0) ELSE 1 END,
  CASE WHEN random() < 0.4 THEN 1 + (random() * 2)::int END,
  e.at, 'Asia/Manila',
  (ARRAY['In', 'In', 'In', 'StartBreak', 'StartBreak', 'StartBreak', 'Out'])[1 + floor(random() * 7)::int], 'Web',
  p.workday, p.workday_end
FROM (
  SELECT a AS agent_id, n, '2026-03-06 12:00+00'::timestamptz + sum(
    (ARRAY['0', '1 microsecond', '1 minute', '10 minutes', '20 minutes', '30 minutes', '2 hours', '6 hours',
      '6 hours 0.000001 seconds', '16 hours 0.000001 seconds']::interval[])[1 + floor(random() * 10)::int])
    OVER (PARTITION BY a ORDER BY n) AS at
  FROM generate_series(3001, 3500) AS a, generate_series(1, 40) AS n
) AS e
CROSS JOIN LATERAL timesheet.assign_workday(e.at, NULL, 'Asia/Manila', '00:00', false) AS p;
UPDATE timesheet.settings SET activity_after_break = 'carried_on', overnight_switch = '06:00', max_session = '16:00';
SELECT cmp_ok((SELECT count(*) FROM timesheet.sessions(NULL, NULL, NULL, 'infinity') AS s
  JOIN timesheet.time_entries AS e USING (jibble_activity_id)
               WHERE s.activity_id IS DISTINCT FROM e.activity_id), '>', 100::bigint, 'activities are carried on');
SELECT agree('sessions', $$NULL, NULL, NULL, 'infinity'$$);
SELECT agree('sessions', $$'2026-03-08', '2026-03-10', 3007, 'infinity'$$);
SELECT agree('daily_hours', $$'2026-03-08', '2026-03-10', NULL, '2026-03-12 10:00+00'$$);
SELECT bag_eq($$SELECT s.* FROM generate_series(date '2026-03-01', '2026-03-31', interval '1 day') AS d
  CROSS JOIN LATERAL timesheet.sessions(d::date, d::date + 1, NULL, 'infinity') AS s$$,
  $$SELECT * FROM timesheet.sessions('2026-03-01', '2026-04-01', NULL, 'infinity')$$, 'and day by day as all at once');

SELECT * FROM finish();
ROLLBACK;
