-- Entries of an agent lie close together by their time, and agents one after another.
CREATE OR REPLACE FUNCTION timesheet.rebuild_entries(of_agents int[], more_time_entries uuid[],
  more_hour_entries uuid[], since date, until date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  is_whole CONSTANT boolean := since IS NULL AND until IS NULL;
  newest_agent CONSTANT int := (SELECT coalesce(max(a.agent_id), 0) FROM timesheet.agents AS a);
  batch uuid[];
  rebuilt bigint := 0;
BEGIN
  IF is_whole THEN
    PERFORM timesheet.forget_problems(of_agents, more_time_entries, more_hour_entries);
    PERFORM timesheet.rebuild_agent_history(of_agents);
  END IF;
  FOR batch IN
    SELECT array_agg(n.id) FROM (
      SELECT e.id, row_number() OVER (ORDER BY e.agent_id, e.at) / 2000 AS number
      FROM (
        -- An index for each, with the agent first.
        SELECT t.jibble_activity_id AS id, t.agent_id, t.start_time_utc AS at FROM timesheet.time_entries AS t
        WHERE t.agent_id = ANY (of_agents) AND t.deleted_at IS NULL
          AND (since IS NULL OR t.workday >= since) AND (until IS NULL OR t.workday < until)
        UNION ALL
        SELECT t.jibble_activity_id, t.agent_id, t.start_time_utc FROM timesheet.time_entries AS t
        WHERE t.agent_id = ANY (of_agents) AND t.deleted_at IS NOT NULL
          AND (since IS NULL OR t.workday >= since) AND (until IS NULL OR t.workday < until)
        UNION ALL
        SELECT m.id, NULL, NULL FROM unnest(more_time_entries) AS m (id)
      ) AS e
    ) AS n GROUP BY n.number ORDER BY n.number
  LOOP
    PERFORM timesheet.rebuild_objects('TimeEntries', batch, is_whole);
    rebuilt := rebuilt + cardinality(batch);
  END LOOP;
  FOR batch IN
    SELECT array_agg(n.id) FROM (
      SELECT e.id, row_number() OVER (ORDER BY e.agent_id, e.workday) / 2000 AS number
      FROM (
        SELECT h.jibble_id AS id, h.agent_id, h.workday FROM timesheet.hour_entries AS h
        WHERE h.agent_id = ANY (of_agents) AND h.deleted_at IS NULL
          AND (since IS NULL OR h.workday >= since) AND (until IS NULL OR h.workday < until)
        UNION ALL
        SELECT h.jibble_id, h.agent_id, h.workday FROM timesheet.hour_entries AS h
        WHERE h.agent_id = ANY (of_agents) AND h.deleted_at IS NOT NULL
          AND (since IS NULL OR h.workday >= since) AND (until IS NULL OR h.workday < until)
        UNION ALL
        SELECT m.id, NULL, NULL FROM unnest(more_hour_entries) AS m (id)
      ) AS e
    ) AS n GROUP BY n.number ORDER BY n.number
  LOOP
    PERFORM timesheet.rebuild_objects('HourEntries', batch, is_whole);
    rebuilt := rebuilt + cardinality(batch);
  END LOOP;
  IF is_whole THEN
    PERFORM timesheet.derive_new_agents(newest_agent);
    -- The rows of these stay, on the days of the history as it is now.
    PERFORM timesheet.reassign_workdays(of_agents) WHERE timesheet.has_unread_entries(of_agents);
  END IF;
  RETURN rebuilt;
END
$$;
COMMENT ON FUNCTION timesheet.rebuild_entries(int[], uuid[], uuid[], date, date) IS
  'Rebuilds from the raw events the history of these agents, their entries, these entries besides, and what was wrong '
  'with them; with bounds only the entries that they have on workdays in [since, until). Returns how many entries.';
CALL timesheet.set_grants('FUNCTION timesheet.rebuild_entries(int[], uuid[], uuid[], date, date)');
