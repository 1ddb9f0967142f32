-- A sync and a nightly pass read what changed lately, so that they do not go on the next day. History does. The window
-- of a nightly pass moves with the date, so it, and its audit, may have begun a day earlier.
CREATE OR REPLACE FUNCTION timesheet.resume_pass(of_command text, from_day date, through_day date, OUT since date,
  OUT next_day date, OUT slice_days int, OUT idle_calls int, OUT lists_read boolean,
  OUT unproven text, OUT began_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  DELETE FROM timesheet.unfinished_passes AS p
  WHERE p.command <> 'backfill' AND p.began_at < clock_timestamp() - interval '20 hours';
  SELECT p.since, p.next_day, p.slice_days, p.idle_calls, p.lists_read, p.unproven, p.began_at
  INTO resume_pass.since, resume_pass.next_day, resume_pass.slice_days, resume_pass.idle_calls, resume_pass.lists_read,
    resume_pass.unproven, resume_pass.began_at
  FROM timesheet.unfinished_passes AS p
  WHERE p.command = of_command AND p.next_day <= through_day + 1
    AND (p.since = from_day OR of_command = 'nightly' AND p.since < from_day AND p.next_day >= from_day
      OR of_command = 'nightly audit' AND p.since < from_day)
  ORDER BY p.since LIMIT 1;
  IF NOT FOUND THEN
    since := from_day;
    next_day := from_day;
    idle_calls := 0;
    lists_read := false;
    began_at := clock_timestamp();
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.resume_pass(text, date, date) IS
  'Where a pass over [from_day, through_day], both included, goes on: as timesheet.unfinished_passes has it, or at its '
  'first day, with slice_days null, if none of the same command and window was cut. next_day after through_day: all '
  'days were read.';
CALL timesheet.set_grants('FUNCTION timesheet.resume_pass(text, date, date)', 'EXECUTE TO timesheet_ingest');
