-- History and corrections (docs/rules.md): from when what Jibble shows is valid, and that replay gives the same again.
\ir setup.sql
SELECT plan(32);

CREATE FUNCTION spec.zone_of(n int) RETURNS text LANGUAGE sql AS $$
  SELECT e.time_zone FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = guid('event', n)
$$;
CREATE FUNCTION spec.group_of(n int) RETURNS text LANGUAGE sql AS $$
  SELECT g.name FROM timesheet.time_entries AS e JOIN timesheet.client_groups AS g USING (client_group_id)
  WHERE e.jibble_activity_id = guid('event', n)
$$;
CREATE FUNCTION spec.client_group(n int) RETURNS int LANGUAGE sql AS $$
  SELECT g.client_group_id FROM timesheet.client_groups AS g WHERE g.jibble_id = guid('group', n)
$$;
-- A version of a person, as if it had been fetched at that time.
CREATE FUNCTION spec.seen(person int, fetched_at timestamptz, more json) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM feed('People', (person(person)::jsonb || more::jsonb)::text);
  UPDATE timesheet.raw_events AS r SET fetched_at = seen.fetched_at
  WHERE r.raw_event_id = (SELECT max(l.raw_event_id) FROM timesheet.raw_events AS l);
  PERFORM timesheet.replay();
END
$$;
SELECT feed('Groups', format('{"id": "%s", "name": "Acme"}', guid('group', 1)),
  format('{"id": "%s", "name": "Bolt"}', guid('group', 2)));

-- The group is first seen in February, changed before the fetch of 10 March, and changed again between two fetches.
SELECT seen(1, '2026-02-01 00:00Z',
  json_build_object('groupId', guid('group', 1), 'updatedAt', '2026-01-15T00:00:00Z'));
SELECT seen(1, '2026-03-10 00:00Z',
  json_build_object('groupId', guid('group', 2), 'updatedAt', '2026-03-05T00:00:00Z'));
SELECT seen(1, '2026-03-20 00:00Z',
  json_build_object('groupId', guid('group', 1), 'updatedAt', '2026-03-05T00:00:00Z'));
SELECT feed('TimeEntries',
  event(1, 1, '2025-01-01 09:00', 'In', zone => 'UTC'), event(2, 1, '2026-03-04 23:59:59', 'Out', zone => 'UTC'),
  event(3, 1, '2026-03-05 00:00', 'In', zone => 'UTC'), event(4, 1, '2026-03-19 23:59:59', 'Out', zone => 'UTC'),
  event(5, 1, '2026-03-20 00:00', 'In', zone => 'UTC'));
SELECT is(group_of(1), 'Acme', 'what was fetched first is valid from the beginning of time');
SELECT is(group_of(2) || ' ' || group_of(3), 'Acme Bolt',
  'a change holds from updatedAt, if that lies between the fetches');
SELECT is(group_of(4) || ' ' || group_of(5), 'Bolt Acme', 'else from the fetch');

-- A correction is effective until Jibble shows a change of group, not until it shows a change of name.
SELECT timesheet.assign_client_group(agent(1), client_group(2), '2026-04-01 00:00Z');
SELECT seen(1, '2026-04-10 00:00Z',
  json_build_object('groupId', guid('group', 1), 'fullName', 'Renamed', 'updatedAt', '2026-04-09T00:00:00Z'));
SELECT feed('TimeEntries', event(6, 1, '2026-04-15 09:00', 'In', zone => 'UTC'),
  event(7, 1, '2026-05-15 09:00', 'In', zone => 'UTC'));
SELECT is(group_of(6), 'Bolt', 'a new name undoes no correction');
SELECT seen(1, '2026-05-01 00:00Z', json_build_object('groupId', NULL, 'updatedAt', '2026-05-01T00:00:00Z'));
SELECT seen(1, '2026-05-02 00:00Z',
  json_build_object('groupId', guid('group', 1), 'updatedAt', '2026-05-02T00:00:00Z'));
SELECT is(group_of(6) || ' ' || group_of(7), 'Bolt Acme', 'a later change of group does');

-- R3: Jibble's zones, in their order.
SELECT feed('People',
  (person(2, 'Europe/London')::jsonb || '{"ICalculationSettings/TimeSheetTimeZone": "Europe/Paris"}')::text,
  person(3, NULL), person(4, 'Europe/London'));
SELECT feed('TimeEntries', event(20, 2, '2026-03-02 09:00', 'In'), event(30, 3, '2026-03-02 09:00', 'In'),
  event(40, 4, '2026-03-02 09:00', 'In'));
SELECT is(zone_of(20), 'Europe/Paris', 'R3: timeSheetTimeZone comes before timeZone');
SELECT is(zone_of(40), 'Europe/London', 'R3: timeZone holds where there is no timeSheetTimeZone');
SELECT is(zone_of(30), 'UTC', 'R3: without any, the default');
SELECT feed('Organizations',
  '{"id": "00000000-0000-4000-8000-000000000001", "ICultureSettings/TimeZone": "Asia/Tokyo"}');
SELECT is(zone_of(30), 'Asia/Tokyo', 'R3: or the organisation''s, once it is known');
SELECT is(zone_of(40), 'Europe/London', 'R3: which moves no person who has their own');
SELECT feed('TimeTrackingPeople', format('{"id": "%s", "timeSheetTimeZone": "America/New_York"}', guid('person', 4)));
SELECT is(zone_of(40), 'America/New_York', 'R3: time tracking''s own view of a person comes first');

-- Settings assign every workday again; the latest started override counts, whatever was set last.
UPDATE timesheet.settings SET day_cutoff = '18:00';
SELECT is((SELECT workday_end FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 30)),
  '2026-03-02 18:00 Asia/Tokyo'::timestamptz, 'R4: a change of the cut-off moves the end of the day');
UPDATE timesheet.settings SET day_cutoff = '00:00', default_time_zone = 'Asia/Kolkata';
SELECT timesheet.set_working_time('2026-03-02', for_agent => agent(3), time_zone => 'Europe/Madrid');
SELECT timesheet.set_working_time('2026-02-01', for_agent => agent(3), time_zone => 'Europe/Rome');
SELECT feed('TimeEntries', event(31, 3, '2026-03-05 09:00', 'In'));
SELECT is(zone_of(31), 'Europe/Madrid', 'R3: the latest started override, not the latest set');
SELECT throws_ok('DELETE FROM timesheet.settings', '55000', NULL, 'the settings cannot be deleted');
SELECT throws_ok(format('SELECT timesheet.set_working_time(%L, for_agent => %s, day_cutoff => %L)', '5874897-12-31',
  agent(3), '12:00'), '22023', NULL, 'an override far outside of time is refused');

-- Hour entries: whole seconds, and the group at local noon.
SELECT feed('HourEntries',
  format('{"id": "%s", "personId": "%s", "date": "2026-03-05", "duration": "PT1H0.9S", "status": "Active"}',
    guid('hours', 1), guid('person', 1)),
  format('{"id": "%s", "personId": "%s", "date": "2026-03-20", "duration": "-PT30M", "status": "Active"}',
    guid('hours', 2), guid('person', 1)));
SELECT is((SELECT seconds FROM timesheet.hour_entries WHERE jibble_id = guid('hours', 1)), 3600::bigint,
  'R12: seconds are truncated');
SELECT is((SELECT p.problem FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
  WHERE r.jibble_id = guid('hours', 2)),
  'the duration "-PT30M" is not from 0 to 8784 hours, a year and a day', 'a duration takes no hours away');
SELECT timesheet.assign_client_group(agent(1), client_group(1), '2026-03-05 03:00Z');
SELECT is((SELECT g.name FROM timesheet.hour_entries AS h JOIN timesheet.client_groups AS g USING (client_group_id)
  WHERE h.jibble_id = guid('hours', 1)), 'Acme',
  'an hour entry takes the group at noon in Manila, 04:00 UTC, not at midnight; and is assigned again by a correction');

-- Members that are worth knowing but not worth refusing an entry for.
SELECT feed('TimeEntries',
  event(50, 2, '2026-03-03 09:00', 'In',
    more => '{"createdAt": "garbage", "updatedAt": "now", "isManual": "perhaps", "offset": "PT", "activityId": ""}'),
  event(51, 2, '2026-03-03 10:00', 'In', more => '{"createdAt": "2026-02-30T00:00:00Z", "offset": "-PT5H30M"}'),
  event(52, 2, '2026-03-03 11:00', 'In', more => '{"time": "2026-03-03T10:00:00 BC"}'),
  event(53, 2, '2026-03-03 11:30', 'In', more => '{"belongsToDate": "today"}'));
SELECT is((SELECT (jibble_created_at, jibble_updated_at, is_manual, utc_offset, activity_id)::text
  FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 50)),
  '(,,,,)', 'unreadable ones are null');
SELECT is((SELECT utc_offset FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 51)),
  '-05:30'::interval, 'a negative offset is read');
SELECT is((SELECT count(*) FROM timesheet.time_entries
  WHERE jibble_activity_id IN (guid('event', 52), guid('event', 53))), 0::bigint,
  'words and eras are no times and dates');
SELECT feed('TimeEntries',
  event(51, 2, '2026-03-03 10:00', 'In', more => '{"time": "?", "picture": {"status": "Archived"}}'));
SELECT is((SELECT deleted_at FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 51)), NULL,
  'only the entry''s own status archives it');
SELECT feed('TimeEntries', event(51, 2, '2026-03-03 10:00', 'In', more => '{"time": "?", "status": "Archived"}'));
SELECT isnt((SELECT deleted_at FROM timesheet.time_entries WHERE jibble_activity_id = guid('event', 51)), NULL,
  'which counts though the rest cannot be understood');

-- A bad version of a person spoils no other.
SELECT feed('People', (person(6, 'Europe/London')::jsonb || '{"groupId": "nonsense"}')::text);
SELECT is((SELECT count(*) FROM timesheet.agents WHERE jibble_id = guid('person', 6)), 0::bigint,
  'a version with a broken group is rejected');
SELECT feed('People', person(6, 'Europe/London', guid('group', 1)));
SELECT feed('TimeEntries', event(60, 6, '2026-03-02 09:00', 'In', zone => 'Europe/London'));
SELECT is(group_of(60) || ' ' || zone_of(60), 'Acme Europe/London', 'and the good one that follows is');
SELECT is((SELECT count(*) FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
  WHERE r.resource = 'People'), 1::bigint,
  'only the broken one is a problem');

-- Replay gives the same again, whole or in part.
CREATE FUNCTION spec.state() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT e::text FROM timesheet.time_entries AS e UNION ALL SELECT h::text FROM timesheet.hour_entries AS h
  UNION ALL SELECT a::text FROM timesheet.agents AS a UNION ALL SELECT t::text FROM timesheet.agent_history AS t
  UNION ALL SELECT p::text FROM timesheet.ingest_problems AS p
$$;
CREATE TEMP TABLE before AS SELECT * FROM state();
SELECT timesheet.replay();
SELECT bag_eq('SELECT * FROM state()', 'SELECT * FROM before', 'replay changes nothing');
UPDATE timesheet.time_entries SET raw_type = 'Out' WHERE jibble_activity_id IN (guid('event', 3), guid('event', 5));
SELECT is(timesheet.replay('2026-03-05', '2026-03-06'), 3::bigint,
  'bounded, it rebuilds what is on those workdays: entries 3 and 31 and the hour entry of 5 March');
SELECT is((SELECT string_agg(e.raw_type, ' ' ORDER BY e.start_time_utc) FROM timesheet.time_entries AS e
  WHERE e.jibble_activity_id IN (guid('event', 3), guid('event', 5))),
  'In Out', 'and no others');
SELECT timesheet.replay();
SELECT bag_eq('SELECT * FROM state()', 'SELECT * FROM before', 'until all is replayed');
SELECT timesheet.set_working_time('2026-01-01', for_agent => agent(2), day_cutoff => '12:00');
DELETE FROM timesheet.working_time_overrides AS w WHERE w.agent_id = agent(2);
SELECT timesheet.replay();
SELECT bag_eq('SELECT * FROM state()', 'SELECT * FROM before',
  'replay follows the current corrections, for everybody');
SELECT throws_ok($$SELECT timesheet.replay('2026-03-06', '2026-03-05')$$, '22023', NULL,
  'bounds the wrong way round are refused');

SELECT * FROM finish();
ROLLBACK;
