CREATE OR REPLACE FUNCTION timesheet.entry_places(of_agents int[])
RETURNS TABLE (id uuid, client_group_id int, workday date, workday_end timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT e.jibble_activity_id, e.client_group_id, e.workday, e.workday_end FROM timesheet.time_entries AS e
  WHERE e.agent_id = ANY (of_agents)
  UNION ALL
  SELECT h.jibble_id, h.client_group_id, h.workday, NULL FROM timesheet.hour_entries AS h
  WHERE h.agent_id = ANY (of_agents)
$$;
COMMENT ON FUNCTION timesheet.entry_places(int[]) IS
  'Where each time and hour entry of these agents counts: its client group, its workday and when that ends (null for '
  'an hour entry).';
CALL timesheet.set_grants('FUNCTION timesheet.entry_places(int[])');
