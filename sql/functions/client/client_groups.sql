CREATE OR REPLACE FUNCTION timesheet_client.client_groups_rows()
RETURNS TABLE (client_group_id int, jibble_id uuid, name text, code text, time_zone text, week_starts_on int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT g.client_group_id, g.jibble_id, g.name, g.code, g.time_zone, g.week_starts_on
  FROM timesheet.client_group_names AS g
  WHERE g.client_group_id = ANY (timesheet.client_groups_of_caller())
$$;
COMMENT ON FUNCTION timesheet_client.client_groups_rows() IS 'The rows of timesheet_client.client_groups.';
CALL timesheet.set_grants('FUNCTION timesheet_client.client_groups_rows()', 'EXECUTE TO timesheet_client');

CREATE OR REPLACE VIEW timesheet_client.client_groups WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.client_groups_rows() AS r;
COMMENT ON VIEW timesheet_client.client_groups IS
  'The caller''s client groups, with the zone and the first weekday (ISO, 1 Monday to 7 Sunday) of their reports.';
CALL timesheet.set_grants('TABLE timesheet_client.client_groups', 'SELECT TO timesheet_client');
