CREATE OR REPLACE FUNCTION timesheet_client.notes(since date, until date, for_agent int DEFAULT NULL,
  as_of timestamptz DEFAULT now())
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET row_security = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  RETURN QUERY SELECT * FROM timesheet.notes(since, until, for_agent, as_of) AS r
    WHERE r.client_group_id = ANY (own) AND r.code = ANY (timesheet.client_note_codes());
END
$$;
COMMENT ON FUNCTION timesheet_client.notes(date, date, int, timestamptz) IS
  'timesheet.notes(), limited to the notes of the caller''s client groups.';
CALL timesheet.set_grants(
  'FUNCTION timesheet_client.notes(date, date, int, timestamptz)',
  'EXECUTE TO timesheet_client');

CREATE OR REPLACE FUNCTION timesheet_client.notes_rows(since date DEFAULT NULL, until date DEFAULT NULL)
RETURNS SETOF timesheet.notes
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  own int[] := timesheet.client_groups_of_caller();
BEGIN
  -- By the entry's own zone: the agent's present one may be another client group's.
  RETURN QUERY SELECT r.workday, r.code, r.agent, r.client_group, r.at,
    r.at AT TIME ZONE coalesce(timesheet.usable_time_zone(e.time_zone), g.time_zone), r.detail,
      r.agent_id, r.client_group_id, r.jibble_activity_id
    FROM timesheet.notes AS r
    JOIN timesheet.client_group_names AS g ON g.key = r.client_group_id
    LEFT JOIN timesheet.time_entries AS e ON e.jibble_activity_id = r.jibble_activity_id
    WHERE r.client_group_id = ANY (own) AND r.code = ANY (timesheet.client_note_codes())
      AND (since IS NULL OR r.workday >= since) AND (until IS NULL OR r.workday < until);
END
$$;
COMMENT ON FUNCTION timesheet_client.notes_rows(date, date) IS
  'The rows of timesheet_client.notes whose workday lies in [since, until), without computing any other.';
CALL timesheet.set_grants('FUNCTION timesheet_client.notes_rows(date, date)', 'EXECUTE TO timesheet_client');

CREATE OR REPLACE VIEW timesheet_client.notes WITH (security_barrier = true, security_invoker = true) AS
SELECT r.* FROM timesheet_client.notes_rows() AS r;
COMMENT ON VIEW timesheet_client.notes IS
  'timesheet.notes, limited to the notes of the caller''s client groups; at_local is in the working zone that the '
  'entry had. Long histories are read faster, with bounds, by timesheet_client.notes_rows().';
CALL timesheet.set_grants('TABLE timesheet_client.notes', 'SELECT TO timesheet_client');
