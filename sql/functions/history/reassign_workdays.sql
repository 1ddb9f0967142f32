CREATE OR REPLACE FUNCTION timesheet.reassign_workdays(of_agents int[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  placed bigint;
  placed_hours bigint;
BEGIN
  UPDATE timesheet.time_entries AS e
  SET client_group_id = n.client_group_id, time_zone = n.time_zone,
      workday = n.workday, workday_end = n.workday_end, is_odd_workday = n.is_odd,
      unknown_time_zone = n.unknown_time_zone
  FROM (
    SELECT o.jibble_activity_id, t.client_group_id, t.time_zone, t.unknown_time_zone, p.workday, p.workday_end, p.is_odd
    FROM timesheet.time_entries AS o
    CROSS JOIN LATERAL (
      SELECT t.* FROM timesheet.agent_history AS t
      WHERE t.agent_id = o.agent_id AND t.valid_from <= o.start_time_utc ORDER BY t.valid_from DESC LIMIT 1
    ) AS t
    CROSS JOIN LATERAL timesheet.assign_workday(o.start_time_utc, o.belongs_to_date, t.time_zone, t.day_cutoff,
      t.is_overridden) AS p
    WHERE o.agent_id = ANY (of_agents)
  ) AS n
  WHERE n.jibble_activity_id = e.jibble_activity_id
    AND (e.client_group_id, e.time_zone, e.workday, e.workday_end, e.is_odd_workday, e.unknown_time_zone)
        IS DISTINCT FROM (n.client_group_id, n.time_zone, n.workday, n.workday_end, n.is_odd, n.unknown_time_zone);
  GET DIAGNOSTICS placed = ROW_COUNT;

  UPDATE timesheet.hour_entries AS h
  SET client_group_id = n.client_group_id
  FROM (
    SELECT o.jibble_id, timesheet.client_group_at_noon(o.agent_id, o.workday) AS client_group_id
    FROM timesheet.hour_entries AS o WHERE o.agent_id = ANY (of_agents)
  ) AS n
  WHERE n.jibble_id = h.jibble_id AND h.client_group_id IS DISTINCT FROM n.client_group_id;
  GET DIAGNOSTICS placed_hours = ROW_COUNT;
  RETURN placed + placed_hours;
END
$$;
COMMENT ON FUNCTION timesheet.reassign_workdays(int[]) IS
  'Assigns the workdays of all entries of these agents again by timesheet.agent_history; returns how many changed.';
CALL timesheet.set_grants('FUNCTION timesheet.reassign_workdays(int[])');
