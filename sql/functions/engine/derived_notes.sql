-- The engines say which notes there are, and how long the session was; what they say is composed here for both.
CREATE OR REPLACE FUNCTION timesheet.derived_notes(
  since date, until date, for_agent int DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE ROWS 10 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET row_security = off
AS $$
DECLARE
  long_session text;
BEGIN
  SELECT timesheet.length_text(timesheet.truncated_seconds(s.long_session)) INTO long_session
  FROM timesheet.settings AS s;
  IF timesheet.engine() = 'native' THEN
    RETURN QUERY SELECT n.workday, n.agent_id, n.client_group_id, n.code, n.at,
      timesheet.note_text(n.code, timesheet.length_text(n.seconds), long_session), n.jibble_activity_id
    FROM timesheet.native_notes(since, until, for_agent, as_of) AS n;
  ELSE
    RETURN QUERY SELECT n.workday, n.agent_id, n.client_group_id, n.code, n.at,
      timesheet.note_text(n.code, timesheet.length_text(n.seconds), long_session), n.jibble_activity_id
    FROM timesheet.sql_notes(since, until, for_agent, as_of) AS n;
  END IF;
  RETURN QUERY SELECT * FROM timesheet.entry_notes(since, until, for_agent);
END
$$;
COMMENT ON FUNCTION timesheet.derived_notes(date, date, int, timestamptz) IS
  'timesheet.notes() without those of rejected entries, which are not found by day: for what is computed day by day.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.derived_notes(date, date, int, timestamptz)',
  'EXECUTE TO timesheet_reader');
