CREATE OR REPLACE FUNCTION timesheet.digest_groups(for_contact int, for_week date, given jsonb, names jsonb, room int)
  RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH cells AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(given) AS c (client_group_id int, agent_id int, workday date, hours numeric)
  ), sums AS MATERIALIZED (
    SELECT s.* FROM timesheet.digest_group_sums(for_contact, for_week, given, names, room) AS s
  ), agents AS MATERIALIZED (
    SELECT a.* FROM timesheet.digest_agents(given, names) AS a
  ), shown AS MATERIALIZED (
    -- The first of every client group before the second of any.
    SELECT a.*, sum(1190 + timesheet.html_length(a.agent) + CASE WHEN a.unconfirmed > 0 THEN 150 ELSE 0 END)
        OVER (ORDER BY a.place, a.hours DESC, a.client_group_id)
      <= room - (SELECT max(s.bytes) FROM sums AS s WHERE s.is_listed) AS is_listed
    FROM agents AS a JOIN sums AS s USING (client_group_id) WHERE s.is_listed
  )
  SELECT jsonb_build_object(
    'names', (SELECT coalesce(jsonb_agg(s.name ORDER BY s.place), '[]') FROM sums AS s),
    'time_zone', (SELECT s.time_zone FROM sums AS s WHERE s.place = 1),
    'time_zones', (SELECT timesheet.shortened_list(array_agg(DISTINCT z.zone ORDER BY z.zone))
                   FROM sums AS s CROSS JOIN LATERAL unnest(s.zones) AS z (zone)),
    'periods', (SELECT string_agg(p.period, ' or ' ORDER BY p.first_day)
                FROM (SELECT DISTINCT s.first_day, timesheet.period_text(s.first_day, s.last_day) AS period
                      FROM sums AS s) AS p),
    'weeks', timesheet.weeks_text(ARRAY(SELECT s.first_day FROM sums AS s), true),
    'hours', (SELECT coalesce(sum(a.hours), 0.00) FROM agents AS a),
    'unconfirmed', (SELECT coalesce(sum(a.unconfirmed), 0.00) FROM agents AS a),
    'more', (SELECT jsonb_build_object('count', count(*)::text, 'hours', coalesce(sum(s.hours), 0.00)::text,
               'unconfirmed', coalesce(sum(s.unconfirmed), 0.00)::text,
               'has_unconfirmed', coalesce(sum(s.unconfirmed), 0) > 0)
             FROM sums AS s WHERE NOT s.is_listed),
    'listed', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'client_group_id', s.client_group_id, 'name', s.name, 'period', timesheet.period_text(s.first_day, s.last_day),
      'time_zone', timesheet.time_zone_label(s.time_zone), 'day_zones', s.day_zones,
      'hours', s.hours::text, 'unconfirmed', s.unconfirmed::text, 'has_unconfirmed', s.unconfirmed > 0,
      'is_empty', s.hours = 0, 'bar', timesheet.percent(s.hours, s.total),
      'rest', 100 - timesheet.percent(s.hours, s.total)::int || '',
      'days', (SELECT timesheet.digest_days(s.first_day, array_agg(c.workday), array_agg(c.hours))
               FROM cells AS c WHERE c.client_group_id = s.client_group_id),
      'has_day_totals', s.agents > 1, 'agents', a.listed,
      'has_more_agents', a.more > 0, 'more_agents', jsonb_build_object('count', a.more::text,
        'hours', a.more_hours::text, 'unconfirmed', a.more_unconfirmed::text,
        'has_unconfirmed', a.more_unconfirmed > 0)
    ) ORDER BY s.place), '[]')
    FROM sums AS s
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE NOT a.is_listed) AS more,
        coalesce(sum(a.hours) FILTER (WHERE NOT a.is_listed), 0.00) AS more_hours,
        coalesce(sum(a.unconfirmed) FILTER (WHERE NOT a.is_listed), 0.00) AS more_unconfirmed,
        coalesce(jsonb_agg(jsonb_build_object('agent_id', a.agent_id, 'name', a.agent, 'hours', a.hours::text,
          'unconfirmed', a.unconfirmed::text, 'has_unconfirmed', a.unconfirmed > 0,
          'bar', timesheet.percent(a.hours, a.most), 'rest', 100 - timesheet.percent(a.hours, a.most)::int || '',
          'days', (SELECT timesheet.digest_days(s.first_day, array_agg(c.workday), array_agg(c.hours)) FROM cells AS c
                   WHERE c.client_group_id = s.client_group_id AND c.agent_id = a.agent_id)
        ) ORDER BY a.place) FILTER (WHERE a.is_listed), '[]') AS listed
      FROM shown AS a WHERE a.client_group_id = s.client_group_id
    ) AS a
    WHERE s.is_listed))
$$;
COMMENT ON FUNCTION timesheet.digest_groups(int, date, jsonb, jsonb, int) IS
  'From timesheet.digest_cells() as JSON, and names by timesheet.digest_names(), the client groups of a digest with '
  'their agents and days, listed within a number of bytes of an e-mail; what is not is summed up: more_agents, more. '
  'names, hours and the periods are of all.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_groups(int, date, jsonb, jsonb, int)');
