CREATE OR REPLACE FUNCTION timesheet.contact_daily(for_contact int, since date, until date)
RETURNS TABLE (workday date, week_start date, client_group text, client_group_code text, agent text, activity text,
  hours numeric, unconfirmed_hours numeric, break_hours numeric, sessions int, incomplete_sessions int,
  work_seconds bigint, unconfirmed_seconds bigint, break_seconds bigint, manual_seconds bigint, client_group_id int,
  agent_id int, activity_id int)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  period record;
BEGIN
  SELECT p.* INTO period FROM timesheet.portal_period(since, until) AS p;
  RETURN QUERY SELECT h.* FROM timesheet.contact_hours(for_contact, period.since, period.until) AS h;
END
$$;
COMMENT ON FUNCTION timesheet.contact_daily(int, date, date) IS
  'The hours of a contact''s client groups by workday in [since, until), null for unbounded, at most 400 days back, as '
  'the portal shows them: see timesheet.contact_hours().';
CALL timesheet.set_grants('FUNCTION timesheet.contact_daily(int, date, date)', 'EXECUTE TO timesheet_reader');
