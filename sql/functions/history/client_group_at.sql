-- R3. The later of what Jibble showed and what was corrected; the correction wins a tie. A version that changed
-- something else about the person is no change of group.
CREATE OR REPLACE FUNCTION timesheet.client_group_at(for_agent int, at timestamptz) RETURNS TABLE (client_group_id int)
LANGUAGE sql STABLE -- without a SET clause, so that the planner inlines it
AS $$
  SELECT m.client_group_id FROM (
    SELECT CASE WHEN p.is_first THEN '-infinity' ELSE p.valid_from END AS valid_from, 0 AS rank, p.raw_event_id AS id,
      g.client_group_id
    FROM (
      SELECT o.*, row_number() OVER versions = 1 AS is_first,
        row_number() OVER versions = 1
          OR o.group_jibble_id IS DISTINCT FROM lag(o.group_jibble_id) OVER versions AS is_change
      FROM timesheet.attribute_history AS o JOIN timesheet.agents AS a USING (jibble_id)
      WHERE a.agent_id = for_agent AND o.resource = 'People' AND o.knows_group
      WINDOW versions AS (ORDER BY o.raw_event_id)
    ) AS p
    LEFT JOIN timesheet.client_groups AS g ON g.jibble_id = p.group_jibble_id
    WHERE p.is_change AND (p.is_first OR p.valid_from <= at)
    UNION ALL
    SELECT c.since, 1, c.client_group_assignment_id, c.client_group_id
    FROM timesheet.client_group_assignments AS c WHERE c.agent_id = for_agent AND c.since <= at
      AND c.revoked_at IS NULL
  ) AS m
  ORDER BY m.valid_from DESC, m.rank DESC, m.id DESC LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.client_group_at(int, timestamptz) IS
  'The client group of an agent at an instant, as Jibble showed it or as it was corrected; no row, or null, for none '
  '(R3).';
CALL timesheet.set_grants('FUNCTION timesheet.client_group_at(int, timestamptz)');
