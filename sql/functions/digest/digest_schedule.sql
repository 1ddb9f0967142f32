-- A week is over when the client group's zone has left it and the last workday of each of its agents has ended, which
-- may be later: an agent in Lima still works on Sunday when it is Monday afternoon in Sydney. Whatever the agents are
-- today, so has each entry of that day: one who was removed may have left a session open.
CREATE OR REPLACE FUNCTION timesheet.digest_schedule(since date, until date)
RETURNS TABLE (contact_id int, week date, client_group_id int, first_day date, last_day date, time_zone text,
  complete_at timestamptz, due_at timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH attributed AS MATERIALIZED (
    SELECT t.agent_id, t.client_group_id, t.valid_from, t.day_cutoff,
      lead(t.valid_from, 1, 'infinity') OVER (PARTITION BY t.agent_id ORDER BY t.valid_from) AS valid_until,
      coalesce(timesheet.usable_time_zone(t.time_zone), (SELECT timesheet.default_time_zone())) AS zone
    FROM timesheet.agent_history AS t JOIN timesheet.agents AS a USING (agent_id)
    WHERE a.status IS DISTINCT FROM 'Removed'
  ), weeks AS MATERIALIZED (
    SELECT g.client_group_id, w.week, d.first_day, g.time_zone, c.at
    FROM timesheet.client_group_names AS g
    JOIN timesheet.client_groups AS k USING (client_group_id)
    CROSS JOIN LATERAL (SELECT timesheet.week_start(since + 6, 1)) AS f (monday)
    CROSS JOIN LATERAL (SELECT f.monday + 7 * n FROM generate_series(0, (until - 1 - f.monday) / 7) AS n
      WHERE f.monday + 7 * n < until) AS w (week)
    CROSS JOIN LATERAL (SELECT timesheet.week_start(w.week, g.week_starts_on)) AS d (first_day)
    CROSS JOIN LATERAL (
      SELECT max(e.at) AS at FROM attributed AS t
      CROSS JOIN LATERAL (SELECT (d.first_day + 7 + t.day_cutoff) AT TIME ZONE t.zone) AS e (at)
      WHERE t.client_group_id = g.client_group_id AND t.valid_from < e.at
        AND t.valid_until > e.at - interval '24 hours' -- the agent was the group's on that day
    ) AS b
    CROSS JOIN LATERAL (
      SELECT greatest((d.first_day + 7)::timestamp AT TIME ZONE g.time_zone, b.at, max(e.workday_end)) AS at
      FROM timesheet.time_entries AS e
      WHERE e.client_group_id = g.client_group_id AND e.workday = d.first_day + 6 AND e.deleted_at IS NULL
    ) AS c
    WHERE g.client_group_id IN (SELECT m.client_group_id FROM timesheet.contact_client_groups AS m)
      -- Of a client group that is archived or gone, only the weeks with hours: it is never reported as 0.00 h.
      AND (k.status IS DISTINCT FROM 'Archived' OR timesheet.has_hours(k.client_group_id, d.first_day))
  )
  SELECT m.contact_id, w.week, m.client_group_id, w.first_day, w.first_day + 6, w.time_zone, w.at + s.digest_grace,
    timesheet.at_or_after(w.at + s.digest_grace, s.digest_time, w.time_zone)
  FROM timesheet.contact_client_groups AS m
  JOIN weeks AS w USING (client_group_id)
  CROSS JOIN timesheet.settings AS s
  WHERE (SELECT timesheet.require_every_row())
$$;
COMMENT ON FUNCTION timesheet.digest_schedule(date, date) IS
  'For each contact, client group and digest week whose key is in [since, until): the days it covers (both included); '
  'complete_at, through which the feed must have been read: the end of the last day in the client group''s zone and of '
  'each of its agents'' last workday (R4), also of one who was removed and has entries of it, plus '
  'settings.digest_grace; and the instant from which it is sent. A client '
  'group that is archived or gone has only the weeks with hours.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_schedule(date, date)');
