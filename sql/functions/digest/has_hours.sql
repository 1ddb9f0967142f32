CREATE OR REPLACE FUNCTION timesheet.has_hours(of_client_group int, first_day date) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  -- The plain search first: mostly there is nothing, and hours may have to be computed.
  IF NOT EXISTS (SELECT FROM timesheet.time_entries AS e
                 WHERE e.client_group_id = of_client_group AND e.workday BETWEEN first_day AND first_day + 6)
     AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS h
                     WHERE h.client_group_id = of_client_group AND h.workday BETWEEN first_day AND first_day + 6) THEN
    RETURN false;
  END IF;
  -- 18 seconds are 0.01 h, rounded; fewer would be shown as 0.00.
  RETURN coalesce((SELECT sum(r.work_seconds) FROM timesheet.daily_report AS r
    WHERE r.client_group_id = of_client_group AND r.workday BETWEEN first_day AND first_day + 6), 0) >= 18;
END
$$;
COMMENT ON FUNCTION timesheet.has_hours(int, date) IS
  'Whether a client group has hours to show in the seven days from first_day on.';
CALL timesheet.set_grants('FUNCTION timesheet.has_hours(int, date)');
