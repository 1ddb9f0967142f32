-- A pass without any way, such as one by hand whose environment has nothing of alerts, says nothing about the ways of
-- others: they are gone where no pass had one for a day. A time that lies ahead was written by a clock that was wrong.
CREATE OR REPLACE FUNCTION timesheet.configure_ways(ways text[], page_url text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_column
BEGIN
  UPDATE timesheet.notification_ways AS w SET is_configured = false
  WHERE w.is_configured AND w.way <> ALL (ways) AND (ways <> '{}' OR NOT EXISTS (
    SELECT FROM timesheet.notification_ways AS o
    WHERE o.is_configured AND o.last_seen_at BETWEEN now() - interval '24 hours' AND now() + interval '1 hour'));
  UPDATE timesheet.notification_ways AS w SET last_seen_at = now(), page_url = configure_ways.page_url
  WHERE w.way = ANY (ways) AND w.is_configured
    AND (w.last_seen_at NOT BETWEEN now() - interval '1 hour' AND now() + interval '1 minute'
      OR w.page_url IS DISTINCT FROM configure_ways.page_url);
  INSERT INTO timesheet.notification_ways AS w (way, page_url)
  SELECT DISTINCT u.way, configure_ways.page_url FROM unnest(ways) AS u (way)
  WHERE NOT EXISTS (SELECT FROM timesheet.notification_ways AS k WHERE k.way = u.way AND k.is_configured)
  ORDER BY u.way
  ON CONFLICT (way) DO UPDATE SET is_configured = true, configured_since = now(), last_seen_at = now(),
    page_url = excluded.page_url, failing_since = NULL, failures = 0, last_error = NULL, is_refused = false
  WHERE NOT w.is_configured;
END
$$;
COMMENT ON FUNCTION timesheet.configure_ways(text[], text) IS
  'Records which ways a pass has, and the dashboard that messages link to. One that is new, or comes back, begins '
  'without failures; one that it does not have is gone. A pass without any changes nothing for 24 hours.';
CALL timesheet.set_grants('FUNCTION timesheet.configure_ways(text[], text)');
