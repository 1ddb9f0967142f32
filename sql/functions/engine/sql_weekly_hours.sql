CREATE OR REPLACE FUNCTION timesheet.sql_weekly_hours(
  since date, until date, for_agent int, as_of timestamptz, carries_on boolean DEFAULT NULL)
RETURNS TABLE (
  week_start date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT * FROM timesheet.sql_hours(since, until, for_agent, as_of, true, carries_on)
$$;
COMMENT ON FUNCTION timesheet.sql_weekly_hours(date, date, int, timestamptz, boolean) IS
  'timesheet.weekly_hours() by the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_weekly_hours(date, date, int, timestamptz, boolean)');
