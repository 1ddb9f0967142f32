CREATE OR REPLACE FUNCTION timesheet.digest_cells(for_contact int, for_week date)
RETURNS TABLE (client_group_id int, agent_id int, workday date, work_seconds bigint, unconfirmed_seconds bigint,
  hours numeric)
LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH reported AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    WHERE s.contact_id = for_contact
  ), cells AS MATERIALIZED (
    SELECT r.client_group_id, r.agent_id, r.workday, sum(r.work_seconds)::bigint AS work_seconds,
      sum(r.unconfirmed_seconds)::bigint AS unconfirmed_seconds
    FROM timesheet.daily_report AS r JOIN reported AS t ON t.client_group_id = r.client_group_id
      AND r.workday BETWEEN t.first_day AND t.last_day
    WHERE r.workday BETWEEN (SELECT min(t.first_day) FROM reported AS t) AND (SELECT max(t.last_day) FROM reported AS t)
    GROUP BY r.client_group_id, r.agent_id, r.workday HAVING sum(r.work_seconds) <> 0
  )
  SELECT c.client_group_id, c.agent_id, c.workday, c.work_seconds, c.unconfirmed_seconds, h.hours
  FROM (SELECT c.*, row_number() OVER (ORDER BY c.client_group_id, c.agent_id, c.workday) AS n FROM cells AS c) AS c
  JOIN unnest(timesheet.round_hours(
    (SELECT array_agg(c.work_seconds ORDER BY c.client_group_id, c.agent_id, c.workday) FROM cells AS c)))
    WITH ORDINALITY AS h (hours, n) USING (n)
$$;
COMMENT ON FUNCTION timesheet.digest_cells(int, date) IS
  'The work of the contact''s client groups in a digest week, by agent and day, in seconds and as the hours shown: '
  'rounded all together (R12). Cells without work are left out.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_cells(int, date)');
