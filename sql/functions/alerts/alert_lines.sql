CREATE OR REPLACE FUNCTION timesheet.alert_lines(ids bigint[], over bigint[]) RETURNS TABLE (place bigint, subject text,
  id text, what text, began text, ended text, is_over boolean, period text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH subjects AS (
    SELECT a.subject, count(*) AS times, min(a.since) AS began, bool_and(a.is_over) AS is_over,
      CASE WHEN bool_and(a.is_over) THEN max(a.resolved_at) END AS ended,
      CASE WHEN bool_and(a.is_over) THEN max(a.resolved_at) ELSE max(a.since) END AS last_at,
      string_agg(a.alert_id::text, ', ' ORDER BY a.alert_id) FILTER (WHERE a.nth <= 20) AS ids,
      (array_agg(a.detail ORDER BY a.alert_id DESC))[1] AS detail
    FROM (SELECT o.*, o.alert_id = ANY (over) AS is_over,
        row_number() OVER (PARTITION BY o.subject ORDER BY o.alert_id DESC) AS nth
      FROM timesheet.alerts AS o WHERE o.alert_id = ANY (ids)) AS a
    GROUP BY a.subject
  ), shown AS (
    SELECT row_number() OVER (ORDER BY s.is_over, s.began, s.subject) AS place, s.* FROM subjects AS s
    ORDER BY 1 LIMIT 20
  )
  SELECT s.place, s.subject, s.ids,
    coalesce(left(timesheet.clean_text(s.detail), 600), ''), timesheet.local_time_text(s.began, z.zone),
    timesheet.local_time_text(s.ended, z.zone), s.is_over,
    timesheet.alert_period_text(s.began, s.last_at, s.ended, s.times, z.zone)
  FROM shown AS s CROSS JOIN (SELECT timesheet.default_time_zone() OFFSET 0) AS z (zone)
$$;
COMMENT ON FUNCTION timesheet.alert_lines(bigint[], bigint[]) IS
  'The first 20 lines of a message about these alerts of one kind, of which some (over) are over: one for each '
  'subject, those that are not over first, with the ids of its last 20 alerts (id), the detail of the last one (what) '
  'and when it was open, in words (period).';
CALL timesheet.set_grants('FUNCTION timesheet.alert_lines(bigint[], bigint[])');
