-- Our hours beside Jibble's own, so that a difference is seen by us first.

CREATE FUNCTION timesheet.audited_people(since date, until date) RETURNS SETOF uuid
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.jibble_id FROM timesheet.agents AS a
  WHERE EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.agent_id = a.agent_id
                  AND e.start_time_utc >= (since - 2)::timestamp AT TIME ZONE 'UTC' AND e.start_time_utc < (until + 3)::timestamp AT TIME ZONE 'UTC')
    OR EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.agent_id = a.agent_id AND h.workday BETWEEN since AND until)
    OR a.status = 'Joined'
  ORDER BY a.agent_id
$$;
COMMENT ON FUNCTION timesheet.audited_people(date, date) IS 'Jibble''s ids of whoever has entries about [since, until], both included, or may have.';

-- An override of ours moves hours between days, so both sides are taken by Jibble's date.
CREATE FUNCTION timesheet.audit(since date, until date, summaries text[], tolerance interval DEFAULT '1 minute')
RETURNS TABLE (agent_id int, agent text, on_date date, jibble_seconds bigint, our_seconds bigint, sessions text[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET intervalstyle = 'postgres' SET jit = off
AS $$
  WITH theirs AS (
    -- What cannot be understood says nothing; it must not keep the rest from being compared.
    SELECT a.agent_id, timesheet.try_date(left(timesheet.member(d.day, 'date'), 10)) AS on_date,
      coalesce(max(extract(epoch FROM timesheet.try_duration(timesheet.member(d.day, 'payrollHours'))))::bigint, 0) AS seconds
    FROM (SELECT timesheet.readable(timesheet.as_json(u.summary)) FROM unnest(summaries) AS u (summary)) AS s (summary)
    JOIN timesheet.agents AS a ON a.jibble_id::text = lower(timesheet.member(s.summary, 'personId'))
    CROSS JOIN LATERAL json_array_elements(
      CASE WHEN json_typeof(s.summary) = 'object' AND json_typeof(s.summary -> 'daily') = 'array' THEN s.summary -> 'daily' ELSE '[]' END) AS d (day)
    GROUP BY 1, 2
  ), work AS (
    SELECT s.agent_id, coalesce(e.belongs_to_date, s.workday) AS on_date, s.seconds, s.started_at,
      to_char(s.started_at AT TIME ZONE z.zone, 'HH24:MI') || '–' || to_char(s.ended_at AT TIME ZONE z.zone, 'HH24:MI')
        || ' ' || coalesce(v.name, '(no activity)') || ', ' || s.end_reason AS session
    FROM timesheet.sessions(since - 2, until + 3) AS s
    JOIN timesheet.time_entries AS e USING (jibble_activity_id)
    LEFT JOIN timesheet.activities AS v ON v.activity_id = s.activity_id
    CROSS JOIN LATERAL (SELECT coalesce(timesheet.usable_time_zone(e.time_zone), (SELECT timesheet.default_time_zone())) OFFSET 0) AS z (zone)
    WHERE s.kind = 'work'
    UNION ALL
    SELECT h.agent_id, h.workday, h.seconds, NULL, timesheet.length_text(h.seconds) || ' typed in as a duration'
    FROM timesheet.hour_entries AS h WHERE h.deleted_at IS NULL
  ), ours AS (
    SELECT w.agent_id, w.on_date, sum(w.seconds)::bigint AS seconds, array_agg(w.session ORDER BY w.started_at, w.session) AS sessions
    FROM work AS w WHERE w.on_date BETWEEN since AND until GROUP BY 1, 2
  )
  SELECT a.agent_id, a.full_name, on_date, coalesce(t.seconds, 0), coalesce(o.seconds, 0), coalesce(o.sessions, '{}')
  FROM theirs AS t FULL JOIN ours AS o USING (agent_id, on_date) JOIN timesheet.agents AS a USING (agent_id)
  WHERE on_date BETWEEN since AND until AND abs(coalesce(t.seconds, 0) - coalesce(o.seconds, 0)) > extract(epoch FROM tolerance)
  ORDER BY on_date, a.full_name, a.agent_id
$$;
COMMENT ON FUNCTION timesheet.audit(date, date, text[], interval) IS
  'Where the work seconds of agents and days differ by more than the tolerance from Jibble''s own payroll hours, given as objects of its TimesheetsSummary (what of them cannot be understood counts as nothing); by Jibble''s dates in [since, until], both included. sessions: what our figure is made of, in the working zone.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (16, '0016_audit');
