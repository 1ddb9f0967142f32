CREATE OR REPLACE FUNCTION timesheet.explain(on_workday date, for_agent int)
RETURNS TABLE (
  part text, at timestamptz, until timestamptz, seconds bigint, what text, because text, jibble_activity_id uuid,
  raw_event_id bigint, payload json, ingest_run_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH sessions AS MATERIALIZED (
    SELECT s.* FROM timesheet.sessions(on_workday, on_workday + 1, for_agent) AS s
    WHERE num_nulls(on_workday, for_agent) = 0 -- null would be every day, and everybody
  ), ids AS MATERIALIZED (
    -- The day's events, deleted ones too, and those of other days that end its sessions.
    SELECT e.jibble_activity_id AS id, 'TimeEntries' AS resource FROM timesheet.time_entries AS e
    WHERE e.agent_id = for_agent AND e.workday = on_workday
      AND e.start_time_utc >= (least(greatest(on_workday, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC'
      AND e.start_time_utc < (least(greatest(on_workday, '4713-01-31 BC'), '294276-11-30') + 4)::timestamp AT TIME ZONE 'UTC'
    UNION
    SELECT n.jibble_activity_id, 'TimeEntries' FROM sessions AS s
    CROSS JOIN LATERAL (
      SELECT e.jibble_activity_id FROM timesheet.time_entries AS e
      WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3 AND e.jibble_activity_id <> s.jibble_activity_id
        AND e.start_time_utc = s.ended_at
    ) AS n WHERE s.is_complete
    UNION
    SELECT h.jibble_id, 'HourEntries' FROM timesheet.hour_entries AS h WHERE h.agent_id = for_agent AND h.workday = on_workday
    UNION
    -- What was kept raw only.
    SELECT n.jibble_activity_id, k.resource FROM timesheet.rejected_entry_notes(on_workday, on_workday + 1, for_agent) AS n
    CROSS JOIN (VALUES ('TimeEntries'), ('HourEntries')) AS k (resource)
    WHERE num_nulls(on_workday, for_agent) = 0
  ), versions AS MATERIALIZED (
    SELECT r.raw_event_id, r.jibble_id, r.payload, r.fetched_at, r.ingest_run_id, p.problem,
      row_number() OVER (PARTITION BY r.jibble_id, r.resource ORDER BY r.raw_event_id) AS number
    FROM ids AS i JOIN timesheet.raw_events AS r ON r.jibble_id = i.id AND r.resource = i.resource
    LEFT JOIN timesheet.ingest_problems AS p USING (raw_event_id)
  )
  SELECT x.part, x.at, x.until, x.seconds, x.what, x.because, x.jibble_activity_id, x.raw_event_id, x.payload, x.ingest_run_id
  FROM (
    SELECT 1 AS n, 'hours' AS part, NULL::timestamptz AS at, NULL::timestamptz AS until, h.work_seconds AS seconds,
      g.name || ', ' || v.name AS what,
      'R10: ' || h.session_count || ' work sessions, ' || timesheet.length_text(h.manual_seconds) || ' typed in, '
        || timesheet.length_text(h.unconfirmed_seconds) || ' unconfirmed; breaks ' || timesheet.length_text(h.break_seconds) AS because,
      NULL::uuid AS jibble_activity_id, NULL::bigint AS raw_event_id, NULL::json AS payload, NULL::bigint AS ingest_run_id
    FROM timesheet.daily_hours(on_workday, on_workday + 1, for_agent) AS h
    JOIN timesheet.client_group_names AS g ON g.key = coalesce(h.client_group_id, 0)
    JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0)
    WHERE num_nulls(on_workday, for_agent) = 0
    UNION ALL
    SELECT 2, 'session', s.started_at, s.ended_at, s.seconds, s.kind || ', ' || v.name || ': ' || s.end_reason,
      timesheet.rule_text(s.end_reason)
        || coalesce('; R8: it came without an activity, that of the work that began at ' || c.start_time_utc || ' is carried on over the break', ''),
      s.jibble_activity_id, NULL, NULL, NULL
    FROM sessions AS s JOIN timesheet.activity_names AS v ON v.key = coalesce(s.activity_id, 0)
    LEFT JOIN timesheet.time_entries AS o ON o.jibble_activity_id = s.jibble_activity_id
    -- Whatever lies between the two within the day came without an activity as well.
    LEFT JOIN LATERAL (
      SELECT e.start_time_utc FROM timesheet.time_entries AS e
      WHERE e.agent_id = for_agent AND e.workday = on_workday AND e.deleted_at IS NULL AND e.kind = 2 AND e.activity_id IS NOT NULL
        AND (e.start_time_utc, e.jibble_activity_id) < (s.started_at, s.jibble_activity_id)
        AND e.start_time_utc >= (least(greatest(on_workday, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC'
      ORDER BY e.start_time_utc DESC, e.jibble_activity_id DESC LIMIT 1
    ) AS c ON o.activity_id IS DISTINCT FROM s.activity_id
    UNION ALL
    SELECT 3, 'event', e.start_time_utc, NULL, NULL,
      coalesce(e.raw_type, '(no type)') || coalesce(' by ' || e.client_type, '') || ', ' || v.name,
      CASE WHEN e.deleted_at IS NOT NULL THEN 'R1: deleted, found archived or gone at ' || e.deleted_at::text || '; it counts for nothing'
           WHEN e.kind = 3 THEN 'R1: of an unknown type; it counts for nothing'
           WHEN e.is_odd_workday THEN 'R3: workday ' || e.workday || ' by local time in ' || timesheet.time_zone_label(e.time_zone) || ', as Jibble''s date ' || e.belongs_to_date || ' is more than a day off'
           ELSE 'R3: workday ' || e.workday || ' in ' || timesheet.time_zone_label(e.time_zone) || coalesce(', Jibble''s date ' || e.belongs_to_date, '') END
        || coalesce('; time zone "' || e.unknown_time_zone || '" is not known here', ''),
      e.jibble_activity_id, NULL, NULL, NULL
    FROM ids AS i JOIN timesheet.time_entries AS e ON e.jibble_activity_id = i.id JOIN timesheet.activity_names AS v ON v.key = coalesce(e.activity_id, 0)
    WHERE i.resource = 'TimeEntries'
    UNION ALL
    SELECT 3, 'event', NULL, NULL, h.seconds, 'hours typed in, ' || v.name,
      CASE WHEN h.deleted_at IS NOT NULL THEN 'R1: deleted, found archived or gone at ' || h.deleted_at::text || '; it counts for nothing' ELSE 'R10: manual seconds on their date' END,
      h.jibble_id, NULL, NULL, NULL
    FROM ids AS i JOIN timesheet.hour_entries AS h ON h.jibble_id = i.id JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0)
    WHERE i.resource = 'HourEntries'
    UNION ALL
    SELECT 4, 'version', r.fetched_at, NULL, NULL, 'version ' || r.number || CASE WHEN r.payload IS NULL THEN ': found gone' ELSE '' END,
      coalesce('not understood: ' || r.problem, CASE WHEN r.payload IS NULL THEN 'Jibble showed it no more' ELSE 'as received' END),
      r.jibble_id, r.raw_event_id, r.payload, r.ingest_run_id
    FROM versions AS r
    UNION ALL
    SELECT 5, 'run', r.started_at, r.finished_at, NULL, r.command || coalesce(' of ' || r.since || ' to ' || r.until, ''),
      r.status || coalesce(': ' || r.error, ''), NULL, NULL, NULL, r.ingest_run_id
    FROM timesheet.ingest_runs AS r WHERE r.ingest_run_id IN (SELECT u.ingest_run_id FROM versions AS u)
  ) AS x
  ORDER BY x.n, x.at, x.jibble_activity_id, x.raw_event_id, x.what
$$;
COMMENT ON FUNCTION timesheet.explain(date, int) IS
  'What an agent''s workday is made of, in order: hours (a row for each client group and activity), session (with the rule that ended each, and where a carried activity came from), event (deleted ones too, and those of other days that end its sessions), version (what was received, when), run (what brought it). at and until are instants; seconds are whole.';
CALL timesheet.set_grants('FUNCTION timesheet.explain(date, int)', 'EXECUTE TO timesheet_reader');
