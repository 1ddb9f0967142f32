CREATE OR REPLACE FUNCTION timesheet.digest_group_sums(for_contact int, for_week date, given jsonb, names jsonb,
  room int)
RETURNS TABLE (client_group_id int, first_day date, last_day date, time_zone text, name text, place bigint,
  zones text[], hours numeric, unconfirmed numeric, total numeric, agents bigint, day_zones text, bytes bigint,
  is_listed boolean)
LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH reported AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day, g.time_zone, n.name,
      row_number() OVER (ORDER BY n.name, s.client_group_id) AS place,
      coalesce(w.zones, '{}') AS zones
    FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    JOIN timesheet.client_group_names AS g USING (client_group_id)
    CROSS JOIN LATERAL (SELECT names #>> ARRAY['client_groups', s.client_group_id::text]) AS n (name)
    LEFT JOIN timesheet.digest_worked_zones(for_contact, for_week) AS w USING (client_group_id)
    WHERE s.contact_id = for_contact
  ), sums AS (
    SELECT t.*, coalesce(a.hours, 0.00) AS hours, coalesce(a.unconfirmed, 0.00) AS unconfirmed,
      sum(coalesce(a.hours, 0.00)) OVER () AS total, coalesce(a.agents, 0) AS agents,
      timesheet.shortened_list(CASE WHEN t.zones = '{}' THEN ARRAY[timesheet.time_zone_label(t.time_zone)]
        ELSE t.zones END)
        AS day_zones
    FROM reported AS t JOIN timesheet.client_groups AS k USING (client_group_id)
    LEFT JOIN (
      SELECT a.client_group_id, sum(a.hours) AS hours, sum(a.unconfirmed) AS unconfirmed, count(*) AS agents
      FROM timesheet.digest_agents(given, names) AS a GROUP BY a.client_group_id
    ) AS a USING (client_group_id)
    -- All cells are rounded together, so the few hours of one that is archived may round to none.
    WHERE k.status IS DISTINCT FROM 'Archived' OR a.hours > 0
  ), spent AS (
    SELECT s.*, row_number() OVER largest AS rank,
      sum(1220 + 2 * timesheet.html_length(s.name) + timesheet.html_length(s.day_zones)
        + CASE WHEN s.unconfirmed > 0 THEN 150 ELSE 0 END
        + CASE WHEN s.agents > 1 THEN 1630 WHEN s.agents = 1 THEN 510 ELSE 0 END) OVER largest AS bytes
    FROM sums AS s WINDOW largest AS (ORDER BY s.hours DESC, s.place)
  )
  -- The largest client groups, in most of the room, so that some is left for agents.
  SELECT s.client_group_id, s.first_day, s.last_day, s.time_zone, s.name, s.place, s.zones, s.hours, s.unconfirmed,
    s.total, s.agents, s.day_zones, s.bytes, s.bytes <= 0.85 * room OR s.rank = 1
  FROM spent AS s
$$;
COMMENT ON FUNCTION timesheet.digest_group_sums(int, date, jsonb, jsonb, int) IS
  'From timesheet.digest_cells() as JSON, and names by timesheet.digest_names(), the client groups of a digest with '
  'their period, zones, hours and number of agents, by place; is_listed: those that fit into a number of bytes of an '
  'e-mail, bytes: what they and the larger ones take without their agents.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_group_sums(int, date, jsonb, jsonb, int)');
