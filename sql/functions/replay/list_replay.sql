CREATE OR REPLACE FUNCTION timesheet.list_replay(of_replay bigint, since date, until date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  INSERT INTO timesheet.replay_entries (replay_id, resource, jibble_id, agent_id, person_id)
  SELECT of_replay, e.resource, e.jibble_id, e.agent_id, e.person_id
  FROM timesheet.entries_elsewhere(list_replay.since, list_replay.until) AS e;
  INSERT INTO timesheet.replay_agents (replay_id, agent_id, with_agent, entries)
  SELECT of_replay, e.agent_id, e.agent_id, count(*)
  FROM (SELECT t.agent_id, t.workday FROM timesheet.time_entries AS t
        UNION ALL SELECT h.agent_id, h.workday FROM timesheet.hour_entries AS h) AS e
  WHERE (list_replay.since IS NULL OR e.workday >= list_replay.since)
    AND (list_replay.until IS NULL OR e.workday < list_replay.until)
  GROUP BY e.agent_id;
END
$$;
COMMENT ON FUNCTION timesheet.list_replay(bigint, date, date) IS
  'Lists the agents with entries on workdays in [since, until), and the entries that are not where the raw events have '
  'them, as what a replay has to rebuild.';
CALL timesheet.set_grants('FUNCTION timesheet.list_replay(bigint, date, date)');
