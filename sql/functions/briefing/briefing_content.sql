CREATE OR REPLACE FUNCTION timesheet.briefing_content(for_day date, sessions jsonb, silences jsonb, decisions jsonb,
  decisions_total bigint, of_client_groups int[] DEFAULT NULL, outdated text DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH counted AS MATERIALIZED (
    SELECT concat_ws(', ',
      timesheet.count_text(count(*) FILTER (WHERE s.kind = 'work'), 'missing clock-out', 'missing clock-outs'),
      timesheet.count_text(count(*) FILTER (WHERE s.kind <> 'work'), 'break without an end', 'breaks without an end'),
      timesheet.count_text((SELECT count(*) FROM jsonb_to_recordset(silences) AS q (is_new boolean) WHERE q.is_new),
        'newly silent agent', 'newly silent agents'),
      timesheet.count_text(decisions_total, 'thing needs a decision', 'things need a decision')) AS parts
    FROM jsonb_to_recordset(sessions) AS s (kind text)
  ), silent AS MATERIALIZED (
    SELECT jsonb_agg(jsonb_build_object('agent', coalesce(n.agents ->> q.agent_id::text, '(unnamed agent)'),
        'client', coalesce(n.client_groups ->> coalesce(q.client_group_id, 0)::text, '(no client group)'),
        'since', timesheet.local_time_text(q.last_activity_at, q.time_zone))
      ORDER BY q.last_activity_at DESC, q.agent_id) AS listed
    FROM (SELECT r.*, row_number() OVER (ORDER BY r.is_new DESC, r.last_activity_at DESC, r.agent_id) AS turn
      FROM jsonb_to_recordset(silences) AS r (agent_id int, client_group_id int, last_activity_at timestamptz,
        time_zone text, is_new boolean)) AS q
    CROSS JOIN timesheet.briefing_names(of_client_groups) AS n WHERE q.turn <= 40
  )
  SELECT jsonb_build_object(
    'subject', format('Briefing of %s: %s', to_char(for_day::timestamp, 'Dy FMDD Mon'), k.parts),
    'preheader', coalesce(c.counts, q.listed -> 0 ->> 'agent', decisions -> 0 ->> 'title', ''),
    'title', 'Briefing of ' || timesheet.date_text(for_day),
    'zone', timesheet.time_zone_label(timesheet.default_time_zone()),
    'summary', concat_ws(' ', upper(left(k.parts, 1)) || substr(k.parts, 2) || '.', outdated),
    'is_for_staff', of_client_groups IS NULL,
    'has_clients', jsonb_array_length(c.clients) > 0, 'clients', c.clients,
    'has_silent', q.listed IS NOT NULL, 'silent', coalesce(q.listed, '[]'),
    'has_decisions', jsonb_array_length(decisions) > 0, 'decisions', decisions,
    'has_more', c.more IS NOT NULL, 'more', coalesce(c.more, ''))
  FROM counted AS k, silent AS q, timesheet.briefing_names(of_client_groups) AS n
  CROSS JOIN LATERAL timesheet.briefing_clients(sessions, n.agents, n.client_groups, 40) AS c
$$;
COMMENT ON FUNCTION timesheet.briefing_content(date, jsonb, jsonb, jsonb, bigint, int[], text) IS
  'A briefing as its templates want it: of sessions, rows of timesheet.incomplete_sessions(), silences and decisions; '
  'for staff, or for a supervisor of these client groups. outdated: a sentence on data that is out of date.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.briefing_content(date, jsonb, jsonb, jsonb, bigint, int[], text)');
