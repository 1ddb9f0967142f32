CREATE OR REPLACE FUNCTION timesheet.record_outcome(of_call bigint, of_status int, of_failure text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  call timesheet.poller_calls;
  refused_since timestamptz;
BEGIN
  UPDATE timesheet.poller_calls AS c SET answered_at = now(), status = of_status, failure = of_failure
  WHERE c.poller_call_id = of_call RETURNING c.* INTO call;
  IF of_failure IS NULL AND of_status = 409 THEN -- another pass is at work, which does not say that this one would do
    refused_since := timesheet.refused_since(call);
    IF refused_since <= call.called_at - interval '2 hours' THEN
      PERFORM timesheet.raise_alert('poller_unreachable', call.job,
        format('%s could not begin since %s, as another pass was at work at each call (409): timesheet.ingest_runs and '
          'the log of the deployment say which one; let it end, or end it', call.job,
          timesheet.office_time_text(refused_since)));
    END IF;
  ELSIF of_failure IS NULL THEN
    PERFORM timesheet.resolve_alert('poller_unreachable', call.job);
  ELSE
    PERFORM timesheet.raise_alert('poller_unreachable', call.job,
      format('the call of %s on %s failed: %s', call.job, timesheet.office_time_text(call.called_at), of_failure));
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.record_outcome(bigint, int, text) IS
  'Records how a call of the poller ended, and raises the alert poller_unreachable about its job, or resolves it where '
  'it worked. One that was refused, as another pass was at work (409), changes nothing, until a job was refused so for '
  '2 hours, which raises the alert.';
CALL timesheet.set_grants('FUNCTION timesheet.record_outcome(bigint, int, text)');
