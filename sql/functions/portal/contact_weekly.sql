CREATE OR REPLACE FUNCTION timesheet.contact_weekly(for_contact int, since date, until date)
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
  period record;
BEGIN
  SELECT p.* INTO period FROM timesheet.portal_period(since, until) AS p;
  RETURN QUERY
    SELECT h.week_start, h.client_group, h.client_group_code, h.agent, h.activity, sum(h.hours),
      sum(h.unconfirmed_hours), sum(h.break_hours), sum(h.sessions)::int, sum(h.incomplete_sessions)::int,
      sum(h.work_seconds)::bigint, sum(h.unconfirmed_seconds)::bigint, sum(h.break_seconds)::bigint,
      sum(h.manual_seconds)::bigint, h.client_group_id, h.agent_id, h.activity_id
    FROM timesheet.contact_hours(for_contact, period.since, period.until + 6) AS h
    WHERE h.week_start >= period.since AND h.week_start < period.until
    GROUP BY h.week_start, h.client_group, h.client_group_code, h.agent, h.activity, h.client_group_id, h.agent_id,
      h.activity_id;
END
$$;
COMMENT ON FUNCTION timesheet.contact_weekly(int, date, date) IS
  'The hours of a contact''s client groups by week, with week_start in [since, until), null for unbounded, at most 400 '
  'days back, as the portal shows them: the sums of timesheet.contact_daily().';
CALL timesheet.set_grants('FUNCTION timesheet.contact_weekly(int, date, date)', 'EXECUTE TO timesheet_reader');
