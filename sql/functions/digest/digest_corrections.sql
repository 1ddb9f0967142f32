-- What was reported of earlier weeks, and the hours of now. Only the days that were reported are compared, also where
-- the client group's week begins on another day since then. 36 seconds are what two decimals can show.
CREATE OR REPLACE FUNCTION timesheet.digest_corrections(for_contact int, before date, most int DEFAULT 6,
  only_sent boolean DEFAULT false)
RETURNS TABLE (week date, client_group_id int, agent_id int, workday date, first_day date, was_seconds bigint,
  was_hours numeric, work_seconds bigint,
  unconfirmed_seconds bigint, hours numeric, through_raw_event bigint, weeks_changed bigint)
LANGUAGE sql STABLE ROWS 100
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH reported AS MATERIALIZED (
    SELECT DISTINCT ON (t.week, t.client_group_id) t.week, t.client_group_id, t.first_day, t.delivery_id,
      d.through_raw_event
    FROM timesheet.digest_deliveries AS d JOIN timesheet.digest_reported_weeks AS t USING (delivery_id)
    WHERE d.contact_id = for_contact AND d.state <> 'failed' AND (d.state IN ('sent', 'in_doubt') OR NOT only_sent)
      AND t.week < before AND t.week >= before - 371
      AND EXISTS (SELECT FROM timesheet.contact_client_groups AS m
        WHERE m.contact_id = for_contact AND m.client_group_id = t.client_group_id)
    ORDER BY t.week, t.client_group_id, t.delivery_id DESC
  ), worked AS MATERIALIZED (
    -- All weeks at once, so that what is stale is computed once.
    SELECT t.week, r.client_group_id, r.agent_id, r.workday, sum(r.work_seconds)::bigint AS work_seconds,
      sum(r.unconfirmed_seconds)::bigint AS unconfirmed_seconds,
      row_number() OVER (PARTITION BY t.week ORDER BY r.client_group_id, r.agent_id, r.workday) AS n
    FROM timesheet.daily_report AS r JOIN reported AS t ON t.client_group_id = r.client_group_id
      AND r.workday BETWEEN t.first_day AND t.first_day + 6
    WHERE r.workday BETWEEN (SELECT min(t.first_day) FROM reported AS t)
      AND (SELECT max(t.first_day) + 6 FROM reported AS t)
    GROUP BY t.week, r.client_group_id, r.agent_id, r.workday HAVING sum(r.work_seconds) <> 0
  ), cells AS (
    SELECT c.*, h.hours FROM worked AS c
    JOIN (SELECT w.week, u.n, u.hours
          FROM (SELECT c.week, array_agg(c.work_seconds ORDER BY c.n) AS seconds FROM worked AS c GROUP BY c.week) AS w
          CROSS JOIN LATERAL unnest(timesheet.round_hours(w.seconds)) WITH ORDINALITY AS u (hours, n)
         ) AS h USING (week, n)
  ), compared AS MATERIALIZED (
    SELECT week, client_group_id, agent_id, workday, coalesce(f.hours, 0.00) AS was_hours,
      coalesce(f.work_seconds, 0) AS was_seconds,
      coalesce(c.work_seconds, 0) AS work_seconds, coalesce(c.unconfirmed_seconds, 0) AS unconfirmed_seconds,
      coalesce(c.hours, 0.00) AS hours,
      coalesce(c.work_seconds, 0) - coalesce(f.work_seconds, 0) AS moved
    FROM (SELECT f.* FROM reported AS t
          JOIN timesheet.digest_figures AS f USING (delivery_id, week, client_group_id)) AS f
    FULL JOIN cells AS c USING (week, client_group_id, agent_id, workday)
  ), changed AS (
    SELECT a.week FROM (
      SELECT c.week, sum(c.moved) AS moved, max(abs(c.moved)) AS most FROM compared AS c
      GROUP BY c.week, c.client_group_id, c.agent_id
    ) AS a GROUP BY a.week HAVING abs(sum(a.moved)) >= 36 OR max(abs(a.moved)) >= 36 OR max(a.most) >= 36
  )
  SELECT c.week, c.client_group_id, c.agent_id, c.workday, t.first_day, c.was_seconds, c.was_hours, c.work_seconds,
    c.unconfirmed_seconds, c.hours,
    t.through_raw_event, w.weeks_changed
  FROM compared AS c
  JOIN reported AS t USING (week, client_group_id)
  JOIN (SELECT d.week, count(*) OVER () AS weeks_changed FROM changed AS d
        ORDER BY d.week DESC LIMIT most) AS w USING (week)
$$;
COMMENT ON FUNCTION timesheet.digest_corrections(int, date, int, boolean) IS
  'The weeks before the given key that were reported to the contact and have changed since by a hundredth of an hour, '
  'in total, for an agent or for an agent''s day: every cell as it was last reported and as it is now. A year back; '
  'the last weeks, at most this many; the others wait for the next digest. weeks_changed counts all. only_sent: as '
  'the e-mails reported them that may have arrived, without those that are still queued.';
CALL timesheet.set_grants('FUNCTION timesheet.digest_corrections(int, date, int, boolean)');
