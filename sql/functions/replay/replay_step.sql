-- The lock of the replay's row before those of its agents: giving the replay up takes them in this order too.
CREATE OR REPLACE FUNCTION timesheet.replay_step(of_replay bigint, at_most bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  replay timesheet.replays;
  joined int;
  picked int[] := '{}';
  of_agents int[];
  size bigint;
  more_time_entries uuid[];
  more_hour_entries uuid[];
  entries bigint := 0;
  begun timestamptz;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.require_read_committed();
  SELECT r.* INTO replay FROM timesheet.replays AS r WHERE r.replay_id = of_replay FOR SHARE;
  IF NOT FOUND THEN
    PERFORM timesheet.require_no_other_replay();
    RETURN NULL;
  ELSIF replay.functions_sha256 IS DISTINCT FROM (SELECT f.sha256 FROM timesheet.applied_functions AS f) THEN
    RAISE EXCEPTION 'the functions have changed since the replay began'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Call it again: it begins again.';
  END IF;
  LOOP
    -- An agent's history takes as long as some of its entries.
    SELECT a.with_agent, (SELECT sum(j.entries + 50) FROM timesheet.replay_agents AS j
        WHERE j.replay_id = of_replay AND j.with_agent = a.with_agent) INTO joined, size
    FROM timesheet.replay_agents AS a
    WHERE a.replay_id = of_replay AND a.agent_id = a.with_agent AND a.agent_id <> ALL (picked)
    ORDER BY a.agent_id LIMIT 1 FOR UPDATE OF a SKIP LOCKED;
    EXIT WHEN NOT FOUND OR cardinality(picked) > 0 AND entries + size > at_most;
    picked := picked || joined;
    entries := entries + size;
    EXIT WHEN entries >= at_most;
  END LOOP;
  IF picked = '{}' THEN
    RETURN NULL;
  END IF;

  PERFORM timesheet.lock_writers();
  of_agents := ARRAY(SELECT a.agent_id FROM timesheet.replay_agents AS a
    WHERE a.replay_id = of_replay AND a.with_agent = ANY (picked));
  PERFORM timesheet.lock_agents(of_agents);
  begun := clock_timestamp();
  SELECT t.* INTO more_time_entries, more_hour_entries FROM timesheet.take_replay_entries(of_replay, of_agents) AS t;
  PERFORM timesheet.rebuild_entries(of_agents, more_time_entries, more_hour_entries, replay.since, replay.until);
  DELETE FROM timesheet.replay_agents AS a WHERE a.replay_id = of_replay AND a.agent_id = ANY (of_agents);
  RAISE NOTICE 'replay: % of % agents are rebuilt', replay.agents
    - (SELECT count(*) FROM timesheet.replay_agents AS a WHERE a.replay_id = of_replay), replay.agents;
  -- What took as long as that would fit into 0.7 seconds, but at most four times as many.
  RETURN greatest(100, least(4 * greatest(entries, at_most),
    (entries * 0.7 / extract(epoch FROM clock_timestamp() - begun))::bigint));
END
$$;
COMMENT ON FUNCTION timesheet.replay_step(bigint, bigint) IS
  'A step of timesheet.replay_in_steps(), in a transaction of its own: rebuilds agents that are left with about this '
  'many entries, at least one agent, and those of no other step under way. Returns for how many entries the next step '
  'should ask; null, and nothing is done, if no agent is left to take. Errors: object_not_in_prerequisite_state once '
  'another call began another replay, or the functions have changed.';
CALL timesheet.set_grants('FUNCTION timesheet.replay_step(bigint, bigint)', 'EXECUTE TO timesheet_ingest');
