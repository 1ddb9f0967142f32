CREATE OR REPLACE FUNCTION timesheet.take_replay_entries(of_replay bigint, of_agents int[], OUT time_entries uuid[],
  OUT hour_entries uuid[])
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  WITH taken AS (
    DELETE FROM timesheet.replay_entries AS e
    WHERE e.replay_id = of_replay AND (e.agent_id = ANY (of_agents)
      OR e.person_id IN (SELECT a.jibble_id FROM timesheet.agents AS a WHERE a.agent_id = ANY (of_agents)))
    RETURNING e.*
  )
  SELECT array_agg(t.jibble_id) FILTER (WHERE t.resource = 'TimeEntries'),
    array_agg(t.jibble_id) FILTER (WHERE t.resource = 'HourEntries')
  INTO time_entries, hour_entries FROM taken AS t
  -- What a run has derived since then has a row, and is the entry of an agent like any other.
  WHERE t.agent_id IS NULL
    AND NOT EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.jibble_activity_id = t.jibble_id)
    AND NOT EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.jibble_id = t.jibble_id);
END
$$;
COMMENT ON FUNCTION timesheet.take_replay_entries(bigint, int[]) IS
  'Takes the entries of these agents from timesheet.replay_entries, and returns those that have no row yet.';
CALL timesheet.set_grants('FUNCTION timesheet.take_replay_entries(bigint, int[])');
