-- The zones of a client group's own sessions and typed-in hours, also where the agent was in another group later that
-- day. Once for all client groups: what is stale is computed for it.
CREATE OR REPLACE FUNCTION timesheet.digest_worked_zones(for_contact int, for_week date)
RETURNS TABLE (client_group_id int, zones text[])
LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH scheduled AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    WHERE s.contact_id = for_contact
  )
  SELECT w.client_group_id,
    array_agg(DISTINCT timesheet.time_zone_label(w.zone) ORDER BY timesheet.time_zone_label(w.zone))
  FROM (
    SELECT l.client_group_id, l.workday,
      coalesce(timesheet.usable_time_zone(e.time_zone), (SELECT timesheet.default_time_zone())) AS zone
    FROM timesheet.session_log AS l JOIN timesheet.time_entries AS e USING (jibble_activity_id)
    WHERE l.workday BETWEEN (SELECT min(s.first_day) FROM scheduled AS s)
                        AND (SELECT max(s.last_day) FROM scheduled AS s)
    UNION ALL
    SELECT h.client_group_id, h.workday, timesheet.time_zone_at_noon(h.agent_id, h.workday)
    FROM timesheet.hour_entries AS h
    JOIN scheduled AS s ON s.client_group_id = h.client_group_id AND h.workday BETWEEN s.first_day AND s.last_day
    WHERE h.deleted_at IS NULL
  ) AS w
  JOIN scheduled AS s ON s.client_group_id = w.client_group_id AND w.workday BETWEEN s.first_day AND s.last_day
  WHERE w.zone IS NOT NULL
  GROUP BY w.client_group_id
$$;
COMMENT ON FUNCTION timesheet.digest_worked_zones(int, date) IS
  'The zones, by their labels, in which was worked for each client group of a contact in a digest week; no row for one '
  'without work.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_worked_zones(int, date)');
