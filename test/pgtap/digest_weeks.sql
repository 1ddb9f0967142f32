-- When a week is over for a digest: the client group's zone has left it, and the last workday of each of its agents has
-- ended; then the grace. All instants by hand: in November Sydney is 11 hours ahead of UTC, Manila 8, Bogotá 5 behind.
\ir setup.sql
SELECT plan(13);

SELECT feed('Groups', VARIADIC ARRAY(
  SELECT json_build_object('id', guid('group', n), 'name', 'Client ' || n, 'status', 'Active')::text
  FROM generate_series(1, 2) AS n));
UPDATE timesheet.client_groups SET time_zone = 'Australia/Sydney' WHERE name = 'Client 1';
CREATE FUNCTION spec.client(n int) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT g.client_group_id FROM timesheet.client_groups AS g WHERE g.name = 'Client ' || n
$$;
INSERT INTO timesheet.contacts (email) VALUES ('ann@example.com');
INSERT INTO timesheet.contact_client_groups SELECT c.contact_id, client(1) FROM timesheet.contacts AS c;
-- When the week that begins on Monday must have been read through.
CREATE FUNCTION spec.complete_at(monday date DEFAULT '2026-11-16') RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT r.complete_at FROM timesheet.digest_readiness(monday, monday + 1) AS r
$$;

SELECT is(complete_at(), '2026-11-23 01:00Z', 'without agents: Monday 00:00 in Sydney, and twelve hours');
SELECT feed('People', person(1, 'Asia/Manila', guid('group', 1)));
SELECT is(complete_at(), '2026-11-23 04:00Z', 'an agent in Manila: her Sunday ends three hours later');
SELECT feed('People', person(2, 'America/Bogota', guid('group', 1)));
SELECT is(complete_at(), '2026-11-23 17:00Z', 'one in Bogotá: his Sunday ends at 05:00 UTC');
SELECT feed('People', person(3, 'Pacific/Honolulu', guid('group', 2)));
SELECT is(complete_at(), '2026-11-23 17:00Z', 'an agent of another client group does not matter');

SELECT timesheet.assign_client_group(agent(2), client(2), '2026-11-21 12:00Z');
SELECT is(complete_at(), '2026-11-23 04:00Z', 'nor one who has moved to another the day before');
SELECT timesheet.assign_client_group(agent(2), client(1), '2026-11-22 12:00Z');
SELECT is(complete_at(), '2026-11-23 17:00Z', 'but one who came back on that Sunday');
SELECT feed('People', (person(2, 'America/Bogota', guid('group', 1))::jsonb || '{"status": "Removed"}')::text);
SELECT is(complete_at(), '2026-11-23 04:00Z', 'and not one who was removed');
SELECT feed('TimeEntries', event(21, 2, '2026-11-22 18:00', 'In', zone => 'America/Bogota'));
SELECT is(complete_at(), '2026-11-23 17:00Z', 'unless there is an entry of that Sunday: its session may still be open');
SELECT feed('TimeEntries', event(22, 2, '2026-11-23 02:00', 'In', zone => 'America/Bogota',
  more => '{"belongsToDate": "2026-11-22"}'));
SELECT is(complete_at(), '2026-11-24 17:00Z', 'which ends a day later where Jibble counts the morning after to Sunday');
SELECT feed('TimeEntries', event(21, 2, '2026-11-22 18:00', 'In', more => '{"status": "Archived"}'),
  event(22, 2, '2026-11-22 18:00', 'In', more => '{"status": "Archived"}'));
SELECT is(complete_at(), '2026-11-23 04:00Z', 'and is not deleted');

SELECT timesheet.set_working_time('2026-01-01', for_agent => agent(1), day_cutoff => '12:00');
SELECT is(complete_at(), '2026-11-23 16:00Z', 'a workday ends at its cut-off: Monday noon in Manila');
SELECT is((SELECT incomplete_because IS NOT NULL FROM timesheet.digest_readiness('2026-11-16', '2026-11-17')), true,
  'until then the week is not complete');

-- Sunday 1 November 2026: New York has gone back to winter time, so its Monday begins at 05:00 UTC.
SELECT feed('People', person(4, 'America/New_York', guid('group', 1)));
SELECT is(complete_at('2026-10-26'), '2026-11-02 17:00Z', 'by the clock of that day, after the change of the hour');

SELECT * FROM finish();
ROLLBACK;
