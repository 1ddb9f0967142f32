-- By the text alone first: JSON is read only where that does not show the agent who has the entry.
CREATE OR REPLACE FUNCTION timesheet.entries_elsewhere(since date, until date)
RETURNS TABLE (resource text, jibble_id uuid, agent_id int, person_id uuid)
LANGUAGE plpgsql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
#variable_conflict use_column
DECLARE
  is_whole CONSTANT boolean := since IS NULL AND until IS NULL;
BEGIN
  RETURN QUERY
    WITH stored AS (
      SELECT 'TimeEntries' AS resource, e.jibble_activity_id AS jibble_id, e.agent_id, e.workday
      FROM timesheet.time_entries AS e
      UNION ALL
      SELECT 'HourEntries', h.jibble_id, h.agent_id, h.workday FROM timesheet.hour_entries AS h
    ), suspected AS MATERIALIZED (
      SELECT DISTINCT r.resource, r.jibble_id, s.agent_id, a.jibble_id AS has_person
      FROM timesheet.raw_events AS r
      LEFT JOIN stored AS s ON s.jibble_id = r.jibble_id AND s.resource = r.resource
      LEFT JOIN timesheet.agents AS a ON a.agent_id = s.agent_id
      WHERE r.resource IN ('TimeEntries', 'HourEntries') AND r.payload IS NOT NULL
        AND timesheet.id_or_null(r.jibble_id) IS NOT NULL
        AND (is_whole OR (since IS NULL OR s.workday >= since) AND (until IS NULL OR s.workday < until))
        AND (a.agent_id IS NULL OR strpos(r.payload::text, '"personId":"' || a.jibble_id || '"') = 0)
    ), found AS (
      SELECT s.*, timesheet.guid_or_null(timesheet.known_member(s.resource, s.jibble_id, 'personId') #>> '{}') AS person
      FROM suspected AS s
    )
    SELECT f.resource, f.jibble_id, f.agent_id, f.person FROM found AS f
    WHERE f.agent_id IS NULL OR f.person <> f.has_person;
END
$$;
COMMENT ON FUNCTION timesheet.entries_elsewhere(date, date) IS
  'The entries that raw events have and no row has (agent_id is null), or that they give to another person than the '
  'row does. With bounds, only of rows whose workday lies in [since, until). person_id: whom the raw events name; null '
  'for none that can be read.';
CALL timesheet.set_grants('FUNCTION timesheet.entries_elsewhere(date, date)');
