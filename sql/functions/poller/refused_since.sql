-- No call of longer ago than six hours is of the same row of refusals: every job is called hourly at least while it is
-- due.
CREATE OR REPLACE FUNCTION timesheet.refused_since(of_call timesheet.poller_calls) RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT min(c.called_at) FROM timesheet.poller_calls AS c
  WHERE c.job = of_call.job AND c.status = 409 AND c.failure IS NULL
    AND c.called_at > of_call.called_at - interval '6 hours'
    AND c.poller_call_id > coalesce((
      SELECT max(o.poller_call_id) FROM timesheet.poller_calls AS o
      WHERE o.job = of_call.job AND o.answered_at IS NOT NULL
        AND (o.status IS DISTINCT FROM 409 OR o.failure IS NOT NULL)), 0)
$$;
COMMENT ON FUNCTION timesheet.refused_since(timesheet.poller_calls) IS
  'Of a call of the poller that was refused as another pass was at work (409): when the first one was made of those '
  'that were refused one after another until this one, at most 6 hours earlier.';
CALL timesheet.set_grants('FUNCTION timesheet.refused_since(timesheet.poller_calls)');
