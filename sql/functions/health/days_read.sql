CREATE OR REPLACE FUNCTION timesheet.days_read(since date, until date) RETURNS TABLE (day date, read_at timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH windows AS MATERIALIZED ( -- few: a day's polls all read the same
    SELECT r.since AS first, r.until AS last, max(r.started_at) AS read_at FROM timesheet.ingest_runs AS r
    WHERE r.status = 'succeeded' AND r.command IN ('sync', 'nightly', 'backfill') AND r.until >= days_read.since
      AND r.since < days_read.until
    GROUP BY r.since, r.until
  )
  SELECT d.day, (SELECT max(w.read_at) FROM windows AS w WHERE d.day BETWEEN w.first AND w.last)
  FROM (SELECT days_read.since + n AS day FROM generate_series(0, days_read.until - days_read.since - 1) AS n) AS d
$$;
COMMENT ON FUNCTION timesheet.days_read(date, date) IS
  'For each workday in [since, until) when the last read of it that succeeded began; null: never, or longer ago than '
  'the run log reaches.';
CALL timesheet.set_grants('FUNCTION timesheet.days_read(date, date)');
