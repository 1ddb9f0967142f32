CREATE OR REPLACE FUNCTION timesheet.record_outcome(of_call bigint, of_status int, of_failure text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  call timesheet.poller_calls;
BEGIN
  UPDATE timesheet.poller_calls AS c SET answered_at = now(), status = of_status, failure = of_failure
  WHERE c.poller_call_id = of_call RETURNING c.* INTO call;
  IF of_failure IS NULL THEN
    IF of_status IS DISTINCT FROM 409 THEN -- which says that another pass is at work, not that this one would do
      PERFORM timesheet.resolve_alert('poller_unreachable', call.job);
    END IF;
  ELSE
    PERFORM timesheet.raise_alert('poller_unreachable', call.job,
      format('the call of %s on %s failed: %s', call.job, timesheet.office_time_text(call.called_at), of_failure));
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.record_outcome(bigint, int, text) IS
  'Records how a call of the poller ended, and raises the alert poller_unreachable about its job, or resolves it where '
  'the failure is null.';
CALL timesheet.set_grants('FUNCTION timesheet.record_outcome(bigint, int, text)');
