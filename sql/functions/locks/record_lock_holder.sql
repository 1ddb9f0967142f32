CREATE OR REPLACE FUNCTION timesheet.record_lock_holder(of_lock text, of_backend int, on_host text, by_process int)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  INSERT INTO timesheet.lock_holders AS h (lock_name, role_name, held_since, application_name, host, process,
    backend_pid)
  SELECT of_lock, a.usename, clock_timestamp(), current_setting('application_name'),
    left(timesheet.clean_text(on_host), 255), by_process, of_backend
  FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
  WHERE l.locktype = 'relation'
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND l.relation = to_regclass(format('timesheet.%I', of_lock)) AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
    AND l.pid = of_backend
  ON CONFLICT (lock_name) DO UPDATE SET role_name = excluded.role_name, held_since = excluded.held_since,
    application_name = excluded.application_name, host = excluded.host, process = excluded.process,
    backend_pid = excluded.backend_pid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'server process % does not hold the %', coalesce(of_backend::text, 'null'),
      coalesce(replace(of_lock, '_', ' '), 'lock null')
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Take it first, by a connection that leads to the server itself or through a pooler in session mode.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.record_lock_holder(text, int, text, int) IS
  'Records who holds the lock of a pass, to be named to sessions that wait for it. Errors: '
  'object_not_in_prerequisite_state if that server process does not hold it.';
CALL timesheet.set_grants('FUNCTION timesheet.record_lock_holder(text, int, text, int)', 'EXECUTE TO timesheet_ingest');
