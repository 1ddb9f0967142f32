CREATE OR REPLACE FUNCTION timesheet.digest_notes_section(given jsonb, names jsonb, room int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH noted AS MATERIALIZED (
    SELECT n.*, row_number() OVER first AS place,
      sum(370 + timesheet.html_length(concat(n.agent, n.client_group, n.time_zone, n.sentence))) OVER first AS bytes
    FROM (
      SELECT g.*, names #>> ARRAY['agents', g.agent_id::text] AS agent,
        names #>> ARRAY['client_groups', g.client_group_id::text] AS client_group
      FROM jsonb_to_recordset(given) AS g (at timestamptz, time_zone text, agent_id int, client_group_id int, code text,
        is_open boolean, sentence text)
    ) AS n
    WINDOW first AS (ORDER BY n.is_open DESC, n.at, n.agent, n.code, n.agent_id ROWS UNBOUNDED PRECEDING)
  ), cut AS MATERIALIZED (
    -- Every session without a confirmed end that fits into the e-mail; then others, to 25 in all.
    SELECT n.*, n.bytes <= room AND (n.is_open OR n.place <= 25) AS is_listed FROM noted AS n
  ), more AS MATERIALIZED (
    SELECT c.agent_id, c.agent, count(*) AS notes,
      row_number() OVER (ORDER BY count(*) FILTER (WHERE c.is_open) DESC, count(*) DESC, c.agent, c.agent_id) AS place,
      concat_ws(', ', timesheet.count_text(count(*) FILTER (WHERE c.is_open),
        'session without a confirmed end', 'sessions without a confirmed end'),
        timesheet.count_text(count(*) FILTER (WHERE NOT c.is_open), 'other note', 'other notes')) AS counts
    FROM cut AS c WHERE NOT c.is_listed GROUP BY c.agent_id, c.agent
  )
  SELECT jsonb_build_object('count', (SELECT count(*) FROM cut AS c),
    'more', (SELECT count(*) FROM cut AS c WHERE NOT c.is_listed),
    'listed', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('when', to_char(n.at AT TIME ZONE n.time_zone,
        'Dy FMDD Mon, HH24:MI'), 'time_zone', timesheet.time_zone_label(n.time_zone), 'agent', n.agent,
        'client_group', n.client_group, 'code', n.code, 'text', n.sentence) ORDER BY n.place), '[]')
      FROM cut AS n WHERE n.is_listed),
    'more_agents', (SELECT coalesce(
        jsonb_agg(jsonb_build_object('name', m.agent, 'text', m.counts) ORDER BY m.place), '[]')
      FROM more AS m WHERE m.place <= 10),
    'others', (SELECT coalesce(sum(m.notes), 0) FROM more AS m WHERE m.place > 10))
$$;
COMMENT ON FUNCTION timesheet.digest_notes_section(jsonb, jsonb, int) IS
  'timesheet.digest_notes(), given as JSON, with names by timesheet.digest_names(), as a digest shows them, within a '
  'number of bytes: sessions without a confirmed end first; those left out are counted by agent.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_notes_section(jsonb, jsonb, int)');
