-- What came last of an entry and could not be understood, on the day and with the agent that it names. Not safe in
-- parallel, as it asks whether the server knows a zone.
CREATE OR REPLACE FUNCTION timesheet.rejected_entry_notes(since date, until date, for_agent int)
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET row_security = off
AS $$
  -- Problem by problem: there are few, and no plan must ever look into all raw events for them.
  WITH unread AS MATERIALIZED (
    SELECT r.*
    FROM timesheet.ingest_problems AS p
    CROSS JOIN LATERAL (
      SELECT r.raw_event_id, r.jibble_id, r.fetched_at, timesheet.member(x.payload, 'personId') AS person_id,
        coalesce(
          timesheet.try_date(left(
            coalesce(timesheet.member(x.payload, 'belongsToDate'), timesheet.member(x.payload, 'date')), 10)),
          (r.fetched_at AT TIME ZONE (SELECT timesheet.default_time_zone()))::date) AS workday
      FROM timesheet.raw_events AS r
      CROSS JOIN LATERAL (SELECT timesheet.readable(r.payload)) AS x (payload)
      WHERE r.raw_event_id = p.raw_event_id AND r.resource IN ('TimeEntries', 'HourEntries')
        AND NOT EXISTS (SELECT FROM timesheet.raw_events AS l
                        WHERE l.jibble_id = r.jibble_id AND l.resource = r.resource AND l.raw_event_id > r.raw_event_id)
      OFFSET 0
    ) AS r
  )
  SELECT u.workday, a.agent_id, NULL::int, 'rejected_entry', u.fetched_at,
    timesheet.note_text('rejected_entry', u.raw_event_id::text), u.jibble_id
  FROM unread AS u
  LEFT JOIN timesheet.agents AS a ON a.jibble_id = timesheet.guid_or_null(u.person_id)
  WHERE (for_agent IS NULL OR a.agent_id = for_agent)
    AND (since IS NULL OR u.workday >= since) AND (until IS NULL OR u.workday < until)
$$;
COMMENT ON FUNCTION timesheet.rejected_entry_notes(date, date, int) IS
  'The notes of entries that were kept raw only, for timesheet.notes(): rejected_entry. The agent may be null.';
CALL timesheet.set_grants('FUNCTION timesheet.rejected_entry_notes(date, date, int)', 'EXECUTE TO timesheet_reader');
