CREATE OR REPLACE FUNCTION timesheet_client.daily_hours(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET row_security = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT * FROM timesheet.daily_hours(since, until, for_agent, as_of) AS r
    WHERE r.client_group_id = ANY (own);
END
$$;
COMMENT ON FUNCTION timesheet_client.daily_hours(date, date, int, timestamptz) IS
  'timesheet.daily_hours(), limited to the rows of the caller''s client groups.';
CALL timesheet.set_grants(
  'FUNCTION timesheet_client.daily_hours(date, date, int, timestamptz)',
  'EXECUTE TO timesheet_client');
