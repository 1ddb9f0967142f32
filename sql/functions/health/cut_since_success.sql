CREATE OR REPLACE FUNCTION timesheet.cut_since_success() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT format('%s ended at its time limit on %s, before it had read all days, and goes on at its next call',
    r.command, timesheet.office_time_text(r.finished_at))
  FROM timesheet.ingest_runs AS r
  WHERE r.status = 'cut' AND r.finished_at > coalesce((SELECT f.last_success_at FROM timesheet.feed_health AS f),
    '-infinity')
  ORDER BY r.ingest_run_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.cut_since_success() IS
  'Which pass was the last one that its time limit has ended before it had read all days (the status cut of the run '
  'log), since the last read that reached the present; null: none.';
CALL timesheet.set_grants('FUNCTION timesheet.cut_since_success()', 'EXECUTE TO timesheet_ingest');
