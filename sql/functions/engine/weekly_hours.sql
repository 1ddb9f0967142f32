CREATE OR REPLACE FUNCTION timesheet.weekly_hours(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  week_start date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
  SET hash_mem_multiplier = 8 SET row_security = off
AS $$
DECLARE
  carries_on boolean;
BEGIN
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT * FROM timesheet.native_weekly_hours(since, until, for_agent, as_of);
  ELSE
    carries_on := timesheet.carries_activity_on();
    RETURN QUERY SELECT * FROM timesheet.sql_weekly_hours(since, until, for_agent, as_of, carries_on);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.weekly_hours(date, date, int, timestamptz) IS
  'As daily_hours, by week: the first day of the week that holds the workday, by the client group''s week_starts_on, '
  'else the setting''s (R11). Only workdays inside [since, until) are counted.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.weekly_hours(date, date, int, timestamptz)',
  'EXECUTE TO timesheet_reader');
