-- R3, R4, History and corrections (docs/rules.md): working zones, cut-offs and client groups, and their history.
\ir setup.sql
SELECT plan(20);

CREATE FUNCTION spec.placed(n int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', e.time_zone, e.workday, to_char(e.workday_end AT TIME ZONE 'UTC', 'MM-DD HH24:MI'),
    CASE WHEN e.is_odd_workday THEN 'odd' END)
  FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = guid('event', n)
$$;
CREATE FUNCTION spec.client_group(n int) RETURNS int LANGUAGE sql AS $$
  SELECT g.client_group_id FROM timesheet.client_groups AS g WHERE g.jibble_id = guid('group', n)
$$;
CREATE FUNCTION spec.group_of(n int) RETURNS text LANGUAGE sql AS $$
  SELECT g.name FROM timesheet.time_entries AS e JOIN timesheet.client_groups AS g USING (client_group_id)
  WHERE e.jibble_activity_id = guid('event', n)
$$;
SELECT feed('Groups', format('{"id": "%s", "name": "Acme"}', guid('group', 1)),
  format('{"id": "%s", "name": "Bolt"}', guid('group', 2)));
SELECT feed('People', person(1, client_group => guid('group', 1)), person(2, 'America/New_York', guid('group', 1)),
  person(3, 'Mars/Phobos', guid('group', 1)));
SELECT feed('TimeEntries',
  event(1, 1, '2026-03-02 21:00', 'In'), event(2, 1, '2026-03-03 06:00', 'Out'),
  event(3, 2, '2026-03-08 01:00', 'In', zone => 'America/New_York'),
  event(4, 2, '2026-11-01 00:30', 'In', zone => 'America/New_York'),
  event(5, 1, '2026-03-05 09:00', 'In', more => '{"belongsToDate": "2026-03-04"}'),
  event(6, 1, '2026-03-06 09:00', 'In', more => '{"belongsToDate": "2026-03-09"}'),
  event(7, 1, '2026-03-07 09:00', 'In', more => '{"belongsToDate": null}'),
  event(8, 3, '2026-03-02 09:00', 'In', zone => 'UTC'));

SELECT is(placed(2), 'Asia/Manila 2026-03-03 03-03 16:00', 'R3, R4: the local date, and midnight in Manila');
SELECT is(placed(3), 'America/New_York 2026-03-08 03-09 04:00', 'R4: a day of 23 hours ends at its own midnight');
SELECT is(placed(4), 'America/New_York 2026-11-01 11-02 05:00', 'R4: so does one of 25 hours');
SELECT is(placed(5), 'Asia/Manila 2026-03-04 03-05 16:00',
  'R3: Jibble''s date a day off is the workday; R4: the end is of the local day');
SELECT is(placed(6), 'Asia/Manila 2026-03-06 03-06 16:00 odd', 'R3: Jibble''s date three days off is set aside');
SELECT is((SELECT string_agg(n.code, ' ') FROM timesheet.notes('2026-03-06', '2026-03-07', agent(1), 'infinity') AS n
  WHERE n.code = 'odd_workday'), 'odd_workday', 'R13: and noted');
SELECT is(placed(7), 'Asia/Manila 2026-03-07 03-07 16:00', 'R3: without Jibble''s date the local date, without a note');
SELECT is(placed(8), 'UTC 2026-03-02 03-03 00:00', 'R3: an unknown zone is none; the default zone holds');

SELECT is(timesheet.set_working_time('2026-03-03', for_client_group => client_group(1), day_cutoff => '12:00'),
  6::bigint, 'a group''s cut-off changes its entries from local midnight on: events 2 and 3 to 7');
SELECT is(placed(2), 'Asia/Manila 2026-03-02 03-03 04:00',
  'R3: the end of a night shift belongs to the evening''s workday');
SELECT is(placed(1), 'Asia/Manila 2026-03-02 03-02 16:00', 'what was before the override stays');
SELECT is(placed(5), 'Asia/Manila 2026-03-04 03-05 04:00', 'R3: under an override the workday is the local date');
SELECT timesheet.set_working_time('2026-03-03', for_agent => agent(1), day_cutoff => '00:00');
SELECT is(placed(2), 'Asia/Manila 2026-03-03 03-03 16:00', 'R3: an agent''s override comes before the group''s');
SELECT timesheet.set_working_time('2026-03-03', for_agent => agent(1), time_zone => 'UTC');
SELECT is(placed(2), 'Asia/Manila 2026-03-03 03-03 16:00',
  'an override with a zone begins at midnight of that zone: not yet at 22:00 UTC');
SELECT is(placed(5), 'UTC 2026-03-05 03-06 00:00',
  'zone and cut-off are resolved apart: the earlier cut-off still holds');

SELECT is(group_of(1), 'Acme', 'a person''s group holds for their entries');
SELECT timesheet.assign_client_group(agent(1), client_group(2), '2026-03-03 00:00+08');
SELECT is(group_of(1) || ' ' || group_of(2), 'Acme Bolt', 'a corrected group holds from its date');

SELECT throws_ok($$SELECT timesheet.set_working_time('2026-03-03', day_cutoff => '12:00')$$, '22023', NULL,
  'neither agent nor group is refused');
SELECT throws_ok(format('SELECT timesheet.set_working_time(%L, for_agent => %s, time_zone => %L)', '2026-03-03',
  agent(1), 'Manila+8'), '22023', 'time zone "Manila+8" is not known', 'an unknown zone is refused by name');
SELECT throws_ok('SELECT timesheet.assign_client_group(1000000, 1, now())', '22023', 'there is no agent 1000000',
  'an unknown agent is refused by number');

SELECT * FROM finish();
ROLLBACK;
