-- A day counts as read when it was read once more after it had ended, and the grace with it: a feed that is fresh
-- again after an outage has not yet seen the days before its short window.
CREATE OR REPLACE FUNCTION timesheet.digest_readiness(since date, until date, for_contact int DEFAULT NULL)
RETURNS TABLE (contact_id int, week date, first_day date, last_day date, complete_at timestamptz, due_at timestamptz,
  fresh_through timestamptz, incomplete_because text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
  WITH scheduled AS MATERIALIZED (
    SELECT s.* FROM timesheet.digest_schedule(since, until) AS s WHERE for_contact IS NULL OR s.contact_id = for_contact
  ), read AS MATERIALIZED (
    SELECT r.* FROM (SELECT min(s.first_day) AS first_day, max(s.last_day) AS last_day FROM scheduled AS s) AS b
    CROSS JOIN LATERAL timesheet.days_read(b.first_day, b.last_day + 1) AS r
  ), weeks AS (
    SELECT s.contact_id, s.week, min(s.first_day) AS first_day, max(s.last_day) AS last_day,
      max(s.complete_at) AS complete_at, max(s.due_at) AS due_at,
      min(u.day) AS unread
    FROM scheduled AS s
    CROSS JOIN LATERAL (
      SELECT min(r.day) AS day FROM read AS r
      WHERE r.day BETWEEN s.first_day AND s.last_day
        AND (r.read_at >= s.complete_at - (s.last_day - r.day) * interval '24 hours') IS NOT TRUE
    ) AS u
    GROUP BY s.contact_id, s.week
  )
  SELECT w.contact_id, w.week, w.first_day, w.last_day, w.complete_at, w.due_at, f.fresh_through, CASE
    WHEN f.fresh_through IS NULL THEN 'no read of Jibble has reached the present yet; run timesheetd sync'
    WHEN f.fresh_through < w.complete_at THEN format('the feed was read through %s and must be read through %s',
      timesheet.office_time_text(f.fresh_through), timesheet.office_time_text(w.complete_at))
    WHEN w.unread IS NOT NULL THEN
      format('%s was not read again after it had ended; the nightly read does that, or timesheetd backfill --since %s',
        timesheet.period_text(w.unread, w.unread), w.unread)
  END
  FROM weeks AS w CROSS JOIN (SELECT h.fresh_through FROM timesheet.feed_health AS h) AS f
$$;
COMMENT ON FUNCTION timesheet.digest_readiness(date, date, int) IS
  'For each contact and digest week whose key is in [since, until): its days, the instant through which the feed must '
  'have been read, the instant from which it is sent, and why its hours are not complete yet; null: they are.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.digest_readiness(date, date, int)',
  'EXECUTE TO timesheet_ingest, timesheet_reader');
