CREATE OR REPLACE FUNCTION timesheet.contact_attendance(for_contact int, since date, until date)
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
  period record;
  own CONSTANT int[] := timesheet.client_groups_of_contact(for_contact);
BEGIN
  SELECT p.* INTO period FROM timesheet.portal_period(since, until) AS p;
  RETURN QUERY
    WITH hours AS MATERIALIZED (
      SELECT h.agent_id, h.workday, sum(h.hours) AS hours, sum(h.break_hours) AS break_hours,
        array_agg(DISTINCT h.client_group ORDER BY h.client_group) AS client_groups
      FROM timesheet.contact_hours(for_contact, period.since, period.until) AS h GROUP BY h.agent_id, h.workday
    )
    SELECT coalesce(a.name, timesheet.name_without_address(r.agent)), r.workday, r.clock_in, r.clock_out,
      r.last_activity_at, r.time_zone,
      r.clock_in_local, r.clock_out_local, r.last_activity_local, c.name, r.client_group_time_zone, r.clock_in_client,
      r.clock_out_client, r.last_activity_client, coalesce(h.hours, 0.00), coalesce(h.break_hours, 0.00), r.notes,
      r.work_seconds, r.break_seconds, r.agent_id, r.client_group_id, coalesce(h.client_groups, '{}')
    FROM timesheet.client_attendance(own, period.since, period.until) AS r
    JOIN timesheet.client_groups_shown(own) AS c ON c.client_group_id = r.client_group_id
    LEFT JOIN timesheet.agents_shown(own) AS a ON a.agent_id = r.agent_id
    LEFT JOIN hours AS h ON h.agent_id = r.agent_id AND h.workday = r.workday;
END
$$;
COMMENT ON FUNCTION timesheet.contact_attendance(int, date, date) IS
  'timesheet.client_attendance() for a contact''s client groups and the workdays in [since, until), null for '
  'unbounded, at most 400 days back, as the portal shows it: hours as in timesheet.contact_daily(), without Jibble''s '
  'ids.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_attendance(int, date, date)', 'EXECUTE TO timesheet_reader');
