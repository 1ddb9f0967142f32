CREATE OR REPLACE FUNCTION timesheet.call_job(of_job text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  base_url text;
  parameters jsonb;
  call timesheet.poller_calls;
  failure text;
  remedy text;
BEGIN
  IF NOT EXISTS (SELECT FROM timesheet.poller_jobs() AS j WHERE j.job = of_job) THEN
    RAISE EXCEPTION '"%" is no job of the poller', of_job
      USING ERRCODE = 'invalid_parameter_value',
        HINT = (SELECT 'Use one of ' || string_agg(j.job, ', ') || '.' FROM timesheet.poller_jobs() AS j);
  END IF;
  IF of_job = 'backfill' THEN -- which may end: as timesheet.schedule_poller() does, jobs are locked first
    PERFORM timesheet.recorded_jobs();
  END IF;
  SELECT p.base_url INTO base_url FROM timesheet.poller AS p FOR UPDATE; -- one call after another
  IF base_url IS NULL THEN
    RAISE EXCEPTION 'no poller is scheduled'
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Run SELECT timesheet.schedule_poller(''https://…'').';
  END IF;

  BEGIN
    PERFORM timesheet.require_pg_net();
    PERFORM timesheet.collect_answers();
  EXCEPTION WHEN OTHERS THEN -- of this call, below: an error that ends the job would leave no alert
    GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT, remedy = PG_EXCEPTION_HINT;
  END;
  parameters := timesheet.due_parameters(of_job);
  IF parameters IS NULL AND of_job = 'backfill' THEN
    PERFORM timesheet.end_backfill();
    RETURN NULL;
  ELSIF parameters IS NULL THEN
    PERFORM timesheet.resolve_alert('poller_unreachable', of_job);
    RETURN NULL;
  ELSIF EXISTS (SELECT FROM timesheet.poller_calls AS c WHERE c.job = of_job AND c.answered_at IS NULL)
    OR timesheet.waits_after_unproven(of_job)
    OR of_job = 'sync' AND timesheet.refused_job_is_due() THEN
    RETURN NULL;
  END IF;

  INSERT INTO timesheet.poller_calls (job, url) VALUES (of_job, base_url || '/jobs/' || of_job) RETURNING * INTO call;
  IF failure IS NULL THEN
    BEGIN
      call.request_id := timesheet.post_job(call.url, parameters);
      UPDATE timesheet.poller_calls AS c SET request_id = call.request_id
      WHERE c.poller_call_id = call.poller_call_id;
      RETURN call.poller_call_id;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT, remedy = PG_EXCEPTION_HINT;
    END;
  END IF;
  PERFORM timesheet.record_outcome(call.poller_call_id, NULL, concat_ws('; ', failure, nullif(remedy, '')));
  RETURN call.poller_call_id;
END
$$;
COMMENT ON FUNCTION timesheet.call_job(text) IS
  'What the pg_cron jobs of timesheet.schedule_poller() run: records the answers that came, then calls this job of the '
  'poller if it is due and no call of it waits for its answer; a sync is left out where a nightly or a backfill waits '
  'for its turn. Returns the call''s id in timesheet.poller_calls, null where none was made. A '
  'call that fails raises the alert poller_unreachable, which the next one that works resolves.';
CALL timesheet.set_grants('FUNCTION timesheet.call_job(text)');
