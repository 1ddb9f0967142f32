-- R3, and "History and corrections" of docs/rules.md: resolves everything for one agent at one instant.
CREATE OR REPLACE FUNCTION timesheet.effective_at(for_agent int, at timestamptz)
RETURNS TABLE (client_group_id int, time_zone text, day_cutoff time, is_overridden boolean, unknown_time_zone text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH agent AS (
    SELECT a.jibble_id FROM timesheet.agents AS a WHERE a.agent_id = for_agent
  ), latest AS (
    SELECT DISTINCT ON (c.resource, c.is_sheet) c.* FROM timesheet.zone_changes((SELECT a.jibble_id FROM agent AS a)) AS c
    WHERE c.valid_from <= at ORDER BY c.resource, c.is_sheet, c.valid_from DESC, c.raw_event_id DESC
  ), ranked AS (
    -- Of time tracking and the workspace whichever changed last counts, and the other where that is no zone; but not where
    -- it is none.
    SELECT l.zone, l.is_sheet, l.resource, row_number() OVER sources AS rank, first_value(l.zone) OVER sources IS NULL AS is_none
    FROM latest AS l
    WINDOW sources AS (PARTITION BY l.resource = 'Organizations', l.is_sheet ORDER BY l.valid_from DESC, l.raw_event_id DESC)
  ), membership AS (
    -- The later of what Jibble showed and what was corrected; the correction wins a tie. A version that
    -- changed something else about the person is no change of group.
    SELECT m.client_group_id FROM (
      SELECT CASE WHEN p.is_first THEN '-infinity' ELSE p.valid_from END AS valid_from, 0 AS rank, p.raw_event_id AS id, g.client_group_id
      FROM (
        SELECT o.*, row_number() OVER versions = 1 AS is_first,
          row_number() OVER versions = 1 OR o.group_jibble_id IS DISTINCT FROM lag(o.group_jibble_id) OVER versions AS is_change
        FROM timesheet.attribute_history AS o JOIN agent USING (jibble_id)
        WHERE o.resource = 'People' AND o.knows_group WINDOW versions AS (ORDER BY o.raw_event_id)
      ) AS p
      LEFT JOIN timesheet.client_groups AS g ON g.jibble_id = p.group_jibble_id
      WHERE p.is_change AND (p.is_first OR p.valid_from <= at)
      UNION ALL
      SELECT c.since, 1, c.client_group_assignment_id, c.client_group_id
      FROM timesheet.client_group_assignments AS c WHERE c.agent_id = for_agent AND c.since <= at
    ) AS m
    ORDER BY m.valid_from DESC, m.rank DESC, m.id DESC LIMIT 1
  ), named AS MATERIALIZED (
    -- In order; of the texts that name no zone here, the first is noted if it came before the one that does.
    SELECT n.place, n.given, CASE WHEN n.place = 7 OR n.given NOT LIKE '<%' THEN timesheet.canonical_time_zone(n.given) END AS zone -- no POSIX text of Jibble's
    FROM (
      SELECT CASE WHEN r.resource = 'Organizations' THEN CASE WHEN r.is_sheet THEN 5 ELSE 6 END
                  WHEN r.is_sheet THEN r.rank ELSE 2 + r.rank END, r.zone
      FROM ranked AS r WHERE NOT r.is_none
      UNION ALL SELECT 7, s.default_time_zone FROM timesheet.settings AS s
    ) AS n (place, given)
    WHERE n.given ~ '[^[:space:]]'
  ), base AS (
    SELECT coalesce((SELECT n.zone FROM named AS n WHERE n.zone IS NOT NULL ORDER BY n.place LIMIT 1), 'UTC') AS time_zone,
      s.day_cutoff, (SELECT m.client_group_id FROM membership AS m) AS client_group_id
    FROM timesheet.settings AS s
  ), overrides AS MATERIALIZED (
    -- One whose zone is not known here begins as if it named none.
    SELECT w.*, timesheet.usable_time_zone(w.time_zone) AS zone, row_number() OVER (ORDER BY w.agent_id IS NULL, w.since DESC, w.working_time_override_id DESC) AS place
    FROM timesheet.working_time_overrides AS w, base AS b
    WHERE w.agent_id = for_agent OR w.client_group_id = b.client_group_id
  ), zone_override AS (
    SELECT w.place, w.zone FROM overrides AS w WHERE w.since::timestamp AT TIME ZONE w.zone <= at ORDER BY w.place LIMIT 1
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
COMMENT ON FUNCTION timesheet.effective_at(int, timestamptz) IS 'Client group, working zone and cut-off of an agent at an instant, resolved from attribute_history, corrections and settings (R3), and the text that was passed over because this server knows no zone of that name.';
CALL timesheet.set_grants('FUNCTION timesheet.effective_at(int, timestamptz)');
