-- R3: what Jibble and the settings name as an agent's working zone at an instant, in the order in which it counts.
CREATE OR REPLACE FUNCTION timesheet.zones_named_at(for_agent int, at timestamptz)
  RETURNS TABLE (place bigint, given text, zone text)
LANGUAGE sql STABLE -- without a SET clause, so that the planner inlines it
AS $$
  WITH latest AS (
    SELECT DISTINCT ON (c.resource, c.is_sheet) c.*
    FROM timesheet.zone_changes((SELECT a.jibble_id FROM timesheet.agents AS a WHERE a.agent_id = for_agent)) AS c
    WHERE c.valid_from <= at ORDER BY c.resource, c.is_sheet, c.valid_from DESC, c.raw_event_id DESC
  ), ranked AS (
    -- Of time tracking and the workspace whichever changed last counts, and the other where that is no zone; but not
    -- where it is none.
    SELECT l.zone, l.is_sheet, l.resource, row_number() OVER sources AS rank,
      first_value(l.zone) OVER sources IS NULL AS is_none
    FROM latest AS l
    WINDOW sources AS (
      PARTITION BY l.resource = 'Organizations', l.is_sheet ORDER BY l.valid_from DESC, l.raw_event_id DESC)
  )
  SELECT n.place, n.given,
    -- No POSIX text of Jibble's.
    CASE WHEN n.place = 7 OR n.given NOT LIKE '<%' THEN timesheet.canonical_time_zone(n.given) END
  FROM (
    SELECT CASE WHEN r.resource = 'Organizations' THEN CASE WHEN r.is_sheet THEN 5 ELSE 6 END
                WHEN r.is_sheet THEN r.rank ELSE 2 + r.rank END, r.zone
    FROM ranked AS r WHERE NOT r.is_none
    UNION ALL SELECT 7, s.default_time_zone FROM timesheet.settings AS s
  ) AS n (place, given)
  WHERE n.given ~ '[^[:space:]]'
$$;
COMMENT ON FUNCTION timesheet.zones_named_at(int, timestamptz) IS
  'The texts that Jibble and the settings give for the working zone of an agent at an instant; the lowest place that '
  'has a zone of this server counts (R3). zone: null for a text that names none here.';
CALL timesheet.set_grants('FUNCTION timesheet.zones_named_at(int, timestamptz)');
