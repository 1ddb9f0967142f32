CREATE OR REPLACE FUNCTION timesheet.notes(
  since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE ROWS 10 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET row_security = off
AS $$
BEGIN
  RETURN QUERY SELECT * FROM timesheet.derived_notes(since, until, for_agent, as_of);
  RETURN QUERY SELECT * FROM timesheet.rejected_entry_notes(since, until, for_agent);
END
$$;
COMMENT ON FUNCTION timesheet.notes(date, date, int, timestamptz) IS
  'What a person should know about the workdays in [since, until) (R13): missing_clock_out, break_left_open, '
  'auto_clock_out, long_session, clock_out_without_clock_in, unknown_type, odd_workday, unknown_time_zone, '
  'no_client_group; and rejected_entry, for an entry that was kept raw only, whose agent may be null. at is the '
  'session''s start or the entry''s time; detail says it in words, by timesheet.note_text().';
CALL timesheet.set_grants('FUNCTION timesheet.notes(date, date, int, timestamptz)', 'EXECUTE TO timesheet_reader');
