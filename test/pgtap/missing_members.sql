-- A member that an answer does not have is unknown, not null: it never changes what was known. An explicit null does.
\ir setup.sql
SELECT plan(42);

CREATE FUNCTION spec.zone_of(n int) RETURNS text LANGUAGE sql AS $$
  SELECT e.time_zone FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = guid('event', n)
$$;
CREATE FUNCTION spec.object(kind text, n int, more json DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT (jsonb_build_object('id', guid(kind, n)) || more::jsonb)::text
$$;
-- An entry without those of its members.
CREATE FUNCTION spec.entry_without(n int, person int, at timestamp, type text, absent text[], more json DEFAULT '{}')
RETURNS text LANGUAGE sql AS $$
  SELECT ((event(n, person, at, type, 'A')::jsonb - absent) || more::jsonb)::text
$$;
CREATE FUNCTION spec.entry(n int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', a.full_name, e.raw_type, to_char(e.start_time_utc AT TIME ZONE 'Asia/Manila', 'HH24:MI'),
    e.belongs_to_date, (e.activity_id IS NOT NULL)::text, CASE WHEN e.deleted_at IS NOT NULL THEN 'deleted' END)
  FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id)
  WHERE e.jibble_activity_id = guid('event', n)
$$;
-- With the last row of the history: now() does not change here, and what is shown later is valid from later.
CREATE FUNCTION spec.person_row(n int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', a.full_name, coalesce(a.email, '-'), coalesce(a.code, '-'), coalesce(a.status, '-'),
    coalesce(g.name, '-'), t.time_zone)
  FROM timesheet.agents AS a
  JOIN (SELECT DISTINCT ON (t.agent_id) t.* FROM timesheet.agent_history AS t ORDER BY t.agent_id, t.valid_from DESC)
    AS t USING (agent_id)
  LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = t.client_group_id WHERE a.jibble_id = guid('person', n)
$$;
CREATE FUNCTION spec.group_row(n int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', coalesce(g.name, '-'), coalesce(g.code, '-'), coalesce(g.status, '-'))
  FROM timesheet.client_groups AS g WHERE g.jibble_id = guid('group', n)
$$;
CREATE FUNCTION spec.activity_row(n int) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', coalesce(a.name, '-'), coalesce(a.code, '-'), coalesce(a.status, '-'))
  FROM timesheet.activities AS a WHERE a.jibble_id = guid('activity', n)
$$;

-- Groups and activities.
SELECT feed('Groups', object('group', 1, '{"name": "Acme", "code": "A1", "status": "Active"}'),
  object('group', 2, '{"name": "Bolt"}'));
SELECT feed('Groups', object('group', 1, '{"status": "Archived"}'));
SELECT is(group_row(1), 'Acme A1 Archived', 'a group keeps the name and code that an answer does not have');
SELECT feed('Groups', object('group', 1, '{"name": "Acme Ltd", "code": null}'));
SELECT is(group_row(1), 'Acme Ltd - Archived', 'an explicit null is null, and the status stays');
SELECT is(group_row(2), 'Bolt - -', 'what no version had is null');
SELECT feed('Activities', object('activity', 1, '{"name": "Calls", "code": "C", "status": "Active"}'));
SELECT feed('Activities', object('activity', 1, '{"name": "Phone"}'));
SELECT is(activity_row(1), 'Phone C Active', 'an activity keeps code and status');
SELECT feed('Activities', object('activity', 1, '{"code": null}'));
SELECT is(activity_row(1), 'Phone - Active', 'though the version that had them is not the one before');

-- The organisation, before any person has a zone of their own.
SELECT feed('Organizations', object('organisation', 1, '{"ICultureSettings/TimeZone": "Asia/Tokyo", "name": "Us"}'));
SELECT feed('People', object('person', 9, '{"fullName": "Nia"}'));
SELECT is(person_row(9), 'Nia - - - - Asia/Tokyo', 'without a zone of their own people have the organisation''s');
SELECT feed('Organizations', object('organisation', 1, '{"name": "We"}'));
SELECT is(person_row(9), 'Nia - - - - Asia/Tokyo', 'which an answer without zones does not take away');
SELECT feed('Organizations', object('organisation', 1, '{"name": "We", "ICultureSettings/TimeZone": null}'));
SELECT is(person_row(9), 'Nia - - - - UTC', 'but an explicit null does');

-- A person.
SELECT feed('People',
  object('person', 1, json_build_object('fullName', 'Ann', 'email', 'ann@example.com', 'code', '7', 'status', 'Joined',
  'groupId', guid('group', 1), 'ICultureSettings/TimeZone', 'Asia/Manila')));
SELECT feed('TimeEntries', event(1, 1, '2026-03-02 09:00', 'In', 'A'));
SELECT feed('People', object('person', 1, '{"fullName": "Ann Lee"}'));
SELECT is(person_row(1), 'Ann Lee ann@example.com 7 Joined Acme Ltd Asia/Manila',
  'a person keeps e-mail, code, status, group and zone');
SELECT is((SELECT count(*) FROM timesheet.agent_history AS t WHERE t.agent_id = agent(1)), 1::bigint,
  'and no change is made of that at any time');
SELECT feed('People', object('person', 1, '{"email": null, "status": "Removed"}'));
SELECT is(person_row(1), 'Ann Lee - 7 Removed Acme Ltd Asia/Manila',
  'an explicit null takes the e-mail away, and nothing else');
SELECT feed('People', object('person', 1, '{"groupId": null}'));
SELECT is(person_row(1), 'Ann Lee - 7 Removed - Asia/Manila', 'one of the group takes that away');
SELECT is(zone_of(1), 'Asia/Manila', 'entries stay placed by the zone that was known');
SELECT feed('People', object('person', 1, '{"ICultureSettings/TimeZone": null}'));
SELECT feed('TimeEntries', event(2, 1, '2126-03-02 09:00', 'In', 'A'));
SELECT is(zone_of(1) || ' ' || zone_of(2), 'Asia/Manila UTC', 'a zone of null holds from then on');

-- Today one refusal of one query put everybody into UTC for five minutes, permanently.
SELECT feed('People', person(2, 'Asia/Manila', guid('group', 2)));
SELECT feed('People', (person(2)::jsonb - '{ICultureSettings/TimeZone,groupId}'::text[])::text);
SELECT feed('People', person(2, 'Asia/Manila', guid('group', 2)));
SELECT is((SELECT array_agg(t.time_zone || ' ' || g.name) FROM timesheet.agent_history AS t
  JOIN timesheet.client_groups AS g USING (client_group_id) WHERE t.agent_id = agent(2)),
  ARRAY['Asia/Manila Bolt'], 'an answer without zone and group between two with them leaves no trace in the history');

-- What was first shown late is valid from the beginning: before that it was unknown, not absent.
SELECT feed('People', object('person', 3, '{"fullName": "Cy"}'));
SELECT feed('TimeEntries', event(30, 3, '2026-03-02 09:00', 'In'));
SELECT is(zone_of(30), 'Asia/Tokyo', 'where no zone of a person was shown, it is the organisation''s of that time');
SELECT feed('People',
  object('person', 3,
    json_build_object('ICalculationSettings/TimeSheetTimeZone', 'Asia/Kolkata', 'groupId', guid('group', 2))));
SELECT is(zone_of(30), 'Asia/Kolkata', 'once shown it is valid from the beginning of time');
SELECT is(person_row(3), 'Cy - - - Bolt Asia/Kolkata', 'and so does the group');
SELECT is((SELECT count(*) FROM timesheet.agent_history AS t WHERE t.agent_id = agent(3)), 1::bigint,
  'with no change anywhere');

-- Two sources of a person's zones: whichever changed last counts.
SELECT feed('People', person(4, 'Europe/London'));
SELECT feed('TimeTrackingPeople', object('person', 4, '{"timeZone": "America/New_York", "timeSheetTimeZone": null}'));
SELECT feed('TimeEntries', event(40, 4, '2026-03-02 09:00', 'In'));
SELECT is(zone_of(40), 'Europe/London',
  'what was seen first holds from the beginning of time, whichever of them showed it');
SELECT is(person_row(4), 'Agent 4 - - Joined - America/New_York',
  'and what time tracking shows later holds from then on');
SELECT feed('TimeTrackingPeople', object('person', 4, '{"fullName": "Dee"}'));
SELECT is(person_row(4), 'Agent 4 - - Joined - America/New_York',
  'an answer of time tracking without zones changes nothing');
SELECT feed('People', person(4, 'Europe/Paris'));
SELECT is(person_row(4), 'Agent 4 - - Joined - Europe/Paris', 'a change that only the workspace still shows counts');
SELECT is(zone_of(40), 'Europe/London', 'from when it was seen');
SELECT feed('TimeTrackingPeople', object('person', 4, '{"timeZone": "Europe/Rome", "timeSheetTimeZone": null}'));
SELECT is(person_row(4), 'Agent 4 - - Joined - Europe/Rome', 'and so does a later one of time tracking');
SELECT feed('TimeTrackingPeople',
  object('person', 4, '{"timeZone": "Europe/Rome", "timeSheetTimeZone": "Asia/Tokyo"}'));
SELECT is(person_row(4), 'Agent 4 - - Joined - Asia/Tokyo', 'R3: a time sheet''s zone comes before the person''s');
SELECT feed('TimeTrackingPeople', object('person', 4, '{"timeSheetTimeZone": null}'));
SELECT is(person_row(4), 'Agent 4 - - Joined - Europe/Rome',
  'and once it is null, the person''s, though this answer does not repeat it');

-- Names that only time tracking shows.
SELECT feed('TimeTrackingPeople', object('person', 5, '{"fullName": "Eve"}'));
SELECT feed('People', object('person', 5, '{"status": "Joined"}'));
SELECT is(person_row(5), 'Eve - - Joined - UTC', 'a person without a name in the workspace keeps time tracking''s');
SELECT feed('TimeTrackingPeople', object('person', 5, '{"fullName": "Eve Ray"}'));
SELECT is(person_row(5), 'Eve Ray - - Joined - UTC', 'also where that changes');
SELECT feed('People', object('person', 5, '{"fullName": "E. Ray"}'));
SELECT is(person_row(5), 'E. Ray - - Joined - UTC', 'and the workspace''s own comes first');

-- Entries.
SELECT feed('People', person(6));
SELECT feed('TimeEntries', event(60, 6, '2026-03-02 09:00', 'In', 'A'));
SELECT feed('TimeEntries',
  entry_without(60, 6, '2026-03-02 09:30', 'In', '{personId,type,activityId,belongsToDate,status}'));
SELECT is(entry(60), 'Agent 6 In 09:30 2026-03-02 true', 'an entry keeps person, type, activity, date and status');
SELECT feed('TimeEntries',
  entry_without(60, 6, '2026-03-02 09:30', 'Out', '{time,activityId}', '{"activityId": null}'));
SELECT is(entry(60), 'Agent 6 Out 09:30 2026-03-02 false', 'and its time; an activity of null is none');
SELECT feed('TimeEntries', event(60, 6, '2026-03-02 09:30', 'Out', more => '{"status": "Archived"}'));
SELECT feed('TimeEntries', entry_without(60, 6, '2026-03-02 09:45', 'Out', '{status}'));
SELECT is(entry(60), 'Agent 6 Out 09:45 2026-03-02 true deleted',
  'what was archived does not live again because an answer does not say');
SELECT feed('TimeEntries', event(60, 6, '2026-03-02 09:45', 'Out'));
SELECT is(entry(60), 'Agent 6 Out 09:45 2026-03-02 false', 'until one says that it lives');

SELECT feed('TimeEntries', event(61, 6, '2026-03-02 10:00', 'In', 'A'));
SELECT feed('TimeEntries', event(61, 6, '2026-03-02 10:30', 'In', 'A', more => '{"time": "?"}'));
SELECT is(entry(61), 'Agent 6 In 10:00 2026-03-02 true', 'a version that cannot be understood changes nothing');
SELECT feed('TimeEntries', entry_without(61, 6, '2026-03-02 10:45', 'Out', '{time}'));
SELECT is(entry(61), 'Agent 6 Out 10:00 2026-03-02 true',
  'nor is its broken time taken for one that a later version does not have');
SELECT feed('TimeEntries', event(61, 6, '2026-03-02 10:00', 'In', more => '{"time": "?", "status": "Archived"}'),
  entry_without(61, 6, '2026-03-02 10:00', 'In', '{status}', '{"time": "??"}'));
SELECT is(entry(61), 'Agent 6 Out 10:00 2026-03-02 true deleted',
  'archived by a version that is rejected, it stays so');

SELECT feed('HourEntries',
  object('hours', 1,
    json_build_object('personId', guid('person', 6), 'date', '2026-03-03', 'duration', 'PT2H', 'status', 'Active')));
SELECT feed('HourEntries', object('hours', 1, '{"duration": "PT3H"}'));
SELECT is((SELECT h.workday || ' ' || h.seconds FROM timesheet.hour_entries AS h
  WHERE h.jibble_id = guid('hours', 1) AND h.deleted_at IS NULL), '2026-03-03 10800',
  'an hour entry keeps person and date');
SELECT feed('HourEntries', object('hours', 1, '{"date": "2026-03-04", "status": "Archived"}'));
SELECT is((SELECT h.workday || ' ' || h.seconds FROM timesheet.hour_entries AS h
  WHERE h.jibble_id = guid('hours', 1) AND h.deleted_at IS NOT NULL), '2026-03-04 10800',
  'and its length');
SELECT feed('TimeEntries', entry_without(62, 6, '2026-03-02 11:00', 'In', '{personId}'));
SELECT is(entry(62), NULL, 'what never had a person is rejected');
SELECT feed('TimeEntries', object('event', 62, json_build_object('personId', guid('person', 6))));
SELECT is(entry(62), 'Agent 6 In 11:00 2026-03-02 true', 'until an answer has it, and needs nothing else');

-- All of it is a function of what was stored.
CREATE FUNCTION spec.state() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT e::text FROM timesheet.time_entries AS e UNION ALL SELECT h::text FROM timesheet.hour_entries AS h
  UNION ALL SELECT a::text FROM timesheet.agents AS a
  UNION ALL SELECT t::text FROM timesheet.agent_history AS t
  UNION ALL SELECT o::text FROM timesheet.attribute_history AS o
  UNION ALL SELECT g::text FROM timesheet.client_groups AS g UNION ALL SELECT v::text FROM timesheet.activities AS v
$$;
CREATE TEMP TABLE before AS SELECT * FROM state();
SELECT timesheet.replay();
SELECT bag_eq('SELECT * FROM state()', 'SELECT * FROM before', 'replay changes nothing');

SELECT * FROM finish();
ROLLBACK;
