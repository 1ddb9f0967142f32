CREATE OR REPLACE FUNCTION timesheet.finish_replay(of_replay bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  replay timesheet.replays;
  derived_through bigint;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.require_read_committed();
  LOCK TABLE timesheet.replays IN SHARE ROW EXCLUSIVE MODE;
  SELECT r.* INTO replay FROM timesheet.replays AS r WHERE r.replay_id = of_replay FOR UPDATE; -- after all other steps
  IF NOT FOUND THEN
    PERFORM timesheet.require_no_other_replay();
    RETURN true;
  ELSIF EXISTS (SELECT FROM timesheet.replay_agents AS a WHERE a.replay_id = of_replay) THEN
    RETURN false;
  END IF;
  PERFORM timesheet.lock_writers();
  IF replay.since IS NULL AND replay.until IS NULL THEN
    PERFORM timesheet.rebuild_entries('{}', array_agg(e.jibble_id) FILTER (WHERE e.resource = 'TimeEntries'),
      array_agg(e.jibble_id) FILTER (WHERE e.resource = 'HourEntries'), NULL, NULL)
    FROM timesheet.replay_entries AS e WHERE e.replay_id = of_replay AND e.agent_id IS NULL;
    PERFORM timesheet.derive_new_agents(0);
    SELECT s.normalised_through INTO derived_through FROM timesheet.ingest_state AS s;
    IF derived_through < replay.through_raw_event THEN
      PERFORM timesheet.normalise(derived_through, replay.through_raw_event);
      UPDATE timesheet.ingest_state SET normalised_through = replay.through_raw_event;
    END IF;
    PERFORM timesheet.show_current(array_agg(a.agent_id)) FROM timesheet.agents AS a;
  END IF;
  DELETE FROM timesheet.replay_entries;
  DELETE FROM timesheet.replays;
  RETURN true;
END
$$;
COMMENT ON FUNCTION timesheet.finish_replay(bigint) IS
  'The last step of timesheet.replay_in_steps(): rebuilds the entries that belong to no agent known when it began, and '
  'derives raw events that no run has derived. False, and nothing is done, if an agent is left after all.';
CALL timesheet.set_grants('FUNCTION timesheet.finish_replay(bigint)', 'EXECUTE TO timesheet_ingest');
