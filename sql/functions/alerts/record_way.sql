CREATE OR REPLACE FUNCTION timesheet.record_way(of_way text, has_worked boolean, was_refused boolean, why text)
RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  UPDATE timesheet.notification_ways AS w SET
    last_sent_at = CASE WHEN has_worked THEN clock_timestamp() ELSE w.last_sent_at END,
    failing_since = CASE WHEN NOT has_worked THEN coalesce(w.failing_since, clock_timestamp()) END,
    failures = CASE WHEN has_worked THEN 0 ELSE w.failures + 1 END,
    last_error = CASE WHEN NOT has_worked THEN why END,
    is_refused = NOT has_worked AND (w.is_refused OR was_refused)
  WHERE w.way = of_way
$$;
COMMENT ON FUNCTION timesheet.record_way(text, boolean, boolean, text) IS
  'Records how an attempt by a way ended: it worked, or failed and why, refused for good or not. For what is no way, '
  'such as the address of a supervisor, nothing.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.record_way(text, boolean, boolean, text)', 'EXECUTE TO timesheet_ingest');
