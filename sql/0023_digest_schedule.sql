-- Which week a contact is told of, and when. A digest has a key, week: the Monday of the ISO week in which the
-- weeks of its client groups end, so that Monday- and Sunday-based weeks share one mail.
--
--            Sun Mon Tue Wed Thu Fri Sat Sun
--   Sunday    [───────────────────────)          both end within the ISO week
--   Monday        [───────────────────────)      that begins at ^, the key
--                 ^

CREATE FUNCTION timesheet.digest_week(day date, starts_on int) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT timesheet.week_start(timesheet.week_start(day, starts_on) + 6, 1)
$$;
COMMENT ON FUNCTION timesheet.digest_week(date, int) IS 'The key of the digest that tells of the week which holds day and begins on starts_on (ISO, 1 Monday to 7 Sunday).';

CREATE FUNCTION timesheet.contact_week(for_contact int, day date) RETURNS date
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT timesheet.digest_week(day, coalesce(
    (SELECT CASE WHEN min(g.week_starts_on) = max(g.week_starts_on) THEN min(g.week_starts_on) END
     FROM timesheet.contact_client_groups AS m JOIN timesheet.client_group_names AS g USING (client_group_id) WHERE m.contact_id = for_contact),
    (SELECT s.week_starts_on FROM timesheet.settings AS s)))
$$;
COMMENT ON FUNCTION timesheet.contact_week(int, date) IS 'The key of the contact''s digest for the week that holds day: by the weeks of its client groups where all begin alike, else by the setting''s.';

CREATE FUNCTION timesheet.last_week_day() RETURNS date
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT (now() AT TIME ZONE timesheet.default_time_zone())::date - 7
  WHERE (SELECT timesheet.require_every_row())
$$;
COMMENT ON FUNCTION timesheet.last_week_day() IS 'A day of last week: a week ago in settings.default_time_zone.';

CREATE FUNCTION timesheet.at_or_after(instant timestamptz, local time, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT min(t.at) FROM (
    SELECT ((instant AT TIME ZONE zone)::date + n + local) AT TIME ZONE zone AS at FROM generate_series(0, 1) AS n
  ) AS t WHERE t.at >= instant
$$;
COMMENT ON FUNCTION timesheet.at_or_after(timestamptz, time, text) IS 'The first instant not before the given one at which clocks in the zone show the local time; one that DST skips or repeats is resolved as AT TIME ZONE does.';

CREATE FUNCTION timesheet.digest_schedule(since date, until date)
RETURNS TABLE (contact_id int, week date, client_group_id int, first_day date, last_day date, time_zone text, complete_at timestamptz, due_at timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  SELECT m.contact_id, w.week, m.client_group_id, d.first_day, d.first_day + 6, g.time_zone, c.at, timesheet.at_or_after(c.at, s.digest_time, g.time_zone)
  FROM timesheet.contact_client_groups AS m
  JOIN timesheet.client_group_names AS g USING (client_group_id)
  CROSS JOIN timesheet.settings AS s
  CROSS JOIN LATERAL (SELECT timesheet.week_start(since + 6, 1)) AS f (monday)
  CROSS JOIN LATERAL (SELECT f.monday + 7 * n FROM generate_series(0, (until - 1 - f.monday) / 7) AS n WHERE f.monday + 7 * n < until) AS w (week)
  CROSS JOIN LATERAL (SELECT timesheet.week_start(w.week, g.week_starts_on)) AS d (first_day)
  CROSS JOIN LATERAL (SELECT (d.first_day + 7)::timestamp AT TIME ZONE g.time_zone + s.digest_grace) AS c (at)
  WHERE (SELECT timesheet.require_every_row())
$$;
COMMENT ON FUNCTION timesheet.digest_schedule(date, date) IS
  'For each contact, client group and digest week whose key lies in [since, until): the days it tells of (both included), the instant through which the feed must have been read, and the instant from which it is sent.';

CREATE FUNCTION timesheet.period_text(first_day date, last_day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT to_char(first_day, 'Dy FMDD')
    || CASE WHEN extract(year FROM first_day) <> extract(year FROM last_day) THEN to_char(first_day, ' Mon YYYY')
            WHEN extract(month FROM first_day) <> extract(month FROM last_day) THEN to_char(first_day, ' Mon') ELSE '' END
    || E' \u2013 ' || to_char(last_day, 'Dy FMDD Mon YYYY')
$$;
COMMENT ON FUNCTION timesheet.period_text(date, date) IS 'Two days as people write a period, in English whatever the locale: Mon 2 – Sun 8 Nov 2026.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (23, '0023_digest_schedule');
