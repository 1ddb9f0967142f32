-- Every instant at which something of an agent's can change.
CREATE OR REPLACE FUNCTION timesheet.change_points(for_agent int) RETURNS SETOF timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH history AS (
    SELECT o.* FROM timesheet.attribute_history AS o
    WHERE o.resource = 'Organizations'
       OR o.jibble_id = (SELECT a.jibble_id FROM timesheet.agents AS a WHERE a.agent_id = for_agent)
  ), overrides AS (
    SELECT w.since, timesheet.usable_time_zone(w.time_zone) AS time_zone
    FROM timesheet.working_time_overrides AS w
    WHERE (w.agent_id IS NULL OR w.agent_id = for_agent) AND w.revoked_at IS NULL
  ), zones AS (
    SELECT timesheet.canonical_time_zone(g.given) AS zone -- one too many does no harm
    FROM (SELECT o.sheet_zone AS given FROM history AS o UNION SELECT o.culture_zone FROM history AS o) AS g
    UNION SELECT w.time_zone FROM overrides AS w
    UNION SELECT timesheet.default_time_zone()
  )
  SELECT '-infinity'::timestamptz
  UNION SELECT o.valid_from FROM history AS o
  UNION SELECT c.valid_from FROM timesheet.zone_changes(
    (SELECT a.jibble_id FROM timesheet.agents AS a WHERE a.agent_id = for_agent)) AS c
  UNION SELECT c.since FROM timesheet.client_group_assignments AS c
  WHERE c.agent_id = for_agent AND c.revoked_at IS NULL
  UNION SELECT w.since::timestamp AT TIME ZONE w.time_zone FROM overrides AS w WHERE w.time_zone IS NOT NULL
  -- A cut-off alone starts at midnight in the zone that is effective then, which is not known yet: try each.
  UNION SELECT w.since::timestamp AT TIME ZONE z.zone FROM overrides AS w, zones AS z
  WHERE w.time_zone IS NULL AND z.zone IS NOT NULL
$$;
COMMENT ON FUNCTION timesheet.change_points(int) IS
  'Every instant at which an agent''s client group, zone or cut-off may change, the beginning of time included.';
CALL timesheet.set_grants('FUNCTION timesheet.change_points(int)');
