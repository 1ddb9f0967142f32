CREATE OR REPLACE FUNCTION timesheet.digest_agents(given jsonb, names jsonb)
RETURNS TABLE (client_group_id int, agent_id int, agent text, hours numeric, unconfirmed numeric, most numeric,
  place bigint)
LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH agents AS MATERIALIZED (
    SELECT c.client_group_id, c.agent_id, names #>> ARRAY['agents', c.agent_id::text] AS agent,
      sum(c.hours) AS hours,
      sum(c.unconfirmed_seconds)::bigint AS unconfirmed_seconds,
      row_number() OVER (ORDER BY c.client_group_id, c.agent_id) AS n
    FROM jsonb_to_recordset(given) AS c (
      client_group_id int, agent_id int, unconfirmed_seconds bigint, hours numeric)
    GROUP BY c.client_group_id, c.agent_id
  )
  SELECT a.client_group_id, a.agent_id, a.agent, a.hours, least(u.hours, a.hours), max(a.hours) OVER (),
    row_number() OVER (PARTITION BY a.client_group_id ORDER BY a.hours DESC, a.agent, a.agent_id)
  FROM agents AS a
  JOIN unnest(timesheet.round_hours((SELECT array_agg(s.unconfirmed_seconds ORDER BY s.n) FROM agents AS s)))
    WITH ORDINALITY AS u (hours, n) USING (n)
$$;
COMMENT ON FUNCTION timesheet.digest_agents(jsonb, jsonb) IS
  'From timesheet.digest_cells() as JSON, and names by timesheet.digest_names(), the hours of each agent of each '
  'client group, the unconfirmed ones, the most hours of an agent, and the place of the agent among those of the '
  'client group.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_agents(jsonb, jsonb)');
