-- Nothing of this is waited for, and what is locked is free again at once: it is asked only whether another transaction
-- writes corrections.
CREATE OR REPLACE FUNCTION timesheet.name_corrections() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  holders text;
BEGIN
  BEGIN
    LOCK TABLE timesheet.working_time_overrides, timesheet.client_group_assignments IN SHARE MODE NOWAIT;
    RAISE EXCEPTION USING ERRCODE = 'TS001', MESSAGE = 'undone';
  EXCEPTION
    WHEN SQLSTATE 'TS001' THEN RETURN;
    WHEN lock_not_available THEN NULL;
  END;
  PERFORM pg_stat_clear_snapshot();
  SELECT string_agg(DISTINCT timesheet.session_text(a.usename, a.xact_start, a.application_name, l.pid), ' and ')
  INTO holders
  FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
  WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'RowExclusiveLock' AND l.pid <> pg_backend_pid()
    AND l.relation IN ('timesheet.working_time_overrides'::regclass, 'timesheet.client_group_assignments'::regclass)
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database());
  IF holders IS NOT NULL THEN
    RAISE NOTICE 'corrections are being made by %; a change of their agents'' entries waits for that', holders;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.name_corrections() IS
  'Names, in a notice, who makes corrections at this moment: a change of a row that one has changed waits for it '
  'within the server, which says nothing.';
CALL timesheet.set_grants('FUNCTION timesheet.name_corrections()');
