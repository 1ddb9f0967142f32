CREATE OR REPLACE FUNCTION timesheet.portal_weekly(token text, since date, until date)
RETURNS TABLE (week_start date, client_group text, client_group_code text, agent text, activity text,
  hours numeric, unconfirmed_hours numeric, break_hours numeric, sessions int, incomplete_sessions int,
  work_seconds bigint, unconfirmed_seconds bigint, break_seconds bigint, manual_seconds bigint, client_group_id int,
  agent_id int, activity_id int)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  contact CONSTANT int := (SELECT t.contact_id FROM timesheet.contact_of_token(token) AS t);
BEGIN
  IF contact IS NOT NULL THEN
    RETURN QUERY SELECT r.* FROM timesheet.contact_weekly(contact, since, until) AS r;
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.portal_weekly(text, date, date) IS
  'timesheet.contact_weekly() of the contact with this token; no row for a token that is not valid.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_weekly(text, date, date)', 'EXECUTE TO timesheet_portal');
