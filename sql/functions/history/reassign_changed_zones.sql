CREATE OR REPLACE FUNCTION timesheet.reassign_changed_zones() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  touched int[] := timesheet.agents_of_changed_zones();
BEGIN
  IF touched IS NULL AND NOT EXISTS (SELECT FROM timesheet.client_groups_of_changed_zones()) THEN
    RETURN;
  END IF;
  PERFORM timesheet.lock_writers();
  UPDATE timesheet.client_groups AS g SET unknown_time_zone = c.unknown_time_zone
  FROM timesheet.client_groups_of_changed_zones() AS c WHERE c.client_group_id = g.client_group_id;
  touched := timesheet.agents_of_changed_zones();
  PERFORM timesheet.rebuild_agent_history(touched), timesheet.reassign_workdays(touched) WHERE touched IS NOT NULL;
END
$$;
COMMENT ON FUNCTION timesheet.reassign_changed_zones() IS
  'Assigns the workdays of the entries of timesheet.agents_of_changed_zones() again, by the next best zone of R3, and '
  'records reporting zones that are not known; both leave notes.';
CALL timesheet.set_grants('FUNCTION timesheet.reassign_changed_zones()');
