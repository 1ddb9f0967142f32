-- A few at a time, each separately: an error in one contact's digest stops no other, and no call takes long.
CREATE OR REPLACE FUNCTION timesheet.queue_digests(week_of date DEFAULT NULL, most int DEFAULT 20, OUT queued int,
  OUT not_made int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  due record;
  reason text;
BEGIN
  queued := 0;
  not_made := 0;
  PERFORM timesheet.take_lock('digest_queue_lock');
  FOR due IN
    SELECT w.contact_id, w.week, w.email FROM timesheet.digest_weeks AS w
    WHERE week_of IS NULL AND w.waits_because IS NULL
    UNION ALL -- a week that is asked for, however old
    SELECT r.contact_id, r.week, c.email
    FROM timesheet.contacts AS c CROSS JOIN LATERAL (SELECT timesheet.contact_week(c.contact_id, week_of)) AS k (week)
    CROSS JOIN LATERAL timesheet.digest_readiness(k.week, k.week + 1, c.contact_id) AS r
    WHERE week_of IS NOT NULL AND c.removed_at IS NULL AND c.unsubscribed_at IS NULL AND c.missing_since IS NULL
      AND r.due_at <= now() AND r.incomplete_because IS NULL
      AND NOT EXISTS (SELECT FROM timesheet.digest_deliveries AS d
        WHERE d.contact_id = r.contact_id AND d.week = r.week)
    ORDER BY week, contact_id
  LOOP
    EXIT WHEN queued >= most;
    BEGIN
      PERFORM timesheet.snapshot_digest(due.contact_id, due.week);
      queued := queued + 1;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT;
      not_made := not_made + 1;
      RAISE WARNING 'the digest of % for the week of % could not be made: %', due.email, due.week, reason;
    END;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.queue_digests(date, int) IS
  'Queues digests that are due and were not queued before, or only those of the week that holds week_of, if it is '
  'complete; at most this many, oldest first. Returns how many were queued (if as many as asked for, more may be due) '
  'and how many could not be made: each of those is a warning, and stays overdue. Safe to repeat and to run '
  'concurrently.';
CALL timesheet.set_grants('FUNCTION timesheet.queue_digests(date, int)', 'EXECUTE TO timesheet_ingest');
