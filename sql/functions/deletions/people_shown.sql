-- The people whose entries this key may read: that no entry of another person is found may mean that it may not.
CREATE OR REPLACE FUNCTION timesheet.people_shown(seen uuid[], people uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH underived AS MATERIALIZED (
    SELECT DISTINCT ON (u.jibble_id) u.jibble_id AS id, u.person
    FROM (
      SELECT r.jibble_id, r.raw_event_id, timesheet.member(timesheet.readable(r.payload), 'personId') AS person
      FROM timesheet.raw_events AS r
      WHERE r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s)
        AND r.resource IN ('TimeEntries', 'HourEntries') AND r.payload IS NOT NULL
        AND EXISTS (SELECT FROM unnest(seen) AS s (id) WHERE s.id = r.jibble_id)
    ) AS u
    ORDER BY u.jibble_id, u.raw_event_id DESC
  ), derived AS (
    SELECT s.id FROM unnest(seen) AS s (id) WHERE NOT EXISTS (SELECT FROM underived AS u WHERE u.id = s.id)
  ), shown AS (
    SELECT u.person FROM underived AS u
    UNION
    SELECT a.jibble_id::text FROM derived AS d JOIN timesheet.time_entries AS e ON e.jibble_activity_id = d.id
      JOIN timesheet.agents AS a USING (agent_id)
    UNION
    SELECT a.jibble_id::text FROM derived AS d JOIN timesheet.hour_entries AS e ON e.jibble_id = d.id
      JOIN timesheet.agents AS a USING (agent_id)
  )
  SELECT p.id FROM unnest(people) AS p (id) WHERE EXISTS (SELECT FROM shown AS s WHERE lower(s.person) = p.id::text)
  UNION
  SELECT a.jibble_id FROM timesheet.agents AS a
  WHERE people IS NULL AND EXISTS (SELECT FROM shown AS s WHERE lower(s.person) = a.jibble_id::text)
$$;
COMMENT ON FUNCTION timesheet.people_shown(uuid[], uuid[]) IS
  'Of these people (Jibble''s ids; null: all that are known) those who have one of the entries seen, time or hour '
  'entry, derived or not.';
CALL timesheet.set_grants('FUNCTION timesheet.people_shown(uuid[], uuid[])', 'EXECUTE TO timesheet_ingest');
