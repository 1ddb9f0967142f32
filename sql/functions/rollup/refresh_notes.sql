CREATE OR REPLACE FUNCTION timesheet.refresh_notes(agents int[], days date[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
BEGIN
  DELETE FROM timesheet.note_rollup AS r USING unnest(agents, days) AS d (agent_id, workday)
  WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  INSERT INTO timesheet.note_rollup (agent_id, workday, client_group_id, code, at, detail, jibble_activity_id)
  SELECT n.agent_id, n.workday, coalesce(n.client_group_id, 0), n.code, n.at, n.detail, n.jibble_activity_id
  FROM timesheet.stale_periods(agents, days) AS p
  CROSS JOIN LATERAL timesheet.derived_notes(p.since, p.until, p.agent_id) AS n
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = n.agent_id AND d.workday = n.workday;
END
$$;
COMMENT ON FUNCTION timesheet.refresh_notes(int[], date[]) IS
  'Stores the notes of these days of these agents (two arrays that belong together) in timesheet.note_rollup; not '
  'those of entries that were rejected, which have no day of their own.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh_notes(int[], date[])');
