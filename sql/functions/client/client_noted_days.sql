-- An entry of an unknown type is not live (R1): its note makes no day, and its instant and client group do not count.
CREATE OR REPLACE FUNCTION timesheet.client_noted_days(of_client_groups int[], since date, until date)
RETURNS TABLE (agent_id int, workday date, codes text, last_activity_at timestamptz, jibble_activity_id uuid,
  client_group_id int)
LANGUAGE sql STABLE -- without a SET clause, so that the planner inlines it
AS $$
  SELECT n.agent_id, n.workday, string_agg(DISTINCT n.code, ', ' ORDER BY n.code),
    max(n.at) FILTER (WHERE n.code <> 'unknown_type'),
    (array_agg(n.jibble_activity_id ORDER BY n.at DESC, n.jibble_activity_id DESC)
      FILTER (WHERE n.code <> 'unknown_type'))[1],
    (array_agg(n.client_group_id ORDER BY n.at DESC, n.jibble_activity_id DESC)
      FILTER (WHERE n.code <> 'unknown_type'))[1]
  FROM timesheet.notes AS n
  WHERE n.client_group_id = ANY (of_client_groups) AND n.code = ANY (timesheet.client_note_codes())
    AND (since IS NULL OR n.workday >= since) AND (until IS NULL OR n.workday < until)
  GROUP BY n.agent_id, n.workday
$$;
COMMENT ON FUNCTION timesheet.client_noted_days(int[], date, date) IS
  'Of the notes that these client groups may see, in [since, until), null for unbounded: the codes of each agent and '
  'workday, and the instant, entry and client group of the last one, null where all are of an unknown type.';
CALL timesheet.set_grants('FUNCTION timesheet.client_noted_days(int[], date, date)');
