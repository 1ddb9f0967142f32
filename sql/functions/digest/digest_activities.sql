-- Activities that look the same to a reader are one line, and those that only look so as their names are cut are not.
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
    SELECT r.activity, sum(r.work_seconds)::bigint AS work_seconds, coalesce(min(r.activity_id), 0) AS id,
      CASE WHEN min(r.activity_id) = max(r.activity_id) THEN min(r.activity_id) END AS only_id
    FROM timesheet.daily_report AS r JOIN reported AS t ON t.client_group_id = r.client_group_id
      AND r.workday BETWEEN t.first_day AND t.last_day
    WHERE r.workday BETWEEN (SELECT min(t.first_day) FROM reported AS t) AND (SELECT max(t.last_day) FROM reported AS t)
    GROUP BY r.activity HAVING sum(r.work_seconds) <> 0
  ), named AS (
    SELECT n.id, n.name FROM (
      SELECT array_agg(c.id) AS ids, array_agg(timesheet.short_name(c.activity)) AS names,
        array_agg((SELECT v.code FROM timesheet.activities AS v WHERE v.activity_id = c.only_id)) AS codes
      FROM cells AS c
    ) AS s
    CROSS JOIN LATERAL timesheet.distinct_names(s.ids, s.names, s.codes, NULL) AS n
  )
  SELECT m.name, c.work_seconds, h.hours
  FROM (SELECT c.*, row_number() OVER (ORDER BY c.activity) AS n FROM cells AS c) AS c
  JOIN unnest(timesheet.round_hours((SELECT array_agg(c.work_seconds ORDER BY c.activity) FROM cells AS c)))
    WITH ORDINALITY AS h (hours, n) USING (n)
  JOIN named AS m ON m.id = c.id
$$;
COMMENT ON FUNCTION timesheet.digest_activities(int, date) IS
  'The same work by what the activity is called, the hours rounded all together, so that they sum to the same total.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_activities(int, date)');
