CREATE OR REPLACE FUNCTION timesheet.digest_groups(for_contact int, for_week date, given jsonb, room int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH scheduled AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s WHERE s.contact_id = for_contact
  ), worked AS MATERIALIZED (
    -- The zones of a client group's own sessions and typed-in hours, also where the agent was in another group later that day.
    -- Once for all client groups: what is stale is computed for it.
    SELECT w.client_group_id, array_agg(DISTINCT timesheet.time_zone_label(w.zone)
      ORDER BY timesheet.time_zone_label(w.zone)) AS zones
    FROM (
      SELECT l.client_group_id, l.workday, coalesce(timesheet.usable_time_zone(e.time_zone),
        (SELECT timesheet.default_time_zone())) AS zone
      FROM timesheet.session_log AS l JOIN timesheet.time_entries AS e USING (jibble_activity_id)
      WHERE l.workday BETWEEN (SELECT min(s.first_day) FROM scheduled AS s) AND (SELECT max(s.last_day) FROM scheduled AS s)
      UNION ALL
      SELECT h.client_group_id, h.workday, timesheet.time_zone_at_noon(h.agent_id, h.workday)
      FROM timesheet.hour_entries AS h JOIN scheduled AS s ON s.client_group_id = h.client_group_id AND h.workday BETWEEN s.first_day AND s.last_day
      WHERE h.deleted_at IS NULL
    ) AS w JOIN scheduled AS s ON s.client_group_id = w.client_group_id AND w.workday BETWEEN s.first_day AND s.last_day
    WHERE w.zone IS NOT NULL
    GROUP BY w.client_group_id
  ), reported AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day, g.time_zone, timesheet.short_name(g.name) AS name,
      row_number() OVER (ORDER BY timesheet.short_name(g.name), s.client_group_id) AS place, coalesce(w.zones, '{}') AS zones
    FROM scheduled AS s JOIN timesheet.client_group_names AS g USING (client_group_id) LEFT JOIN worked AS w USING (client_group_id)
  ), cells AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(given)
      AS c (client_group_id int, agent_id int, agent text, workday date, work_seconds bigint, unconfirmed_seconds bigint, hours numeric)
  ), agents AS MATERIALIZED (
    SELECT a.*, least(u.hours, a.hours) AS unconfirmed, max(a.hours) OVER () AS most,
      row_number() OVER (PARTITION BY a.client_group_id ORDER BY a.hours DESC, a.agent, a.agent_id) AS place
    FROM (SELECT c.client_group_id, c.agent_id, c.agent, sum(c.hours) AS hours, sum(c.unconfirmed_seconds)::bigint AS unconfirmed_seconds,
            row_number() OVER (ORDER BY c.client_group_id, c.agent_id) AS n
          FROM cells AS c GROUP BY c.client_group_id, c.agent_id, c.agent) AS a
    JOIN unnest(timesheet.round_hours((
      SELECT array_agg(s.seconds ORDER BY s.client_group_id, s.agent_id)
      FROM (SELECT c.client_group_id, c.agent_id, sum(c.unconfirmed_seconds)::bigint AS seconds FROM cells AS c GROUP BY c.client_group_id, c.agent_id) AS s)))
      WITH ORDINALITY AS u (hours, n) USING (n)
  ), sums AS (
    SELECT t.*, coalesce(a.hours, 0.00) AS hours, coalesce(a.unconfirmed, 0.00) AS unconfirmed, sum(coalesce(a.hours, 0.00)) OVER () AS total,
      coalesce(a.agents, 0) AS agents, timesheet.shortened_list(CASE WHEN t.zones = '{}'
        THEN ARRAY[timesheet.time_zone_label(t.time_zone)] ELSE t.zones END) AS day_zones
    FROM reported AS t
    LEFT JOIN (SELECT a.client_group_id, sum(a.hours) AS hours, sum(a.unconfirmed) AS unconfirmed, count(*) AS agents
               FROM agents AS a GROUP BY a.client_group_id) AS a USING (client_group_id)
  ), spent AS (
    -- The largest client groups, in most of the room, so that some is left for agents.
    SELECT s.*, sum(1220 + 2 * timesheet.html_length(s.name) + timesheet.html_length(s.day_zones) + CASE WHEN s.unconfirmed > 0 THEN 150 ELSE 0 END
          + CASE WHEN s.agents > 1 THEN 1630 WHEN s.agents = 1 THEN 510 ELSE 0 END)
        OVER (ORDER BY s.hours DESC, s.place) AS bytes, row_number() OVER (ORDER BY s.hours DESC, s.place) AS rank
    FROM sums AS s
  ), listed AS MATERIALIZED (
    SELECT s.* FROM spent AS s WHERE s.bytes <= 0.85 * room OR s.rank = 1
  ), shown AS MATERIALIZED (
    -- First one agent of every client group, then the second ones.
    SELECT a.*, sum(1190 + timesheet.html_length(a.agent) + CASE WHEN a.unconfirmed > 0 THEN 150 ELSE 0 END) OVER (ORDER BY a.place, a.hours DESC, a.client_group_id) <= room - (SELECT max(l.bytes) FROM listed AS l) AS is_listed
    FROM agents AS a JOIN listed AS l USING (client_group_id)
  )
  SELECT jsonb_build_object(
    'names', (SELECT coalesce(jsonb_agg(t.name ORDER BY t.place), '[]') FROM reported AS t),
    'time_zone', (SELECT t.time_zone FROM reported AS t WHERE t.place = 1),
    'time_zones', (SELECT timesheet.shortened_list(array_agg(DISTINCT z.zone ORDER BY z.zone)) FROM reported AS t CROSS JOIN LATERAL unnest(t.zones) AS z (zone)),
    'periods', (SELECT string_agg(p.period, ' or ' ORDER BY p.first_day)
                FROM (SELECT DISTINCT t.first_day, timesheet.period_text(t.first_day, t.last_day) AS period FROM reported AS t) AS p),
    'weeks', (SELECT CASE WHEN count(*) = 1 THEN 'week of ' || to_char(max(p.first_day), 'FMDD Mon YYYY')
                ELSE 'weeks of ' || string_agg(to_char(p.first_day, 'FMDD Mon'), ' and ' ORDER BY p.first_day) || to_char(max(p.first_day), ' YYYY') END
              FROM (SELECT DISTINCT t.first_day FROM reported AS t) AS p),
    'hours', (SELECT coalesce(sum(a.hours), 0.00) FROM agents AS a), 'unconfirmed', (SELECT coalesce(sum(a.unconfirmed), 0.00) FROM agents AS a),
    'more', (SELECT jsonb_build_object('count', count(*)::text, 'hours', coalesce(sum(s.hours), 0.00)::text, 'unconfirmed', coalesce(sum(s.unconfirmed), 0.00)::text,
               'has_unconfirmed', coalesce(sum(s.unconfirmed), 0) > 0)
             FROM sums AS s WHERE s.client_group_id NOT IN (SELECT l.client_group_id FROM listed AS l)),
    'listed', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'client_group_id', s.client_group_id, 'name', s.name, 'period', timesheet.period_text(s.first_day, s.last_day),
        'time_zone', timesheet.time_zone_label(s.time_zone), 'day_zones', s.day_zones,
      'hours', s.hours::text, 'unconfirmed', s.unconfirmed::text, 'has_unconfirmed', s.unconfirmed > 0, 'is_empty', s.hours = 0,
      'bar', timesheet.percent(s.hours, s.total), 'rest', 100 - timesheet.percent(s.hours, s.total)::int || '',
      'days', d.days, 'has_day_totals', s.agents > 1,
      'agents', coalesce(a.agents, '[]'),
      'has_more_agents', m.agents > 0, 'more_agents', jsonb_build_object('count', m.agents::text, 'hours', m.hours::text,
        'unconfirmed', m.unconfirmed::text, 'has_unconfirmed', m.unconfirmed > 0)
    ) ORDER BY s.place), '[]')
    FROM listed AS s
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('weekday', to_char(s.first_day + n, 'Dy'), 'date', to_char(s.first_day + n, 'FMDD Mon'), 'workday', s.first_day + n,
        'hours', x.hours::text, 'is_zero', x.hours = 0) ORDER BY n) AS days
      FROM generate_series(0, 6) AS n
      CROSS JOIN LATERAL (SELECT coalesce(sum(c.hours), 0.00) AS hours FROM cells AS c WHERE c.client_group_id = s.client_group_id AND c.workday = s.first_day + n) AS x
    ) AS d
    CROSS JOIN LATERAL (
      SELECT count(*) AS agents, coalesce(sum(a.hours), 0.00) AS hours, coalesce(sum(a.unconfirmed), 0.00) AS unconfirmed
      FROM shown AS a WHERE a.client_group_id = s.client_group_id AND NOT a.is_listed
    ) AS m
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('agent_id', a.agent_id, 'name', a.agent, 'hours', a.hours::text,
        'unconfirmed', a.unconfirmed::text, 'has_unconfirmed', a.unconfirmed > 0,
        'bar', timesheet.percent(a.hours, a.most), 'rest', 100 - timesheet.percent(a.hours, a.most)::int || '',
        'days', (
          SELECT jsonb_agg(jsonb_build_object('weekday', to_char(s.first_day + n, 'Dy'), 'date', to_char(s.first_day + n, 'FMDD Mon'), 'workday', s.first_day + n,
            'hours', coalesce(c.hours, 0.00)::text, 'is_zero', coalesce(c.hours, 0) = 0) ORDER BY n)
          FROM generate_series(0, 6) AS n
          LEFT JOIN cells AS c ON c.client_group_id = s.client_group_id AND c.agent_id = a.agent_id AND c.workday = s.first_day + n)
      ) ORDER BY a.place) AS agents
      FROM shown AS a WHERE a.client_group_id = s.client_group_id AND a.is_listed
    ) AS a))
$$;
COMMENT ON FUNCTION timesheet.digest_groups(int, date, jsonb, int) IS
  'From timesheet.digest_cells() as JSON, the client groups of a digest with their agents and days, listed within a number of bytes of an e-mail; the others are summed up: more_agents, more. names, hours and the periods are of all.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_groups(int, date, jsonb, int)');
