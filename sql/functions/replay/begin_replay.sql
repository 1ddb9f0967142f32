-- What takes long, reading all raw events, is done before the lock that others would wait for: what they store
-- meanwhile they derive themselves.
CREATE OR REPLACE FUNCTION timesheet.begin_replay(since date, until date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  is_whole CONSTANT boolean := since IS NULL AND until IS NULL;
  functions_now CONSTANT text := (SELECT f.sha256 FROM timesheet.applied_functions AS f);
  new_replay bigint;
  known_through bigint;
  resources text[];
  ids uuid[];
  firsts bigint[];
BEGIN
  PERFORM timesheet.require_bounds(since, until);
  PERFORM timesheet.require_writable();
  PERFORM timesheet.require_read_committed();
  new_replay := timesheet.resume_replay(since, until, functions_now);
  IF new_replay IS NOT NULL THEN
    RETURN new_replay;
  END IF;

  known_through := coalesce((SELECT max(r.raw_event_id) FROM timesheet.raw_events AS r), 0);
  INSERT INTO timesheet.replays AS r (since, until, through_raw_event, functions_sha256, agents)
  VALUES (begin_replay.since, begin_replay.until, known_through, functions_now, 0)
  RETURNING r.replay_id INTO new_replay;
  PERFORM timesheet.list_replay(new_replay, begin_replay.since, begin_replay.until);
  IF is_whole THEN
    SELECT array_agg(o.resource), array_agg(o.jibble_id), array_agg(o.raw_event_id) INTO resources, ids, firsts
    FROM timesheet.listed_objects(0) AS o;
  END IF;

  PERFORM timesheet.lock_writers();
  IF is_whole THEN
    PERFORM timesheet.lock_raw_events();
    UPDATE timesheet.replays AS r
    SET through_raw_event = coalesce((SELECT max(e.raw_event_id) FROM timesheet.raw_events AS e), 0);
    SELECT array_agg(o.resource), array_agg(o.jibble_id), array_agg(o.raw_event_id) INTO resources, ids, firsts
    FROM (SELECT * FROM unnest(resources, ids, firsts) AS k (resource, jibble_id, raw_event_id)
          UNION ALL SELECT * FROM timesheet.listed_objects(known_through)) AS o;
    PERFORM timesheet.replay_lists(resources, ids, firsts);
    INSERT INTO timesheet.replay_agents (replay_id, agent_id, with_agent, entries)
    SELECT new_replay, a.agent_id, a.agent_id, 0 FROM timesheet.agents AS a ON CONFLICT DO NOTHING;
  ELSE
    PERFORM timesheet.reassign_changed_zones();
  END IF;
  PERFORM timesheet.join_replay_agents(new_replay);
  UPDATE timesheet.replays AS r SET agents = (SELECT count(*) FROM timesheet.replay_agents AS a
    WHERE a.replay_id = new_replay);
  RETURN new_replay;
END
$$;
COMMENT ON FUNCTION timesheet.begin_replay(date, date) IS
  'The first step of timesheet.replay_in_steps(): lists what is to be rebuilt, and rebuilds groups, activities, people '
  'and what Jibble said of them. Returns the number of the replay; that of the unfinished one, and nothing is done, if '
  'there is one to go on with; see timesheet.resume_replay().';
CALL timesheet.set_grants('FUNCTION timesheet.begin_replay(date, date)', 'EXECUTE TO timesheet_ingest');
