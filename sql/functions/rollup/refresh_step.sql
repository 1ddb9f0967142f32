CREATE OR REPLACE FUNCTION timesheet.refresh_step(after_mark bigint, at_most int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  marks bigint[];
BEGIN
  PERFORM timesheet.reassign_changed_zones(); -- before the lock: it takes the writers'
  PERFORM timesheet.lock_refresh();
  PERFORM timesheet.mark_restored_days();
  SELECT array_agg(s.stale_day_id ORDER BY s.stale_day_id) INTO marks
  FROM (SELECT k.stale_day_id FROM timesheet.stale_days AS k WHERE k.stale_day_id > after_mark
        ORDER BY k.stale_day_id LIMIT greatest(at_most, 1)) AS s;
  IF marks IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM timesheet.refresh_marks(marks);
  RETURN marks[cardinality(marks)];
END
$$;
COMMENT ON FUNCTION timesheet.refresh_step(bigint, int) IS
  'A part of timesheet.refresh(): at most this many marks of stale_days, the first after this one (0 to begin), in a '
  'transaction of its own. Returns the last of them; null if there was none.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_step(bigint, int)', 'EXECUTE TO timesheet_ingest');
