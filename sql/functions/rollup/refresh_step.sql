-- Who finds another at work leaves it to that one: what is marked by now it stores as well, unless it is ended; then
-- the next job does.
CREATE OR REPLACE FUNCTION timesheet.refresh_step(after_mark bigint, at_most int, OUT last_mark bigint,
  OUT next_at_most int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  marks bigint[];
  begun timestamptz;
BEGIN
  PERFORM timesheet.reassign_changed_zones(); -- before the lock: it takes the writers'
  IF NOT timesheet.take_refresh_lock_at_once() THEN
    RETURN;
  END IF;
  begun := clock_timestamp();
  PERFORM timesheet.mark_restored_days();
  SELECT array_agg(s.stale_day_id ORDER BY s.stale_day_id) INTO marks
  FROM (SELECT k.stale_day_id FROM timesheet.stale_days AS k WHERE k.stale_day_id > after_mark
        ORDER BY k.stale_day_id LIMIT greatest(at_most, 1)) AS s;
  IF marks IS NULL THEN
    RETURN;
  END IF;
  PERFORM timesheet.refresh_marks(marks);
  last_mark := marks[cardinality(marks)];
  -- What would fit into 0.4 seconds, but at most three times as many.
  next_at_most := greatest(5, least(3 * greatest(at_most, 1), 20000,
    cardinality(marks) * 0.4 / extract(epoch FROM clock_timestamp() - begun)));
END
$$;
COMMENT ON FUNCTION timesheet.refresh_step(bigint, int) IS
  'A part of timesheet.refresh(): at most this many marks of stale_days, the first after this one (0 to begin), in a '
  'transaction of its own. Returns the last of them, and how many the next step should ask for; nulls, and nothing is '
  'done, if there is none or another refresh is at work.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_step(bigint, int)', 'EXECUTE TO timesheet_ingest');
