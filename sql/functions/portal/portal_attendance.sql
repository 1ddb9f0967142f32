CREATE OR REPLACE FUNCTION timesheet.portal_attendance(token text, since date, until date)
RETURNS TABLE (agent text, workday date, clock_in timestamptz, clock_out timestamptz, last_activity_at timestamptz,
  time_zone text, clock_in_local timestamp, clock_out_local timestamp, last_activity_local timestamp,
  client_group text, client_group_time_zone text, clock_in_client timestamp, clock_out_client timestamp,
  last_activity_client timestamp, work_hours numeric, break_hours numeric, notes text, work_seconds bigint,
  break_seconds bigint, agent_id int, client_group_id int, client_groups text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET timezone_abbreviations = 'Default'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  contact CONSTANT int := (SELECT t.contact_id FROM timesheet.contact_of_token(token) AS t);
BEGIN
  IF contact IS NOT NULL THEN
    RETURN QUERY SELECT r.* FROM timesheet.contact_attendance(contact, since, until) AS r;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.portal_attendance(text, date, date) IS
  'timesheet.contact_attendance() of the contact with this token; no row for a token that is not valid.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_attendance(text, date, date)', 'EXECUTE TO timesheet_portal');
