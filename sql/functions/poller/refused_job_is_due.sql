-- A sync that always takes longer than the minute to the next job would keep the others from ever being read. They come
-- again within ten minutes; one that does not, as its job is paused, holds up no sync for longer than fifteen.
CREATE OR REPLACE FUNCTION timesheet.refused_job_is_due() RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT EXISTS (
    SELECT FROM unnest('{nightly,backfill}'::text[]) AS j (job)
    CROSS JOIN LATERAL (
      SELECT c.status, c.failure, c.called_at FROM timesheet.poller_calls AS c
      WHERE c.job = j.job ORDER BY c.poller_call_id DESC LIMIT 1) AS last_call
    WHERE last_call.status = 409 AND last_call.failure IS NULL
      AND last_call.called_at > now() - interval '15 minutes'
      AND timesheet.due_parameters(j.job) IS NOT NULL AND NOT timesheet.waits_after_unproven(j.job))
$$;
COMMENT ON FUNCTION timesheet.refused_job_is_due() IS
  'Whether the last call of the nightly or of the backfill was refused within 15 minutes, as another pass was at work '
  '(409), and it is still due: then the next sync is left out, so that it gets its turn.';
CALL timesheet.set_grants('FUNCTION timesheet.refused_job_is_due()');
