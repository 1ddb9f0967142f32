CREATE OR REPLACE FUNCTION timesheet_client.attendance_rows(since date DEFAULT NULL, until date DEFAULT NULL)
RETURNS SETOF timesheet.attendance
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT r.* FROM timesheet.client_attendance(own, since, until) AS r;
END
$$;
COMMENT ON FUNCTION timesheet_client.attendance_rows(date, date) IS
  'The rows of timesheet_client.attendance whose workday lies in [since, until), without computing any other.';
CALL timesheet.set_grants('FUNCTION timesheet_client.attendance_rows(date, date)', 'EXECUTE TO timesheet_client');

CREATE OR REPLACE VIEW timesheet_client.attendance WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.attendance_rows() AS r;
COMMENT ON VIEW timesheet_client.attendance IS
  'timesheet.attendance, made of the sessions, manual hours and notes of the caller''s client groups alone: see '
  'timesheet.client_attendance(). Long histories are read faster, with bounds, by timesheet_client.attendance_rows().';
CALL timesheet.set_grants('TABLE timesheet_client.attendance', 'SELECT TO timesheet_client');
