-- A time that lies ahead was written by a clock that was wrong. A lock that is held for longer than an hour may be that
-- of a machine that is gone, which the server has not noticed yet, or of a pass that hangs.
CREATE OR REPLACE FUNCTION timesheet.last_pass_at() RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT greatest(
    (SELECT max(greatest(r.started_at, r.finished_at)) FROM (
      SELECT l.started_at, l.finished_at FROM timesheet.ingest_runs AS l
      WHERE l.started_at < now() + interval '1 hour' ORDER BY l.started_at DESC LIMIT 20) AS r),
    (SELECT max(p.last_at) FROM timesheet.pass_failures AS p WHERE p.last_at < now() + interval '1 hour'),
    (SELECT clock_timestamp() FROM timesheet.lock_holder('ingest_lock') AS l
     LEFT JOIN pg_stat_activity AS a ON a.pid = l.backend_pid
     LEFT JOIN timesheet.lock_holders AS h ON h.lock_name = 'ingest_lock' AND h.backend_pid = l.backend_pid
       AND h.role_name = a.usename
     WHERE coalesce(h.held_since, a.xact_start) > clock_timestamp() - interval '1 hour'))
$$;
COMMENT ON FUNCTION timesheet.last_pass_at() IS
  'When a pass of timesheetd last began or ended, whether it worked or not; now where one is at work, which began less '
  'than an hour ago. Null: never.';
CALL timesheet.set_grants('FUNCTION timesheet.last_pass_at()');
