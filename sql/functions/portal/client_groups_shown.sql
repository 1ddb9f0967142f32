CREATE OR REPLACE FUNCTION timesheet.client_groups_shown(of_client_groups int[])
RETURNS TABLE (client_group_id int, name text)
LANGUAGE sql STABLE ROWS 5
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT n.id, n.name FROM (
    SELECT array_agg(g.client_group_id) AS ids, array_agg(g.name) AS names, array_agg(g.code) AS codes
    FROM timesheet.client_group_names AS g WHERE g.client_group_id = ANY (of_client_groups)
  ) AS s
  CROSS JOIN LATERAL timesheet.distinct_names(s.ids, s.names, s.codes, NULL) AS n
$$;
COMMENT ON FUNCTION timesheet.client_groups_shown(int[]) IS
  'The names of these client groups, no two alike among them: see timesheet.distinct_names().';
CALL timesheet.set_grants('FUNCTION timesheet.client_groups_shown(int[])');
