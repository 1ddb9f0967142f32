CREATE OR REPLACE FUNCTION timesheet.rebuild_agent_history(of_agents int[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  -- Each a statement of its own: those below see what was committed until then.
  PERFORM timesheet.lock_agents(of_agents);
  PERFORM timesheet.lock_client_groups(timesheet.client_groups_of_agents(of_agents), 'SHARE');
  DELETE FROM timesheet.agent_history AS t WHERE t.agent_id = ANY (of_agents);
  INSERT INTO timesheet.agent_history (agent_id, valid_from, client_group_id, time_zone, day_cutoff, is_overridden,
    unknown_time_zone)
  SELECT r.agent_id, r.at, r.client_group_id, r.time_zone, r.day_cutoff, r.is_overridden, r.unknown_time_zone
  FROM (
    SELECT a.agent_id, p.at, f.*,
      lag((f.client_group_id, f.time_zone, f.day_cutoff, f.is_overridden, f.unknown_time_zone)) OVER earlier AS before
    FROM unnest(of_agents) AS a (agent_id)
    CROSS JOIN LATERAL timesheet.change_points(a.agent_id) AS p (at)
    CROSS JOIN LATERAL timesheet.effective_at(a.agent_id, p.at) AS f
    WINDOW earlier AS (PARTITION BY a.agent_id ORDER BY p.at)
  ) AS r
  WHERE r.before IS NULL OR r.before IS DISTINCT FROM (r.client_group_id, r.time_zone, r.day_cutoff, r.is_overridden,
    r.unknown_time_zone);
  PERFORM timesheet.show_current(of_agents);
END
$$;
COMMENT ON FUNCTION timesheet.rebuild_agent_history(int[]) IS
  'Derives timesheet.agent_history again for these agents; workdays are assigned again by '
  'timesheet.reassign_workdays().';
CALL timesheet.set_grants('FUNCTION timesheet.rebuild_agent_history(int[])');
