-- Where a number comes from, down to what Jibble sent and when.
CREATE OR REPLACE FUNCTION timesheet.explain(on_workday date, for_agent int)
RETURNS TABLE (
  part text, at timestamptz, until timestamptz, seconds bigint, what text, because text, jibble_activity_id uuid,
  raw_event_id bigint, payload json, ingest_run_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH clock AS MATERIALIZED (
    -- The zone in which times are put into words: the agent's working zone.
    SELECT coalesce((SELECT a.time_zone FROM timesheet.agent_names AS a WHERE a.agent_id = for_agent),
                    (SELECT timesheet.default_time_zone())) AS zone
  ), sessions AS MATERIALIZED (
    SELECT s.* FROM timesheet.explained_sessions(on_workday, for_agent, (SELECT c.zone FROM clock AS c)) AS s
  ), objects AS MATERIALIZED (
    SELECT o.* FROM timesheet.explained_objects(on_workday, for_agent,
      ARRAY(SELECT s.until FROM sessions AS s WHERE s.is_complete)) AS o
  ), versions AS MATERIALIZED (
    SELECT r.raw_event_id, r.jibble_id, r.payload, r.fetched_at, r.ingest_run_id, p.problem,
      row_number() OVER (PARTITION BY r.jibble_id, r.resource ORDER BY r.raw_event_id) AS number
    FROM objects AS o JOIN timesheet.raw_events AS r ON r.jibble_id = o.jibble_id AND r.resource = o.resource
    LEFT JOIN timesheet.ingest_problems AS p USING (raw_event_id)
  )
  SELECT x.part, x.at, x.until, x.seconds, x.what, x.because, x.jibble_activity_id, x.raw_event_id, x.payload,
    x.ingest_run_id
  FROM (
    SELECT 1 AS n, 'hours' AS part, NULL::timestamptz AS at, NULL::timestamptz AS until, h.seconds, h.what, h.because,
      NULL::uuid AS jibble_activity_id, NULL::bigint AS raw_event_id, NULL::json AS payload,
      NULL::bigint AS ingest_run_id
    FROM timesheet.explained_hours(on_workday, for_agent) AS h
    UNION ALL
    SELECT 2, 'session', s.at, s.until, s.seconds, s.what, s.because, s.jibble_activity_id, NULL, NULL, NULL
    FROM sessions AS s
    UNION ALL
    SELECT 3, 'event', e.at, NULL, e.seconds, e.what, e.because, e.jibble_activity_id, NULL, NULL, NULL
    FROM timesheet.explained_entries(
      ARRAY(SELECT o.jibble_id FROM objects AS o), (SELECT c.zone FROM clock AS c)) AS e
    UNION ALL
    SELECT 4, 'version', r.fetched_at, NULL, NULL,
      'version ' || r.number || CASE WHEN r.payload IS NULL THEN ': missing in Jibble' ELSE '' END,
      coalesce('rejected: ' || r.problem,
        CASE WHEN r.payload IS NULL THEN 'Jibble no longer showed it' ELSE 'as received' END),
      r.jibble_id, r.raw_event_id, r.payload, r.ingest_run_id
    FROM versions AS r
    UNION ALL
    SELECT 5, 'run', r.started_at, r.finished_at, NULL,
      r.command || coalesce(' of ' || timesheet.date_text(r.since) || ' to ' || timesheet.date_text(r.until), ''),
      r.status || coalesce(': ' || r.error, ''), NULL, NULL, NULL, r.ingest_run_id
    FROM timesheet.ingest_runs AS r WHERE r.ingest_run_id IN (SELECT v.ingest_run_id FROM versions AS v)
  ) AS x
  ORDER BY x.n, x.at, x.jibble_activity_id, x.raw_event_id, x.what
$$;
COMMENT ON FUNCTION timesheet.explain(date, int) IS
  'What an agent''s workday is made of, in order: hours (a row for each client group and activity), session (with why '
  'each ended, and where a carried activity came from), event (deleted ones too, and those of other days that end its '
  'sessions), version (what was received, when), run (what brought it). at and until are instants; seconds are whole. '
  'what and because are for people: each rule of docs/rules.md follows its words as (rule R5), times are in the '
  'agent''s working zone.';
CALL timesheet.set_grants('FUNCTION timesheet.explain(date, int)', 'EXECUTE TO timesheet_reader');
