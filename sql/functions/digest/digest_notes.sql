-- Sessions without a confirmed end, and what else a client should know.
CREATE OR REPLACE FUNCTION timesheet.digest_notes(for_contact int, for_week date)
RETURNS TABLE (at timestamptz, time_zone text, agent_id int, client_group_id int, code text, is_open boolean,
  sentence text)
LANGUAGE sql STABLE ROWS 20
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH reported AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    WHERE s.contact_id = for_contact
  ), days AS MATERIALIZED (
    SELECT min(t.first_day) AS first_day, max(t.last_day) AS last_day FROM reported AS t
  ), noted AS (
    SELECT l.started_at AS at, l.agent_id, l.client_group_id, l.workday, l.end_reason AS code,
      l.jibble_activity_id, l.ended_at, l.seconds, l.kind, l.end_reason::timesheet.end_reason AS end_reason
    FROM timesheet.session_log AS l
    WHERE l.workday BETWEEN (SELECT d.first_day FROM days AS d) AND (SELECT d.last_day FROM days AS d)
      AND (l.end_reason IN ('missing_clock_out', 'break_left_open', 'running')
        OR (l.end_reason = 'auto_clock_out' AND l.kind = 'work'))
    UNION ALL
    SELECT n.at, n.agent_id, n.client_group_id, n.workday, n.code, n.jibble_activity_id,
      l.ended_at, l.seconds, l.kind, l.end_reason::timesheet.end_reason
    FROM timesheet.notes AS n
    LEFT JOIN LATERAL (
      SELECT l.* FROM timesheet.session_log AS l
      WHERE n.code = 'long_session' AND l.jibble_activity_id = n.jibble_activity_id AND l.workday = n.workday
        AND l.agent_id = n.agent_id
    ) AS l ON true
    WHERE n.workday BETWEEN (SELECT d.first_day FROM days AS d) AND (SELECT d.last_day FROM days AS d)
      AND (n.code = 'clock_out_without_clock_in'
        OR (n.code = 'long_session' AND l.end_reason IN ('next_activity', 'break', 'clock_out')))
  )
  SELECT n.at, z.zone, n.agent_id, n.client_group_id, n.code,
    n.code IN ('missing_clock_out', 'break_left_open', 'running', 'auto_clock_out'), CASE n.code
      WHEN 'missing_clock_out' THEN CASE WHEN n.seconds = 0 THEN 'No clock-out. Nothing was counted.'
        ELSE format('No clock-out. Counted until %s: %s h%s.', u.until, u.hours, u.unconfirmed) END
      WHEN 'break_left_open' THEN 'A break without an end. No break time was counted.'
      WHEN 'auto_clock_out' THEN
        format('Clocked out automatically at %s: %s h counted%s.', u.until, u.hours, u.unconfirmed)
      WHEN 'running' THEN CASE n.kind
        WHEN 'work' THEN format('Still working when this was computed: %s h counted so far%s.', u.hours,
          u.unconfirmed)
        ELSE 'Still on a break when this was computed.' END
      WHEN 'long_session' THEN format('An unusually long session: %s h until %s.', u.hours, u.until)
      WHEN 'clock_out_without_clock_in' THEN 'A clock-out without a clock-in. Nothing was counted for it.'
    END
  FROM noted AS n
  JOIN reported AS t ON t.client_group_id = n.client_group_id AND n.workday BETWEEN t.first_day AND t.last_day
  LEFT JOIN timesheet.time_entries AS e ON e.jibble_activity_id = n.jibble_activity_id
  CROSS JOIN LATERAL (SELECT coalesce(timesheet.usable_time_zone(e.time_zone),
    (SELECT timesheet.default_time_zone())) OFFSET 0) AS z (zone)
  CROSS JOIN LATERAL (SELECT to_char(n.ended_at AT TIME ZONE z.zone, 'Dy FMDD Mon, HH24:MI'),
    (timesheet.round_hours(ARRAY[n.seconds]))[1],
    CASE WHEN n.kind = 'work' AND timesheet.is_unconfirmed(n.end_reason) THEN ', unconfirmed' ELSE '' END)
    AS u (until, hours, unconfirmed)
  ORDER BY n.at, n.agent_id, n.code
$$;
COMMENT ON FUNCTION timesheet.digest_notes(int, date) IS
  'Every session of the week that has no confirmed end, with the time it began and what was assumed, unusually long '
  'ones, and clock-outs that closed nothing. is_open: the first of these.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_notes(int, date)');
