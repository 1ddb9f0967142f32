-- As its owner, since who is refused for another role's jobs must be able to learn of them.
CREATE OR REPLACE FUNCTION timesheet.recorded_jobs()
RETURNS TABLE (role_name text, name text, job_id bigint, scheduled_at timestamptz, scheduled_at_text text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  LOCK TABLE timesheet.scheduled_jobs IN SHARE ROW EXCLUSIVE MODE; -- who schedules at the same time waits
  RETURN QUERY
    SELECT s.role_name, s.name, s.job_id, s.scheduled_at, timesheet.office_time_text(s.scheduled_at)
    FROM timesheet.scheduled_jobs AS s
    JOIN pg_roles AS r ON r.rolname = s.role_name AND r.oid = s.role_oid
    JOIN pg_control_system() AS c ON c.system_identifier = s.system_identifier
    WHERE s.job_table = timesheet.job_table();
END
$$;
COMMENT ON FUNCTION timesheet.recorded_jobs() IS
  'The rows of timesheet.scheduled_jobs that are of this server and of roles that still exist; locks the table until '
  'the transaction ends.';
CALL timesheet.set_grants('FUNCTION timesheet.recorded_jobs()');
