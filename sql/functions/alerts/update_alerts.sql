-- Every part separately: an error in one keeps no other alert from being raised. A new installation whose first read
-- has failed is not reported as stale before settings.stale_after has passed.
CREATE OR REPLACE FUNCTION timesheet.update_alerts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  part text;
  is_new boolean;
BEGIN
  PERFORM timesheet.require_every_row();
  PERFORM timesheet.take_lock('alerts_lock');
  SELECT f.fresh_through IS NULL AND s.stale_after >= now() - (
    SELECT min(m.applied_at) FROM timesheet.schema_migrations AS m) INTO is_new
  FROM timesheet.feed_health AS f CROSS JOIN timesheet.settings AS s;
  FOREACH part IN ARRAY ARRAY['watch_feed', 'update_run_alerts', 'update_digest_alerts', 'update_list_alerts',
    'update_way_alerts']
  LOOP
    CONTINUE WHEN is_new AND part = 'watch_feed';
    BEGIN
      EXECUTE format('SELECT timesheet.%I()', part);
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'timesheet.%() failed: %', part, SQLERRM;
    END;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.update_alerts() IS
  'Derives from what is stored which alerts there are to be, raises those that are new and resolves those whose cause '
  'is over: stale_feed, failing_runs, digest_overdue, digest_failed, digest_in_doubt, entries_rejected, '
  'contact_problems and notification_failed; others are raised where their cause is noticed. Where nothing changed, '
  'nothing is written. Safe to repeat and to run concurrently. Errors of a part are warnings.';
CALL timesheet.set_grants('FUNCTION timesheet.update_alerts()', 'EXECUTE TO timesheet_ingest');
