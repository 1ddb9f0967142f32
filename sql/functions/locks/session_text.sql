CREATE OR REPLACE FUNCTION timesheet.session_text(role_name text, since timestamptz, program text, backend_pid int)
RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT format('role %I%s (%s)', coalesce(role_name, 'unknown'), ' since ' || timesheet.office_time_text(since),
    concat_ws(', ', nullif(program, ''), 'server process ' || backend_pid))
$$;
COMMENT ON FUNCTION timesheet.session_text(text, timestamptz, text, int) IS
  'A session that holds a lock, in words; since when, if that is known, in settings.default_time_zone.';
CALL timesheet.set_grants('FUNCTION timesheet.session_text(text, timestamptz, text, int)');
