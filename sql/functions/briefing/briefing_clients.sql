-- Of each client some, the newest first, so that a client with many hides no other; 40 rows are what is read on a
-- phone.
CREATE OR REPLACE FUNCTION timesheet.briefing_clients(sessions jsonb, agents jsonb, client_groups jsonb, most int,
  OUT clients jsonb, OUT more text, OUT counts text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH found AS MATERIALIZED (
    SELECT s.*, coalesce(client_groups ->> coalesce(s.client_group_id, 0)::text, '(no client group)') AS client,
      coalesce(agents ->> s.agent_id::text, '(unnamed agent)') AS agent,
      row_number() OVER (PARTITION BY s.client_group_id ORDER BY s.started_at DESC, s.jibble_activity_id) AS turn
    FROM jsonb_to_recordset(sessions) AS s (jibble_activity_id uuid, agent_id int, client_group_id int, workday date,
      kind text, started_at timestamptz, ended_at timestamptz, seconds bigint, time_zone text)
  ), chosen AS MATERIALIZED (
    SELECT f.*, row_number() OVER (ORDER BY f.turn, f.client, f.client_group_id) <= most AS is_listed FROM found AS f
  ), worded AS MATERIALIZED ( -- those that are listed alone, as it takes longer than all the rest
    SELECT c.jibble_activity_id, t.what, t.counted FROM chosen AS c
    CROSS JOIN LATERAL timesheet.incomplete_session_text(c.kind, c.workday, c.started_at, c.ended_at, c.seconds,
      c.time_zone) AS t
    WHERE c.is_listed
  ), client AS MATERIALIZED (
    SELECT c.client, c.client_group_id, count(*) AS sessions, count(*) FILTER (WHERE NOT c.is_listed) AS left_out,
      jsonb_agg(jsonb_build_object('agent', c.agent, 'day', to_char(c.workday::timestamp, 'Dy FMDD Mon'),
        'what', t.what, 'counted', t.counted) ORDER BY c.agent, c.agent_id, c.started_at, c.jibble_activity_id)
        FILTER (WHERE c.is_listed) AS listed
    FROM chosen AS c LEFT JOIN worded AS t USING (jibble_activity_id)
    GROUP BY c.client, c.client_group_id
  )
  SELECT
    coalesce(jsonb_agg(jsonb_build_object('name', c.client, 'rows', c.listed) ORDER BY c.client, c.client_group_id)
      FILTER (WHERE c.listed IS NOT NULL), '[]'),
    'and ' || nullif(sum(c.left_out), 0) || ' more: ' || timesheet.shortened_list(
      array_agg(c.client || ' ' || c.left_out ORDER BY c.client, c.client_group_id) FILTER (WHERE c.left_out > 0)),
    timesheet.shortened_list(array_agg(c.client || ' ' || c.sessions ORDER BY c.client, c.client_group_id))
  FROM client AS c
$$;
COMMENT ON FUNCTION timesheet.briefing_clients(jsonb, jsonb, jsonb, int) IS
  'The sessions, rows of timesheet.incomplete_sessions(), by client, agent and day, with names by '
  'timesheet.briefing_names(): at most this many. more: how many are left out, in words; counts: how many each client '
  'has; null for none.';
CALL timesheet.set_grants('FUNCTION timesheet.briefing_clients(jsonb, jsonb, jsonb, int)');
