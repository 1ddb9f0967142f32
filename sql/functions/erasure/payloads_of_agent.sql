-- Also what could not be read or names no id, what no run has derived yet, and earlier versions of entries that are
-- another person's now: these are looked for by the person's id in the text.
CREATE OR REPLACE FUNCTION timesheet.payloads_of_agent(of_agent int) RETURNS SETOF bigint
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH person AS MATERIALIZED (
    SELECT a.jibble_id FROM timesheet.agents AS a WHERE a.agent_id = of_agent
  ), mentioned AS MATERIALIZED (
    SELECT r.raw_event_id, r.resource, r.jibble_id
    FROM person AS a JOIN timesheet.raw_events AS r ON timesheet.mentions_person(r.payload, a.jibble_id)
    WHERE (r.resource IN ('TimeEntries', 'HourEntries')
        AND (r.jibble_id IS NULL OR r.raw_event_id IN (SELECT p.raw_event_id FROM timesheet.ingest_problems AS p)
          OR r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s)
          OR r.jibble_id IN (SELECT v.jibble_id FROM timesheet.raw_events AS v
            WHERE v.resource IN ('TimeEntries', 'HourEntries') GROUP BY v.jibble_id HAVING count(*) > 1)))
      OR (r.resource IN ('People', 'TimeTrackingPeople') AND r.jibble_id IS NULL)
  )
  SELECT r.raw_event_id FROM person AS a JOIN timesheet.raw_events AS r USING (jibble_id)
  WHERE r.resource IN ('People', 'TimeTrackingPeople') AND r.payload IS NOT NULL
  UNION
  SELECT r.raw_event_id FROM timesheet.time_entries AS e JOIN timesheet.raw_events AS r
    ON r.jibble_id = e.jibble_activity_id AND r.resource = 'TimeEntries'
  WHERE e.agent_id = of_agent AND r.payload IS NOT NULL
  UNION
  SELECT r.raw_event_id FROM timesheet.hour_entries AS e JOIN timesheet.raw_events AS r
    ON r.jibble_id = e.jibble_id AND r.resource = 'HourEntries'
  WHERE e.agent_id = of_agent AND r.payload IS NOT NULL
  UNION
  SELECT m.raw_event_id FROM mentioned AS m
  UNION
  -- Other versions of these that name no person that can be read.
  SELECT r.raw_event_id
  FROM (SELECT DISTINCT m.resource, m.jibble_id FROM mentioned AS m WHERE m.resource IN ('TimeEntries', 'HourEntries'))
    AS m JOIN timesheet.raw_events AS r USING (resource, jibble_id)
  WHERE r.payload IS NOT NULL
    AND timesheet.guid_or_null(timesheet.member(timesheet.readable(r.payload), 'personId')) IS NULL
    AND timesheet.person_of_entry(r.resource, r.jibble_id, r.raw_event_id) = (SELECT a.jibble_id FROM person AS a)
$$;
COMMENT ON FUNCTION timesheet.payloads_of_agent(int) IS
  'The raw events that say something of this agent: of the person and of the entries, whole or reduced, derived or not '
  'yet; no tombstones.';
CALL timesheet.set_grants('FUNCTION timesheet.payloads_of_agent(int)');
