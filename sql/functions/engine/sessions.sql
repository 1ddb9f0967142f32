CREATE OR REPLACE FUNCTION timesheet.sessions(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind text, started_at timestamptz,
  ended_at timestamptz,
  seconds bigint, end_reason text, is_complete boolean, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET row_security = off
AS $$
DECLARE
  carries_on boolean;
BEGIN
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT * FROM timesheet.native_sessions(since, until, for_agent, as_of);
  ELSE
    carries_on := timesheet.carries_activity_on();
    RETURN QUERY SELECT * FROM timesheet.sql_sessions(since, until, for_agent, as_of, carries_on);
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.sessions(date, date, int, timestamptz) IS
  'Work and break sessions of the workdays in [since, until) (R1 to R8); null bounds are open, for_agent null is '
  'everybody, as_of null is now(). Times are instants, seconds whole and truncated. end_reason: next_activity, break, '
  'clock_out, auto_clock_out, running, missing_clock_out, break_left_open.';
CALL timesheet.set_grants('FUNCTION timesheet.sessions(date, date, int, timestamptz)', 'EXECUTE TO timesheet_reader');
