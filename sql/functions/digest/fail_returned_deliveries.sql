CREATE OR REPLACE FUNCTION timesheet.fail_returned_deliveries(deliveries bigint[], remedy text, OUT failed int,
  OUT in_doubt int)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH resolved AS (
    UPDATE timesheet.outgoing_emails AS d
    -- If an earlier attempt may have been accepted, this is not a failure but in doubt.
    SET state = CASE WHEN d.is_indeterminate AND NOT timesheet.is_notification(d.delivery_id) THEN 'in_doubt'
        ELSE 'failed' END, attempts = d.attempts + 1,
      first_attempt_at = coalesce(d.first_attempt_at, d.last_attempt_at),
      error = concat_ws('; ', d.error, CASE WHEN d.tableoid = 'timesheet.digest_deliveries'::regclass THEN remedy
        WHEN NOT timesheet.is_notification(d.delivery_id) THEN 'correct that and ask for it again' END)
    WHERE d.delivery_id = ANY (deliveries) AND d.state = 'queued'
    RETURNING d.state, d.delivery_id, d.error
  ), recorded AS (
    SELECT r.state, timesheet.record_email_way(r.delivery_id, false, true, r.error) FROM resolved AS r
  )
  SELECT count(*) FILTER (WHERE r.state = 'failed')::int, count(*) FILTER (WHERE r.state = 'in_doubt')::int
  FROM recorded AS r
$$;
COMMENT ON FUNCTION timesheet.fail_returned_deliveries(bigint[], text) IS
  'For the holder of the digest lock: deliveries that were refused and returned to the queue in this pass, when '
  'another e-mail was accepted, so that the refusals were about these alone. The attempt counts. remedy: what to do '
  'about a digest. Returns how many failed and how many are in doubt.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.fail_returned_deliveries(bigint[], text)', 'EXECUTE TO timesheet_ingest');
