CREATE OR REPLACE FUNCTION timesheet.digest_activities(for_contact int, for_week date)
RETURNS TABLE (activity text, work_seconds bigint, hours numeric)
LANGUAGE sql STABLE ROWS 20
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH reported AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    WHERE s.contact_id = for_contact
  ), cells AS MATERIALIZED (
    SELECT r.activity, sum(r.work_seconds)::bigint AS work_seconds
    FROM timesheet.daily_report AS r JOIN reported AS t ON t.client_group_id = r.client_group_id
      AND r.workday BETWEEN t.first_day AND t.last_day
    WHERE r.workday BETWEEN (SELECT min(t.first_day) FROM reported AS t) AND (SELECT max(t.last_day) FROM reported AS t)
    GROUP BY r.activity HAVING sum(r.work_seconds) <> 0
  )
  SELECT timesheet.short_name(c.activity), c.work_seconds, h.hours
  FROM (SELECT c.*, row_number() OVER (ORDER BY c.activity) AS n FROM cells AS c) AS c
  JOIN unnest(timesheet.round_hours((SELECT array_agg(c.work_seconds ORDER BY c.activity) FROM cells AS c)))
  WITH ORDINALITY AS h (hours, n) USING (n)
$$;
COMMENT ON FUNCTION timesheet.digest_activities(int, date) IS
  'The same work by activity, the hours rounded all together, so that they sum to the same total.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_activities(int, date)');
