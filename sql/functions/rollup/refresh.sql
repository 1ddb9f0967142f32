CREATE OR REPLACE FUNCTION timesheet.refresh() RETURNS bigint
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
  -- The marks first; what is computed after sees at least what they were set for.
  SELECT array_agg(s.stale_day_id) INTO marks FROM timesheet.stale_days AS s;
  IF marks IS NULL THEN
    RETURN 0;
  END IF;
  RETURN timesheet.refresh_marks(marks);
END
$$;
COMMENT ON FUNCTION timesheet.refresh() IS
  'Stores what is marked in stale_days, so that reports need not compute it; days with a running session stay marked. '
  'Reports are exact without it. Returns how many agents'' days were computed.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh()', 'EXECUTE TO timesheet_ingest');
