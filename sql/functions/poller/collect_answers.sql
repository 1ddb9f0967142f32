-- pg_net sends what waits in one batch after another, and records a batch when all of it was answered: so an answer
-- comes within the time of the batch before it and of its own.
CREATE OR REPLACE FUNCTION timesheet.collect_answers() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  answer record;
  collected bigint := 0;
  secret text;
BEGIN
  BEGIN -- which a server at this address knows, and may repeat
    secret := timesheet.poller_secret();
  EXCEPTION WHEN OTHERS THEN
    NULL;
  END;
  FOR answer IN EXECUTE
    'SELECT c.poller_call_id, c.job, c.url, r.id IS NULL AS is_missing, r.status_code, r.timed_out, r.error_msg,
       r.content
     FROM timesheet.poller_calls AS c
     -- After a crash pg_net counts from 1 again: an older answer is not meant.
     LEFT JOIN net._http_response AS r ON r.id = c.request_id AND r.created > c.called_at - interval ''1 minute''
     WHERE c.answered_at IS NULL AND (r.id IS NOT NULL OR c.called_at < now() - interval ''11 minutes'')
     ORDER BY c.poller_call_id'
  LOOP
    collected := collected + 1;
    PERFORM timesheet.record_outcome(answer.poller_call_id, answer.status_code, CASE
      WHEN answer.is_missing THEN 'pg_net recorded no answer of ' || answer.url || ': if this goes on, run SELECT '
        'net.worker_restart()'
      ELSE timesheet.answer_failure(answer.job, answer.url, answer.status_code, answer.timed_out, answer.error_msg,
        coalesce(replace(answer.content, secret, '…'), answer.content)) END);
  END LOOP;
  DELETE FROM timesheet.poller_calls AS c WHERE c.called_at < now() - interval '336 hours';
  RETURN collected;
END
$$;
COMMENT ON FUNCTION timesheet.collect_answers() IS
  'Records the answers of the poller''s calls that pg_net has, and gives up calls without an answer for 11 minutes; '
  'deletes calls older than 14 days. Returns how many calls ended. Needs pg_net.';
CALL timesheet.set_grants('FUNCTION timesheet.collect_answers()');
