-- Long histories have a row for each agent, activity and day or week: hash_mem_multiplier keeps some
-- 150,000 of them off the disk while the sql engine sums them, at the server's default work_mem; of a
-- larger one as many times more.
CREATE OR REPLACE FUNCTION timesheet.daily_hours(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
  SET hash_mem_multiplier = 8 SET row_security = off
AS $$
DECLARE
  carries_on boolean;
BEGIN
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT * FROM timesheet.native_daily_hours(since, until, for_agent, as_of);
  ELSE
    carries_on := timesheet.carries_activity_on();
    RETURN QUERY SELECT * FROM timesheet.sql_daily_hours(since, until, for_agent, as_of, carries_on);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.daily_hours(date, date, int, timestamptz) IS
  'Seconds by workday, agent, client group and activity for workdays in [since, until) (R8, R10). work_seconds '
  'includes manual_seconds; unconfirmed_seconds is the part of it from running, missing and automatic clock-outs; '
  'session_count counts work sessions, incomplete_count those without a clock-out.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.daily_hours(date, date, int, timestamptz)',
  'EXECUTE TO timesheet_reader');
