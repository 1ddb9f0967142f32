CREATE OR REPLACE FUNCTION timesheet.briefing_names(of_client_groups int[], OUT agents jsonb, OUT client_groups jsonb)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH agent AS (
    SELECT l.agent_id AS id, l.label AS name FROM timesheet.agent_labels AS l WHERE of_client_groups IS NULL
    UNION ALL
    SELECT a.agent_id, a.name FROM timesheet.agents_shown(of_client_groups) AS a WHERE of_client_groups IS NOT NULL
  ), client_group AS (
    SELECT l.key AS id, l.label AS name FROM timesheet.client_group_labels AS l WHERE of_client_groups IS NULL
    UNION ALL
    SELECT g.client_group_id, g.name FROM timesheet.client_groups_shown(of_client_groups) AS g
    WHERE of_client_groups IS NOT NULL
  )
  SELECT -- shortened, two may be alike again
    (SELECT coalesce(jsonb_object_agg(d.id, d.name), '{}')
     FROM (SELECT array_agg(a.id) AS ids, array_agg(timesheet.short_name(a.name)) AS names FROM agent AS a) AS n
     CROSS JOIN LATERAL timesheet.distinct_names(n.ids, n.names, NULL, NULL) AS d),
    (SELECT coalesce(jsonb_object_agg(d.id, d.name), '{}')
     FROM (SELECT array_agg(g.id) AS ids, array_agg(timesheet.short_name(g.name)) AS names FROM client_group AS g) AS n
     CROSS JOIN LATERAL timesheet.distinct_names(n.ids, n.names, NULL, NULL) AS d)
$$;
COMMENT ON FUNCTION timesheet.briefing_names(int[]) IS
  'The names that a briefing shows, by id: for staff (null) those of the dashboard; for a supervisor those of its '
  'client groups and of their agents, kept apart among these alone and without addresses, as on the portal.';
CALL timesheet.set_grants('FUNCTION timesheet.briefing_names(int[])');
