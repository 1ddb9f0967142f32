-- Inlined by the planner.
CREATE OR REPLACE FUNCTION timesheet.adjacent_workdays(for_agent int, at timestamptz, of_kind smallint, id uuid,
  own_day date) RETURNS SETOF date
LANGUAGE sql STABLE ROWS 3
AS $$
  SELECT own_day
  UNION ALL
  (SELECT e.workday FROM timesheet.time_entries AS e
   WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3
     AND (e.start_time_utc, e.kind, e.jibble_activity_id) < (at, of_kind, id)
   ORDER BY e.start_time_utc DESC, e.kind DESC, e.jibble_activity_id DESC LIMIT 1)
  UNION ALL
  (SELECT e.workday FROM timesheet.time_entries AS e
   WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3
     AND (e.start_time_utc, e.kind, e.jibble_activity_id) > (at, of_kind, id)
   ORDER BY e.start_time_utc, e.kind, e.jibble_activity_id LIMIT 1)
$$;
COMMENT ON FUNCTION timesheet.adjacent_workdays(int, timestamptz, smallint, uuid, date) IS
  'The workdays of an entry at this place in session order (R2), of the live entry before it and of the one after it.';
CALL timesheet.set_grants('FUNCTION timesheet.adjacent_workdays(int, timestamptz, smallint, uuid, date)');
