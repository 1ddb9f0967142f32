-- A row that is locked bears the number of the transaction that did it, or of a list of them, and pg_locks knows the
-- session of a number. But a part of a transaction that can be rolled back has a number of its own, which pg_locks
-- forgets when the part ends. Then it is a session that locked rows of the table: one that is in the list for its
-- foreign keys, else one that does not wait itself.
CREATE OR REPLACE FUNCTION timesheet.row_lock_holder(of_table text, locked_by xid, OUT holder text, OUT backend_pid int)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  lockers xid[] := ARRAY[locked_by];
  keepers xid[] := '{}';
BEGIN
  PERFORM pg_stat_clear_snapshot(); -- else it is as it was when this transaction first looked
  BEGIN
    SELECT lockers || array_agg(m.xid) FILTER (WHERE m.mode <> 'keysh'),
      array_agg(m.xid) FILTER (WHERE m.mode = 'keysh')
    INTO lockers, keepers FROM pg_get_multixact_members(locked_by) AS m;
  EXCEPTION WHEN OTHERS THEN NULL; -- it is no list
  END;
  WITH held AS MATERIALIZED (
    SELECT l.* FROM pg_locks AS l WHERE l.pid <> pg_backend_pid()
  ), candidates AS (
    SELECT h.pid, CASE WHEN h.transactionid = ANY (lockers) THEN 1 WHEN h.transactionid = ANY (keepers) THEN 2
      WHEN EXISTS (SELECT FROM held AS w WHERE w.pid = h.pid AND NOT w.granted) THEN 4 ELSE 3 END AS place
    FROM held AS h
    WHERE h.locktype = 'transactionid' AND h.mode = 'ExclusiveLock' AND h.granted
      AND (h.transactionid = ANY (lockers) OR EXISTS (SELECT FROM held AS r
        WHERE r.pid = h.pid AND r.relation = to_regclass(format('timesheet.%I', of_table)) AND r.granted
          AND r.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
          AND r.mode IN ('RowShareLock', 'RowExclusiveLock')))
  ), likely AS (
    SELECT DISTINCT c.pid FROM candidates AS c WHERE c.place = (SELECT min(k.place) FROM candidates AS k)
  )
  SELECT string_agg(timesheet.session_text(a.usename, a.xact_start, a.application_name, c.pid), ' or ' ORDER BY c.pid),
    CASE WHEN count(*) = 1 THEN min(c.pid) END
  INTO holder, backend_pid
  FROM likely AS c LEFT JOIN pg_stat_activity AS a ON a.pid = c.pid;
END
$$;
COMMENT ON FUNCTION timesheet.row_lock_holder(text, xid) IS
  'Who holds a lock on a row of agents or client_groups, which is given by its xmax, in words, and by which process of '
  'the server; nulls if no other session does. Several are named where it can be one of them.';
CALL timesheet.set_grants('FUNCTION timesheet.row_lock_holder(text, xid)');
