-- R3, and "History and corrections" of docs/rules.md: resolves everything for one agent at one instant.
CREATE OR REPLACE FUNCTION timesheet.effective_at(for_agent int, at timestamptz)
RETURNS TABLE (client_group_id int, time_zone text, day_cutoff time, is_overridden boolean, unknown_time_zone text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH named AS MATERIALIZED (
    -- In order; of the texts that name no zone here, the first is noted if it came before the one that does.
    SELECT n.* FROM timesheet.zones_named_at(for_agent, at) AS n
  ), base AS (
    SELECT coalesce((SELECT n.zone FROM named AS n WHERE n.zone IS NOT NULL ORDER BY n.place LIMIT 1), 'UTC')
        AS time_zone,
      s.day_cutoff, (SELECT m.client_group_id FROM timesheet.client_group_at(for_agent, at) AS m) AS client_group_id
    FROM timesheet.settings AS s
  ), overrides AS MATERIALIZED (
    -- One whose zone is not known here begins as if it named none.
    SELECT w.*, timesheet.usable_time_zone(w.time_zone) AS zone,
      row_number() OVER (ORDER BY w.agent_id IS NULL, w.since DESC, w.working_time_override_id DESC) AS place
    FROM timesheet.working_time_overrides AS w, base AS b
    WHERE (w.agent_id = for_agent OR w.client_group_id = b.client_group_id) AND w.revoked_at IS NULL
  ), zone_override AS (
    SELECT w.place, w.zone FROM overrides AS w
    WHERE w.since::timestamp AT TIME ZONE w.zone <= at ORDER BY w.place LIMIT 1
  ), zoned AS (
    SELECT coalesce((SELECT z.zone FROM zone_override AS z), b.time_zone) AS time_zone, b.time_zone AS base_zone,
      b.day_cutoff, b.client_group_id FROM base AS b
  ), cutoff_override AS (
    SELECT w.day_cutoff FROM overrides AS w, zoned AS z
    WHERE w.day_cutoff IS NOT NULL AND w.since::timestamp AT TIME ZONE coalesce(w.zone, z.time_zone) <= at
    ORDER BY w.place LIMIT 1
  )
  SELECT z.client_group_id, z.time_zone, coalesce((SELECT c.day_cutoff FROM cutoff_override AS c), z.day_cutoff),
    EXISTS (SELECT FROM zone_override) OR EXISTS (SELECT FROM cutoff_override),
    left(coalesce(
      (SELECT w.time_zone FROM overrides AS w
       WHERE w.time_zone IS NOT NULL AND w.zone IS NULL AND w.since::timestamp AT TIME ZONE z.base_zone <= at
         AND w.place < coalesce((SELECT o.place FROM zone_override AS o), w.place + 1)
       ORDER BY w.place LIMIT 1),
      (SELECT n.given FROM named AS n
       WHERE n.zone IS NULL AND NOT EXISTS (SELECT FROM zone_override)
         AND n.place < coalesce((SELECT min(k.place) FROM named AS k WHERE k.zone IS NOT NULL), n.place + 1)
       ORDER BY n.place LIMIT 1)), 80)
  FROM zoned AS z
$$;
COMMENT ON FUNCTION timesheet.effective_at(int, timestamptz) IS
  'Client group, working zone and cut-off of an agent at an instant, resolved from attribute_history, corrections and '
  'settings (R3), and the text that was passed over because this server knows no such zone.';
CALL timesheet.set_grants('FUNCTION timesheet.effective_at(int, timestamptz)');
