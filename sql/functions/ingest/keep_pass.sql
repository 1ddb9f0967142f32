CREATE OR REPLACE FUNCTION timesheet.keep_pass(of_command text, from_day date, next_day date, slice_days int,
  idle_calls int, lists_read boolean, unproven text, began_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  INSERT INTO timesheet.unfinished_passes AS p (command, since, next_day, slice_days, idle_calls, lists_read,
    unproven, ingest_run_id, began_at)
  SELECT of_command, from_day, keep_pass.next_day, keep_pass.slice_days, keep_pass.idle_calls, keep_pass.lists_read,
    keep_pass.unproven, coalesce((SELECT k.ingest_run_id FROM timesheet.unfinished_passes AS k
      WHERE k.command = of_command AND k.since = from_day),
      nextval(pg_get_serial_sequence('timesheet.ingest_runs', 'ingest_run_id'))), keep_pass.began_at
  ON CONFLICT (command, since) DO UPDATE SET next_day = excluded.next_day, slice_days = excluded.slice_days,
    idle_calls = excluded.idle_calls, lists_read = excluded.lists_read, unproven = excluded.unproven,
    began_at = excluded.began_at, updated_at = clock_timestamp()
$$;
COMMENT ON FUNCTION timesheet.keep_pass(text, date, date, int, int, boolean, text, timestamptz) IS
  'Keeps where the pass of this command that began with from_day goes on; see timesheet.unfinished_passes.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.keep_pass(text, date, date, int, int, boolean, text, timestamptz)',
  'EXECUTE TO timesheet_ingest');
