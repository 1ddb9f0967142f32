CREATE OR REPLACE FUNCTION timesheet.lock_holder(lock_name text, OUT holder text, OUT backend_pid int)
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT pg_stat_clear_snapshot(); -- else it is as it was when this transaction first looked
  SELECT timesheet.session_text(a.usename, coalesce(h.held_since, a.xact_start),
    coalesce(h.application_name || ' on host ' || h.host || ', process ' || h.process, a.application_name), l.pid),
    l.pid
  FROM pg_locks AS l
  LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
  LEFT JOIN timesheet.lock_holders AS h ON h.lock_name = lock_holder.lock_name AND h.backend_pid = l.pid
    AND h.role_name = a.usename
  WHERE l.locktype = 'relation'
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND l.relation = to_regclass(format('timesheet.%I', lock_holder.lock_name)) AND l.granted
    AND l.mode <> 'AccessShareLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
  ORDER BY l.pid LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.lock_holder(text) IS
  'Who holds a lock of ours, in words, and by which process of the server; nulls if no other session does. Since when, '
  'in settings.default_time_zone, is known of a whole pass, and of roles whose activity the owner may see.';
CALL timesheet.set_grants('FUNCTION timesheet.lock_holder(text)');
