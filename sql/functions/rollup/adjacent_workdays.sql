-- The last entry before the first place and the first one after the last place are adjacent; those between the two may
-- be. So a day's entries cost three searches together. Inlined by the planner.
CREATE OR REPLACE FUNCTION timesheet.adjacent_workdays(for_agent int, first_at timestamptz, last_at timestamptz,
  own_day date) RETURNS SETOF date
LANGUAGE sql STABLE ROWS 3
AS $$
  SELECT own_day
  UNION ALL
  (SELECT e.workday FROM timesheet.time_entries AS e
   WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3 AND e.start_time_utc < first_at
   ORDER BY e.start_time_utc DESC, e.kind DESC, e.jibble_activity_id DESC LIMIT 1)
  UNION ALL
  (SELECT e.workday FROM timesheet.time_entries AS e
   WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3 AND e.start_time_utc > last_at
   ORDER BY e.start_time_utc, e.kind, e.jibble_activity_id LIMIT 1)
  UNION ALL
  (SELECT b.workday FROM (
     SELECT e.workday FROM timesheet.time_entries AS e
     WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3
       AND e.start_time_utc BETWEEN first_at AND last_at
     ORDER BY e.start_time_utc, e.kind, e.jibble_activity_id OFFSET 0 -- in this order: no other index
   ) AS b WHERE b.workday <> own_day)
$$;
COMMENT ON FUNCTION timesheet.adjacent_workdays(int, timestamptz, timestamptz, date) IS
  'The workday of entries between these two instants, and those of the live entry before them in session order (R2), '
  'of the one after them, and of all between.';
CALL timesheet.set_grants('FUNCTION timesheet.adjacent_workdays(int, timestamptz, timestamptz, date)');
