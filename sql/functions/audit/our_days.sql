CREATE OR REPLACE FUNCTION timesheet.our_days(since date, until date)
RETURNS TABLE (agent_id int, day date, seconds bigint, manual_seconds bigint, seconds_split_at_midnight bigint,
  is_incomplete boolean, sessions text[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
  WITH session AS MATERIALIZED (
    SELECT s.agent_id, coalesce(e.belongs_to_date, s.workday) AS day, s.kind, s.seconds, s.started_at, s.ended_at,
      s.end_reason, s.started_at AT TIME ZONE z.zone AS local_start, s.ended_at AT TIME ZONE z.zone AS local_end,
      z.zone, v.name AS activity
    FROM timesheet.sessions(since - 2, until + 3) AS s
    JOIN timesheet.time_entries AS e USING (jibble_activity_id)
    LEFT JOIN timesheet.activities AS v ON v.activity_id = s.activity_id
    CROSS JOIN LATERAL (
      SELECT coalesce(timesheet.usable_time_zone(e.time_zone), (SELECT timesheet.default_time_zone())) OFFSET 0
    ) AS z (zone)
  ), part AS (
    SELECT s.agent_id, s.day, s.seconds, 0 AS manual, 0 AS split, s.started_at,
      to_char(s.local_start, 'HH24:MI') || '–' || to_char(s.local_end, 'HH24:MI') || ' '
        || coalesce(s.activity, '(no activity)') || ', ' || replace(s.end_reason, '_', ' ') AS words,
      false AS is_incomplete
    FROM session AS s WHERE s.kind = 'work'
    UNION ALL
    -- As a calendar would have it: what lies after local midnight is the next day's. The parts add up to the session's
    -- whole seconds.
    SELECT s.agent_id, c.day, 0, 0,
      trunc(extract(epoch FROM least(s.ended_at, (c.day + 1)::timestamp AT TIME ZONE s.zone) - s.started_at))
        - trunc(extract(epoch FROM greatest(s.started_at, c.day::timestamp AT TIME ZONE s.zone) - s.started_at)),
      NULL, NULL, false
    FROM session AS s
    CROSS JOIN LATERAL (
      SELECT s.local_start::date + n FROM generate_series(0, s.local_end::date - s.local_start::date) AS n
    ) AS c (day)
    WHERE s.kind = 'work'
    UNION ALL
    SELECT s.agent_id, s.day, 0, 0, 0, NULL, NULL, true
    FROM session AS s WHERE s.end_reason IN ('running', 'missing_clock_out', 'break_left_open')
    UNION ALL
    SELECT h.agent_id, h.workday, h.seconds, h.seconds, h.seconds, NULL,
      timesheet.length_text(h.seconds) || ' typed in as a duration', false
    FROM timesheet.hour_entries AS h WHERE h.deleted_at IS NULL AND h.workday BETWEEN since AND until
  )
  SELECT p.agent_id, p.day, sum(p.seconds)::bigint, sum(p.manual)::bigint, sum(p.split)::bigint,
    bool_or(p.is_incomplete),
    coalesce(array_agg(p.words ORDER BY p.started_at, p.words) FILTER (WHERE p.words IS NOT NULL), '{}')
  FROM part AS p WHERE p.day BETWEEN since AND until GROUP BY p.agent_id, p.day
$$;
COMMENT ON FUNCTION timesheet.our_days(date, date) IS
  'Our work seconds by agent and Jibble''s date in [since, until], both included, manual ones included; the same if '
  'work were cut at local midnight; whether a session of the day has no certain end; and the sessions in words, in '
  'the working zone.';
CALL timesheet.set_grants('FUNCTION timesheet.our_days(date, date)');
