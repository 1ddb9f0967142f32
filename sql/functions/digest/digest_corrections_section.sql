CREATE OR REPLACE FUNCTION timesheet.digest_corrections_section(given jsonb, names jsonb, before date, room int)
  RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH cells AS MATERIALIZED (
    SELECT c.* FROM jsonb_to_recordset(given) AS c (week date, client_group_id int, agent_id int, workday date,
      first_day date, was_seconds bigint, was_hours numeric, work_seconds bigint, hours numeric,
      through_raw_event bigint)
  ), weeks AS MATERIALIZED (
    SELECT c.week, sum(c.was_hours) AS was, sum(c.hours) AS now, count(*) OVER () AS weeks,
      array_agg(DISTINCT c.agent_id) FILTER (WHERE c.work_seconds <> c.was_seconds) AS agents
    FROM cells AS c GROUP BY c.week
  ), reported AS MATERIALIZED (
    SELECT DISTINCT c.week, c.client_group_id, c.first_day, c.through_raw_event FROM cells AS c
  ), agents AS MATERIALIZED (
    -- Agents whose hours changed, in exact seconds: rounding also moves a hundredth between other cells.
    SELECT d.*, row_number() OVER by_size AS place,
      sum(400 + timesheet.html_length(d.agent) + timesheet.html_length(d.client_group)) OVER by_size AS bytes
    FROM (
      SELECT c.week, c.agent_id, names #>> ARRAY['agents', c.agent_id::text] AS agent,
        names #>> ARRAY['client_groups', c.client_group_id::text] AS client_group,
        sum(c.was_hours) AS was, sum(c.hours) AS now, sum(c.work_seconds - c.was_seconds) AS moved,
        max(abs(c.work_seconds - c.was_seconds)) AS most
      FROM cells AS c GROUP BY c.week, c.agent_id, c.client_group_id
    ) AS d
    WHERE d.most >= 36 OR (d.moved <> 0 AND sign(d.moved) = sign(d.now - d.was))
    WINDOW by_size AS (
      PARTITION BY d.week ORDER BY abs(d.now - d.was) DESC, abs(d.moved) DESC, d.agent, d.agent_id, d.client_group
      ROWS UNBOUNDED PRECEDING)
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'week', w.week, 'period', p.period,
    'was', w.was::text, 'now', w.now::text, 'difference', abs(w.now - w.was)::text,
    'is_more', w.now > w.was, 'is_less', w.now < w.was, 'is_same', w.now = w.was,
    'reasons', coalesce(
      nullif(timesheet.digest_reasons(w.agents, p.client_groups, p.first_days, p.through_raw_events), ''),
      'entries were moved, or a rule or an assignment was changed'),
    'agents', coalesce(a.agents, '[]'),
    'has_more_agents', a.more > 0,
    'more_agents', jsonb_build_object('count', a.more::text, 'was', a.more_was::text, 'now', a.more_now::text),
    'has_rounding', r.rounding <> 0, 'rounding', to_char(r.rounding, 'FMSG9999990.00')
  ) ORDER BY w.week), '[]')
  FROM weeks AS w
  CROSS JOIN LATERAL (
    SELECT array_agg(t.client_group_id ORDER BY t.client_group_id) AS client_groups,
      array_agg(t.first_day ORDER BY t.client_group_id) AS first_days,
      array_agg(t.through_raw_event ORDER BY t.client_group_id) AS through_raw_events,
      timesheet.weeks_text(array_agg(t.first_day),
        extract(year FROM max(t.first_day)) <> extract(year FROM before)) AS period
    FROM reported AS t WHERE t.week = w.week
  ) AS p
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('name', d.agent, 'client_group', d.client_group, 'was', d.was::text,
          'now', d.now::text, 'is_same', d.now = d.was)
        ORDER BY d.client_group, d.agent, d.agent_id) FILTER (WHERE d.is_listed) AS agents,
      count(*) FILTER (WHERE NOT d.is_listed) AS more,
      coalesce(sum(d.was) FILTER (WHERE NOT d.is_listed), 0.00) AS more_was,
      coalesce(sum(d.now) FILTER (WHERE NOT d.is_listed), 0.00) AS more_now,
      coalesce(sum(d.now - d.was), 0.00) AS difference
    FROM (SELECT d.*, d.place <= 8 AND d.bytes <= room / w.weeks AS is_listed FROM agents AS d WHERE d.week = w.week)
      AS d
  ) AS a
  CROSS JOIN LATERAL (SELECT w.now - w.was - a.difference AS rounding) AS r
$$;
COMMENT ON FUNCTION timesheet.digest_corrections_section(jsonb, jsonb, date, int) IS
  'timesheet.digest_corrections(), given as JSON, with names by timesheet.digest_names(), as a digest shows it: by '
  'week, with what happened and whose hours changed, within a number of bytes. Before and after add up: rounding has '
  'what rounding moved between other cells.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_corrections_section(jsonb, jsonb, date, int)');
