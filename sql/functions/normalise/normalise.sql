CREATE OR REPLACE FUNCTION timesheet.normalise(after_raw_event bigint, through_raw_event bigint,
  OUT deleted bigint, OUT rejected bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  of_resource text;
  batch uuid[];
  moved int[];
BEGIN
  deleted := 0;
  INSERT INTO timesheet.ingest_problems (raw_event_id, problem)
  SELECT r.raw_event_id, CASE WHEN timesheet.member(timesheet.readable(r.payload), 'id') ~ '^[0-]+$'
    AND timesheet.member(timesheet.readable(r.payload), 'id') ~ '0'
    THEN 'the object''s id is one of zeros, which is no id' ELSE 'the object has no id in GUID form' END
  FROM timesheet.raw_events AS r
  WHERE r.raw_event_id > after_raw_event AND r.raw_event_id <= through_raw_event
    AND timesheet.id_or_null(r.jibble_id) IS NULL
  ON CONFLICT (raw_event_id) DO NOTHING;

  -- Dimensions, then agents' histories, then entries, whose workdays need both.
  FOREACH of_resource IN ARRAY
    ARRAY['Groups', 'Activities', 'Organizations', 'People', 'TimeTrackingPeople', 'TimeEntries', 'HourEntries']
  LOOP
    IF of_resource = 'TimeEntries' THEN
      WITH changed AS MATERIALIZED (
        SELECT DISTINCT r.resource, r.jibble_id FROM timesheet.raw_events AS r
        WHERE r.raw_event_id > after_raw_event AND r.raw_event_id <= through_raw_event
          AND r.resource IN ('Organizations', 'People', 'TimeTrackingPeople')
      )
      SELECT array_agg(a.agent_id) INTO moved FROM timesheet.agents AS a
      WHERE NOT EXISTS (SELECT FROM timesheet.agent_history AS t WHERE t.agent_id = a.agent_id)
         OR EXISTS (SELECT FROM changed AS o WHERE o.resource = 'Organizations')
         OR a.jibble_id IN (SELECT o.jibble_id FROM changed AS o)
         OR a.agent_id = ANY ((SELECT timesheet.agents_of_changed_zones())::int[]);
      PERFORM timesheet.rebuild_agent_history(moved), timesheet.reassign_workdays(moved) WHERE moved IS NOT NULL;
    END IF;
    FOR batch IN
      SELECT array_agg(DISTINCT n.jibble_id)
      FROM (
        SELECT r.jibble_id, row_number() OVER (ORDER BY min(r.raw_event_id)) / 5000 AS number
        FROM timesheet.raw_events AS r
        WHERE r.raw_event_id > after_raw_event AND r.raw_event_id <= through_raw_event AND r.resource = of_resource
          AND timesheet.id_or_null(r.jibble_id) IS NOT NULL
        GROUP BY r.jibble_id
      ) AS n
      GROUP BY n.number ORDER BY n.number
    LOOP
      deleted := deleted + timesheet.normalise_objects(of_resource, batch);
    END LOOP;
  END LOOP;

  PERFORM timesheet.retry_rejected_entries(after_raw_event);

  -- Agents that only an entry has named so far.
  SELECT array_agg(a.agent_id) INTO moved FROM timesheet.agents AS a
  WHERE NOT EXISTS (SELECT FROM timesheet.agent_history AS t WHERE t.agent_id = a.agent_id);
  PERFORM timesheet.rebuild_agent_history(moved), timesheet.reassign_workdays(moved) WHERE moved IS NOT NULL;
  PERFORM timesheet.show_current(array_agg(a.agent_id)) FROM timesheet.agents AS a;

  SELECT count(*) INTO rejected FROM timesheet.ingest_problems AS p
  WHERE p.raw_event_id > after_raw_event AND p.raw_event_id <= through_raw_event;
END
$$;
COMMENT ON FUNCTION timesheet.normalise(bigint, bigint) IS
  'Brings the normalised tables up to date with the raw events in (after, through]; returns entries newly archived or '
  'deleted, and versions rejected.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise(bigint, bigint)');
