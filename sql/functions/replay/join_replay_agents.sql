-- An entry that moves changes the hours of both agents, so both are rebuilt at once, and all that are joined to either:
-- each takes the lowest number among them, until no number changes.
CREATE OR REPLACE FUNCTION timesheet.join_replay_agents(of_replay bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  -- An agent that no entry of the bounds had may get one.
  INSERT INTO timesheet.replay_agents (replay_id, agent_id, with_agent, entries)
  SELECT DISTINCT of_replay, a.agent_id, a.agent_id, 0
  FROM timesheet.replay_entries AS e JOIN timesheet.agents AS a ON a.jibble_id = e.person_id
  WHERE e.replay_id = of_replay
  ON CONFLICT DO NOTHING;
  LOOP
    UPDATE timesheet.replay_agents AS r SET with_agent = l.lowest
    FROM (
      SELECT p.agent_id, min(p.with_agent) AS lowest
      FROM (
        SELECT e.agent_id AS agent_id, t.with_agent
        FROM timesheet.replay_entries AS e JOIN timesheet.agents AS a ON a.jibble_id = e.person_id
        JOIN timesheet.replay_agents AS t ON t.replay_id = of_replay AND t.agent_id = a.agent_id
        WHERE e.replay_id = of_replay
        UNION ALL
        SELECT a.agent_id, f.with_agent
        FROM timesheet.replay_entries AS e JOIN timesheet.agents AS a ON a.jibble_id = e.person_id
        JOIN timesheet.replay_agents AS f ON f.replay_id = of_replay AND f.agent_id = e.agent_id
        WHERE e.replay_id = of_replay
      ) AS p
      GROUP BY p.agent_id
    ) AS l
    WHERE r.replay_id = of_replay AND r.agent_id = l.agent_id AND l.lowest < r.with_agent;
    EXIT WHEN NOT FOUND;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.join_replay_agents(bigint) IS
  'Joins the agents of a replay of which one has entries that raw events give to the other.';
CALL timesheet.set_grants('FUNCTION timesheet.join_replay_agents(bigint)');
