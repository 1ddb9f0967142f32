-- Kept apart among those who ever worked for these client groups, and not among all that there are: a client learns
-- nothing of the others, and a person has one name on every page. No address keeps them apart, as in a digest.
CREATE OR REPLACE FUNCTION timesheet.agents_shown(of_client_groups int[])
RETURNS TABLE (agent_id int, name text)
LANGUAGE sql STABLE ROWS 50
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT n.id, n.name FROM (
    SELECT array_agg(a.agent_id) AS ids,
      array_agg(timesheet.name_without_address(a.name)) AS names,
      array_agg(CASE WHEN strpos(a.code, '@') = 0 THEN a.code END) AS codes
    FROM timesheet.agent_names AS a
    WHERE a.agent_id IN (
      SELECT t.agent_id FROM timesheet.agent_history AS t WHERE t.client_group_id = ANY (of_client_groups))
  ) AS s
  CROSS JOIN LATERAL timesheet.distinct_names(s.ids, s.names, s.codes, NULL) AS n
$$;
COMMENT ON FUNCTION timesheet.agents_shown(int[]) IS
  'The names of the agents of these client groups, whenever they were theirs, no two alike among them: by their codes, '
  'else as numbers, never by their addresses. See timesheet.distinct_names().';
CALL timesheet.set_grants('FUNCTION timesheet.agents_shown(int[])');
