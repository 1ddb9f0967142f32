-- History (docs/rules.md): time tracking and the workspace show the same zones of a person, and which of them is asked
-- depends on which answers. What they show is one history: nothing is missed when one is asked again after the other.
\ir setup.sql
SELECT plan(25);

-- An object as it was fetched at that time. Nothing else of it changes; a row that was not kept has no time either.
CREATE FUNCTION spec.seen(resource text, person int, at timestamptz, zones json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  before bigint := (SELECT max(r.raw_event_id) FROM timesheet.raw_events AS r);
BEGIN
  PERFORM feed(resource, (jsonb_build_object('id', guid('person', person)) || zones::jsonb)::text);
  UPDATE timesheet.raw_events AS r SET fetched_at = at WHERE r.raw_event_id > coalesce(before, 0);
  PERFORM timesheet.replay();
END
$$;
CREATE FUNCTION spec.tracked(person int, at timestamptz, zone text) RETURNS void LANGUAGE sql AS $$
  SELECT seen('TimeTrackingPeople', person, at, json_build_object('timeZone', zone))
$$;
CREATE FUNCTION spec.workspace(person int, at timestamptz, zone text,
  updated_at text DEFAULT '2020-01-01T00:00:00Z') RETURNS void LANGUAGE sql AS $$
  SELECT seen('People', person, at, json_build_object('ICultureSettings/TimeZone', zone, 'updatedAt', updated_at))
$$;
-- The workspace's people as they are asked for while time tracking shows the zones.
CREATE FUNCTION spec.plain(person int, at timestamptz) RETURNS void LANGUAGE sql AS $$
  SELECT seen('People', person, at, '{"status": "Joined"}')
$$;
CREATE FUNCTION spec.history(person int) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce(to_char(nullif(t.valid_from, '-infinity') AT TIME ZONE 'UTC', 'DD.MM. '),
    '') || t.time_zone, ', ' ORDER BY t.valid_from)
  FROM timesheet.agent_history AS t WHERE t.agent_id = agent(person)
$$;
CREATE FUNCTION spec.versions(of_resource text, person int) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM timesheet.raw_events AS r WHERE r.resource = of_resource AND r.jibble_id = guid('person', person)
$$;

-- No person has a zone in time tracking, so the workspace is asked in each pass.
SELECT tracked(10, '2026-02-01', NULL), workspace(10, '2026-02-01', 'Asia/Manila');
SELECT tracked(11, '2026-02-01', ' '), workspace(11, '2026-02-01', 'Asia/Manila');
SELECT tracked(12, '2026-02-01', ''), workspace(12, '2026-02-01', 'Asia/Manila');
SELECT is(history(10) || ' ' || history(11), 'Asia/Manila Asia/Manila',
  'where time tracking names no zone of any person, the workspace''s holds from the beginning of time');
SELECT tracked(n, '2026-02-02', zone), workspace(n, '2026-02-02', 'Asia/Manila')
FROM (VALUES (10, NULL), (11, ' '), (12, '')) AS v (n, zone), generate_series(1, 2) AS again;
SELECT is(string_agg(versions('TimeTrackingPeople', n) || ' ' || versions('People', n), ', '), '1 1, 1 1, 1 1',
  'neither nulls nor blanks there and a zone here make another version in each pass')
FROM generate_series(10, 12) AS n;
SELECT workspace(13, '2026-02-03', 'Asia/Manila'), tracked(13, '2026-02-03', ' ');
SELECT workspace(13, '2026-02-04', 'Asia/Manila'), tracked(13, '2026-02-04', ' ');
SELECT is(versions('TimeTrackingPeople', 13) || ' ' || versions('People', 13) || ' ' || history(13), '1 1 Asia/Manila',
  'nor blanks that came later');

SELECT tracked(1, '2026-03-01', 'Asia/Manila'), plain(1, '2026-03-01');
SELECT workspace(1, '2026-03-02', 'Asia/Manila');
SELECT is(history(1), 'Asia/Manila', 'the other source showing the same zone is no change');
SELECT workspace(1, '2026-03-03', 'Europe/Paris');
SELECT is(history(1), 'Asia/Manila, 03.03. Europe/Paris',
  'a change while time tracking was refused holds from when the workspace showed it');
SELECT tracked(1, '2026-03-04', 'Asia/Manila'), plain(1, '2026-03-04');
SELECT is(history(1), 'Asia/Manila, 03.03. Europe/Paris, 04.03. Asia/Manila',
  'and back: time tracking showing what it did is news by now');
SELECT is(versions('TimeTrackingPeople', 1), 2::bigint, 'which is kept as another version');
SELECT tracked(1, '2026-03-05', 'Asia/Manila'), plain(1, '2026-03-05');
SELECT is(versions('TimeTrackingPeople', 1) || ' ' || versions('People', 1), '2 4', 'but once');

SELECT workspace(2, '2026-03-01', 'Asia/Manila');
SELECT tracked(2, '2026-03-05', 'Europe/Paris'), plain(2, '2026-03-05');
SELECT is(history(2), 'Asia/Manila, 05.03. Europe/Paris',
  'what time tracking shows when it first works does not change the past');

SELECT tracked(3, '2026-03-01', 'Asia/Manila'), plain(3, '2026-03-01');
SELECT workspace(3, '2026-03-03', 'Europe/Paris');
SELECT is(history(3), 'Asia/Manila, 03.03. Europe/Paris', 'nor does the workspace, asked for the first time');
SELECT tracked(3, '2026-03-05', 'Europe/Paris'), plain(3, '2026-03-05');
SELECT is(history(3), 'Asia/Manila, 03.03. Europe/Paris', 'time tracking agrees once it works again');

SELECT tracked(4, '2026-03-01', 'Asia/Manila'), plain(4, '2026-03-01');
SELECT workspace(4, '2026-03-02', NULL);
SELECT is(history(4), 'Asia/Manila', 'a null of the source that has named no zone says nothing');
SELECT tracked(4, '2026-03-03', 'Asia/Manila'), plain(4, '2026-03-03');
SELECT is(history(4) || ' ' || versions('TimeTrackingPeople', 4), 'Asia/Manila 1', 'and makes nothing news');
SELECT tracked(4, '2026-03-04', NULL);
SELECT is(history(4), 'Asia/Manila, 04.03. UTC', 'one of the source that named it takes it away');

-- Time tracking, which names others' zones, said that there is none: then an outage must not move a whole history.
SELECT tracked(5, '2026-03-01', NULL), plain(5, '2026-03-01');
SELECT workspace(5, '2026-03-02', 'Europe/London');
SELECT is(history(5), 'UTC, 02.03. Europe/London', 'what replaces a source that said none is news of then');
SELECT tracked(5, '2026-03-03', NULL), plain(5, '2026-03-03');
SELECT is(history(5), 'UTC, 02.03. Europe/London, 03.03. UTC', 'and over when that answers again');
SELECT tracked(5, '2026-03-04', NULL), plain(5, '2026-03-04');
SELECT is(versions('TimeTrackingPeople', 5) || ' ' || versions('People', 5), '2 3', 'which is kept once');
SELECT seen('TimeTrackingPeople', 14, '2026-03-01', '{"timeZone": "Asia/Manila", "timeSheetTimeZone": null}'),
  plain(14, '2026-03-01');
SELECT seen('People', 14, '2026-03-02',
  '{"ICultureSettings/TimeZone": "Asia/Manila", "ICalculationSettings/TimeSheetTimeZone": "Europe/London"}');
SELECT is(history(14), 'Asia/Manila, 02.03. Europe/London', 'so of the time sheet''s zone next to the person''s own');
SELECT seen('TimeTrackingPeople', 14, '2026-03-03', '{"timeZone": "Asia/Manila", "timeSheetTimeZone": null}'),
  plain(14, '2026-03-03');
SELECT is(history(14), 'Asia/Manila, 02.03. Europe/London, 03.03. Asia/Manila', 'which has its own end');
SELECT workspace(15, '2026-03-01', NULL), tracked(15, '2026-03-02', 'Asia/Manila');
SELECT is(history(15), 'UTC, 02.03. Asia/Manila', 'as of the workspace, where time tracking answers later');

-- A pass that fails between the two lists: nothing of the workspace lies between its two like versions.
SELECT tracked(6, '2026-03-01', 'Asia/Manila');
SELECT workspace(6, '2026-03-02', 'Asia/Manila');
SELECT tracked(6, '2026-03-03', 'Europe/Paris');
SELECT workspace(6, '2026-03-04', 'Asia/Manila');
SELECT is(history(6), 'Asia/Manila, 03.03. Europe/Paris, 04.03. Asia/Manila',
  'the workspace showing what it did is news as well');

-- updatedAt counts if it lies between when the zone was last seen, wherever, and now.
SELECT workspace(7, '2026-03-01', 'Asia/Manila'), tracked(7, '2026-03-04', 'Europe/Paris');
SELECT workspace(7, '2026-03-06', 'Europe/Rome', '2026-03-02T00:00:00Z');
SELECT is(history(7), 'Asia/Manila, 04.03. Europe/Paris, 06.03. Europe/Rome',
  'an updatedAt before that is of another change');
SELECT workspace(7, '2026-03-09', 'Europe/Oslo', '2026-03-08T00:00:00Z');
SELECT is(history(7), 'Asia/Manila, 04.03. Europe/Paris, 06.03. Europe/Rome, 08.03. Europe/Oslo',
  'one after it is of this');

CREATE TEMP TABLE before AS SELECT t.* FROM timesheet.agent_history AS t;
SELECT timesheet.replay();
SELECT bag_eq('SELECT * FROM timesheet.agent_history', 'SELECT * FROM before', 'replay gives the same history');

-- Who is asked for by id: whom the list of zones lacks, those first of whom no zone is known, none who is Removed.
SELECT plain(8, '2026-03-01'), seen('People', 9, '2026-03-01', '{"status": "Removed"}');
SELECT results_eq($$ SELECT jibble_id, has_zone FROM timesheet.people_without_zones(ARRAY[guid('person', 1),
  guid('person', 4), guid('person', 8), guid('person', 9)], ARRAY[guid('person', 4)]) $$,
  $$ VALUES (guid('person', 8), false), (guid('person', 1), true) $$, 'people whom the list of zones lacks');

SELECT * FROM finish();
ROLLBACK;
