-- R13: the notes about single entries. Both engines share it.
CREATE OR REPLACE FUNCTION timesheet.entry_notes(since date, until date, for_agent int)
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT e.workday, e.agent_id, e.client_group_id, n.code, e.start_time_utc, timesheet.note_text(n.code, n.fact),
    e.jibble_activity_id
  FROM timesheet.time_entries AS e
  CROSS JOIN LATERAL (
    SELECT 'unknown_type' AS code, e.raw_type AS fact WHERE e.kind = 3
    UNION ALL SELECT 'odd_workday', timesheet.date_text(e.belongs_to_date)
      WHERE e.is_odd_workday AND e.kind < 3 -- R1: of an unknown type nothing else is said
  ) AS n
  WHERE e.deleted_at IS NULL AND (e.kind = 3 OR e.is_odd_workday)
    AND (for_agent IS NULL OR e.agent_id = for_agent)
    AND (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
  UNION ALL
  SELECT u.workday, u.agent_id, f.client_group_id, 'unknown_time_zone', f.start_time_utc,
    timesheet.note_text('unknown_time_zone', u.unknown_time_zone, timesheet.time_zone_label(u.time_zone)),
    f.jibble_activity_id
  FROM (
    SELECT DISTINCT ON (e.agent_id, e.workday) e.agent_id, e.workday, e.unknown_time_zone, e.time_zone
    FROM timesheet.time_entries AS e
    WHERE e.deleted_at IS NULL AND e.unknown_time_zone IS NOT NULL AND e.kind < 3
      AND (for_agent IS NULL OR e.agent_id = for_agent)
      AND (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
    ORDER BY e.agent_id, e.workday, e.start_time_utc, e.kind, e.jibble_activity_id
  ) AS u
  CROSS JOIN LATERAL (
    SELECT e.client_group_id, e.start_time_utc, e.jibble_activity_id FROM timesheet.time_entries AS e
    WHERE e.agent_id = u.agent_id AND e.workday = u.workday AND e.deleted_at IS NULL AND e.kind < 3
      -- An entry lies at most two days before its workday and three after its end: see sql_events().
      AND e.start_time_utc >= (u.workday - 2)::timestamp AT TIME ZONE 'UTC'
      AND e.start_time_utc < (u.workday + 4)::timestamp AT TIME ZONE 'UTC'
    ORDER BY e.start_time_utc, e.kind, e.jibble_activity_id LIMIT 1
  ) AS f
  UNION ALL
  -- The zone of a client group's reports, where the working zone gives no such note.
  (SELECT DISTINCT ON (e.agent_id, e.workday) e.workday, e.agent_id, e.client_group_id, 'unknown_time_zone',
    e.start_time_utc,
    timesheet.note_text('unknown_time_zone', g.unknown_time_zone, NULL, coalesce(g.name, 'the client group')),
    e.jibble_activity_id
  FROM timesheet.time_entries AS e JOIN timesheet.client_groups AS g USING (client_group_id)
  -- Where no group has one, as nearly always, nothing is read.
  WHERE EXISTS (SELECT FROM timesheet.client_groups AS l WHERE l.unknown_time_zone IS NOT NULL)
    AND e.client_group_id = ANY ((
      SELECT array_agg(l.client_group_id) FROM timesheet.client_groups AS l
      WHERE l.unknown_time_zone IS NOT NULL)::int[])
    AND e.deleted_at IS NULL AND e.kind < 3
    AND (for_agent IS NULL OR e.agent_id = for_agent)
    AND (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
    -- As above; dates reach further than instants do.
    AND (since IS NULL OR e.start_time_utc >=
      (least(greatest(since, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC')
    AND (until IS NULL OR e.start_time_utc <
      (least(greatest(until, '4713-01-31 BC'), '294276-11-30') + 3)::timestamp AT TIME ZONE 'UTC')
    AND NOT EXISTS (
      SELECT FROM timesheet.time_entries AS u
      WHERE u.agent_id = e.agent_id AND u.workday = e.workday AND u.deleted_at IS NULL
        AND u.unknown_time_zone IS NOT NULL AND u.kind < 3
        AND u.start_time_utc >= (e.workday - 2)::timestamp AT TIME ZONE 'UTC'
        AND u.start_time_utc < (e.workday + 4)::timestamp AT TIME ZONE 'UTC')
  ORDER BY e.agent_id, e.workday, e.start_time_utc, e.kind, e.jibble_activity_id)
$$;
COMMENT ON FUNCTION timesheet.entry_notes(date, date, int) IS 
  'The notes that single entries give, for timesheet.notes(): unknown_type, odd_workday, and unknown_time_zone, which '
  'the workday''s first live entry carries; that of a client group''s reports its first one of that group.';
CALL timesheet.set_grants('FUNCTION timesheet.entry_notes(date, date, int)');
