-- What was rebuilt long ago may be out of order again, as that is what a replay is called for.
CREATE OR REPLACE FUNCTION timesheet.resume_replay(since date, until date, functions_now text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  unfinished timesheet.replays;
  why_not text;
BEGIN
  LOCK TABLE timesheet.replays IN SHARE ROW EXCLUSIVE MODE;
  SELECT r.* INTO unfinished FROM timesheet.replays AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  why_not := CASE
    WHEN unfinished.functions_sha256 IS DISTINCT FROM functions_now THEN 'the functions have changed since'
    WHEN (unfinished.since, unfinished.until) IS DISTINCT FROM (resume_replay.since, resume_replay.until)
    THEN 'now it is of ' || timesheet.bounds_text(resume_replay.since, resume_replay.until)
    WHEN unfinished.begun_at < clock_timestamp() - interval '1 day' THEN 'that is more than a day ago' END;
  IF why_not IS NULL THEN
    RAISE NOTICE 'the replay of % that began on % goes on: % of % agents are left',
      timesheet.bounds_text(unfinished.since, unfinished.until), timesheet.office_time_text(unfinished.begun_at),
      (SELECT count(*) FROM timesheet.replay_agents), unfinished.agents;
    RETURN unfinished.replay_id;
  END IF;
  RAISE NOTICE 'the replay of % that began on % is begun again: %',
    timesheet.bounds_text(unfinished.since, unfinished.until), timesheet.office_time_text(unfinished.begun_at), why_not;
  DELETE FROM timesheet.replays; -- waits for steps under way
  DELETE FROM timesheet.replay_agents;
  DELETE FROM timesheet.replay_entries;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.resume_replay(date, date, text) IS
  'The number of the unfinished replay, if it has the same bounds and began with the same functions, less than a day '
  'ago. Any other is given up, and null returned. A notice says which. Keeps other calls from beginning one meanwhile.';
CALL timesheet.set_grants('FUNCTION timesheet.resume_replay(date, date, text)');
