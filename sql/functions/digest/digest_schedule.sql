CREATE OR REPLACE FUNCTION timesheet.digest_schedule(since date, until date)
RETURNS TABLE (contact_id int, week date, client_group_id int, first_day date, last_day date, time_zone text,
  complete_at timestamptz, due_at timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT m.contact_id, w.week, m.client_group_id, d.first_day, d.first_day + 6, g.time_zone, c.at,
    timesheet.at_or_after(c.at, s.digest_time, g.time_zone)
  FROM timesheet.contact_client_groups AS m
  JOIN timesheet.client_group_names AS g USING (client_group_id)
  JOIN timesheet.client_groups AS k USING (client_group_id)
  CROSS JOIN timesheet.settings AS s
  CROSS JOIN LATERAL (SELECT timesheet.week_start(since + 6, 1)) AS f (monday)
  CROSS JOIN LATERAL (SELECT f.monday + 7 * n FROM generate_series(0, (until - 1 - f.monday) / 7) AS n
    WHERE f.monday + 7 * n < until) AS w (week)
  CROSS JOIN LATERAL (SELECT timesheet.week_start(w.week, g.week_starts_on)) AS d (first_day)
  CROSS JOIN LATERAL (SELECT (d.first_day + 7)::timestamp AT TIME ZONE g.time_zone + s.digest_grace) AS c (at)
  WHERE (SELECT timesheet.require_every_row())
    -- Of a client group that is archived or gone, only the weeks with hours: it is never reported as 0.00 h.
    AND (k.status IS DISTINCT FROM 'Archived' OR timesheet.has_hours(k.client_group_id, d.first_day))
$$;
COMMENT ON FUNCTION timesheet.digest_schedule(date, date) IS
  'For each contact, client group and digest week whose key is in [since, until): the days it covers (both included), '
  'the instant through which the feed must have been read, and the instant from which it is sent. A client group that '
  'is archived or gone has only the weeks with hours.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_schedule(date, date)');
