CREATE OR REPLACE FUNCTION timesheet.postpone_deliveries(wait interval, reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  postponed int;
BEGIN
  UPDATE timesheet.outgoing_emails AS d SET next_attempt_at = clock_timestamp() + p.wait, error = reason
  FROM (SELECT o.delivery_id, CASE WHEN timesheet.is_notification(o.delivery_id) THEN least(wait, '01:00') ELSE wait
      END AS wait
    FROM timesheet.outgoing_emails AS o WHERE o.state = 'queued') AS p
  WHERE p.delivery_id = d.delivery_id AND d.state = 'queued' AND d.next_attempt_at < clock_timestamp() + p.wait;
  GET DIAGNOSTICS postponed = ROW_COUNT;
  RETURN postponed;
END
$$;
COMMENT ON FUNCTION timesheet.postpone_deliveries(interval, text) IS
  'Postpones all queued deliveries, for example when the provider''s quota is exceeded; alerts '
  'and briefings by an hour at most. Returns how many.';
CALL timesheet.set_grants('FUNCTION timesheet.postpone_deliveries(interval, text)', 'EXECUTE TO timesheet_ingest');
