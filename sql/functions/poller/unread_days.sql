-- A day is tried three times: a backfill would not end because of one deletion that cannot be proven.
CREATE OR REPLACE FUNCTION timesheet.unread_days(since date, OUT first_day date, OUT last_day date)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH tries AS MATERIALIZED (
    SELECT r.since AS first, r.until AS last FROM timesheet.ingest_runs AS r
    WHERE r.command = 'backfill' AND r.is_unproven
      AND r.started_at >= (SELECT p.scheduled_at FROM timesheet.poller AS p)
  )
  SELECT min(r.day), max(r.day)
  FROM timesheet.days_read(unread_days.since, (now() AT TIME ZONE 'UTC')::date + 1) AS r
  WHERE r.read_at IS NULL AND (SELECT count(*) FROM tries AS t WHERE r.day BETWEEN t.first AND t.last) < 3
$$;
COMMENT ON FUNCTION timesheet.unread_days(date) IS
  'The first and the last day from since to today that no read covered yet; null where each day was read. A day counts '
  'as read too where the backfill has read it three times since schedule_poller() was called, and could not prove what '
  'was deleted: the alert of the backfill has those in the end.';
CALL timesheet.set_grants('FUNCTION timesheet.unread_days(date)');
