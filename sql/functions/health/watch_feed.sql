CREATE OR REPLACE FUNCTION timesheet.watch_feed() RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  feed record;
BEGIN
  SELECT f.is_stale, f.fresh_through, f.failed_since_success, f.last_error, f.poller_error INTO feed
  FROM timesheet.feed_health AS f;
  IF feed.is_stale THEN
    PERFORM timesheet.raise_alert('stale_feed', '', CASE
      WHEN feed.fresh_through IS NULL THEN 'no read of Jibble has reached the present yet: '
        || coalesce(feed.last_error, feed.poller_error, timesheet.cut_since_success(),
          'none has failed either, so timesheetd does not seem to run')
      ELSE 'last read: ' || timesheet.office_time_text(feed.fresh_through)
        || coalesce('; since then: ' || CASE WHEN feed.failed_since_success > 0 THEN feed.last_error
          ELSE coalesce(feed.poller_error, timesheet.cut_since_success()) END,
          '; nothing was tried since then') END);
    BEGIN
      PERFORM timesheet.post_stale_feed();
    EXCEPTION WHEN OTHERS THEN -- of pg_net or the Vault: the alert is raised all the same
      RAISE WARNING 'that the feed is stale could not be posted: %', SQLERRM;
    END;
  ELSE
    PERFORM timesheet.resolve_alert('stale_feed', '');
  END IF;
  RETURN feed.is_stale;
END
$$;
COMMENT ON FUNCTION timesheet.watch_feed() IS
  'Raises an alert when the feed is stale, and resolves it when it is fresh again; posts it by timesheet.'
  'post_stale_feed() where no pass of timesheetd does. Returns whether it is stale. Safe to repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.watch_feed()');
