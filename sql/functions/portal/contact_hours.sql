-- Rounded as in the contact's digest of the same week (R12): first cells of client group, agent and day, all that the
-- digest reported together, then their activities; unconfirmed hours first by agent. So each sum that the digest shows
-- is the sum of these rows, also where the contact has got another client group since: the week of that one, which no
-- digest reported, is rounded alone. What is computed begins and ends twelve days apart from what is asked for, as
-- weeks that begin on different days share a digest.
CREATE OR REPLACE FUNCTION timesheet.contact_hours(for_contact int, since date, until date)
RETURNS TABLE (workday date, week_start date, client_group text, client_group_code text, agent text, activity text,
  hours numeric, unconfirmed_hours numeric, break_hours numeric, sessions int, incomplete_sessions int,
  work_seconds bigint, unconfirmed_seconds bigint, break_seconds bigint, manual_seconds bigint, client_group_id int,
  agent_id int, activity_id int)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  own CONSTANT int[] := timesheet.client_groups_of_contact(for_contact);
  given timesheet.daily_report[]; -- all arrays have one order: tables would be joined row by row
  digests int[]; -- which were reported together, by number
  cells int[];
  people int[];
  work bigint[];
  doubtful bigint[];
  worked numeric[];
  unconfirmed numeric[];
  breaks numeric[];
BEGIN
  SELECT array_agg(o.r ORDER BY o.n), array_agg(o.digest ORDER BY o.n), array_agg(o.cell ORDER BY o.n),
    array_agg(o.person ORDER BY o.n) INTO given, digests, cells, people
  FROM (
    SELECT r, dense_rank() OVER (ORDER BY d.week, t.delivery_id NULLS FIRST)::int AS digest,
      dense_rank() OVER (ORDER BY d.week, r.client_group_id, r.agent_id, r.workday)::int AS cell,
      dense_rank() OVER (ORDER BY d.week, r.client_group_id, r.agent_id)::int AS person,
      row_number() OVER (ORDER BY d.week, t.delivery_id NULLS FIRST, r.client_group_id, r.agent_id, r.workday,
        r.activity_id NULLS FIRST) AS n
    FROM timesheet.daily_report AS r CROSS JOIN LATERAL (SELECT timesheet.week_start(r.week_start + 6, 1)) AS d (week)
    LEFT JOIN (
      SELECT s.week, s.client_group_id, max(s.delivery_id) AS delivery_id
      FROM timesheet.digest_reported_weeks AS s JOIN timesheet.digest_deliveries AS e USING (delivery_id)
      WHERE e.contact_id = for_contact AND e.state <> 'failed' GROUP BY s.week, s.client_group_id
    ) AS t ON t.week = d.week AND t.client_group_id = r.client_group_id
    WHERE r.client_group_id = ANY (own) AND r.workday >= since - 12 AND r.workday < until + 12
  ) AS o;
  SELECT array_agg(g.work_seconds ORDER BY g.n), array_agg(g.unconfirmed_seconds ORDER BY g.n),
    timesheet.round_by_digest(digests, array_agg(g.n::int ORDER BY g.n), array_agg(g.break_seconds ORDER BY g.n))
  INTO work, doubtful, breaks
  FROM (SELECT r.*, row_number() OVER () AS n FROM unnest(given) AS r) AS g;
  worked := timesheet.round_parts(work, cells, timesheet.round_by_digest(digests, cells, work));
  unconfirmed := timesheet.round_parts(doubtful, people, ARRAY(
    SELECT least(u.rounded, sum(u.hours) OVER (PARTITION BY u.person))
    FROM unnest(people, worked, timesheet.round_by_digest(digests, people, doubtful)) WITH ORDINALITY
      AS u (person, hours, rounded, n) ORDER BY u.n), worked);
  RETURN QUERY
    SELECT u.workday, u.week_start, c.name, u.client_group_code,
      coalesce(a.name, timesheet.name_without_address(u.agent)), u.activity, u.rounded,
      u.rounded_unconfirmed, u.rounded_breaks, u.sessions, u.incomplete_sessions, u.work_seconds,
      u.unconfirmed_seconds, u.break_seconds, u.manual_seconds, u.client_group_id, u.agent_id, u.activity_id
    FROM unnest(given, worked, unconfirmed, breaks) AS u (workday, week_start, client_group, client_group_code, agent,
      activity, hours, unconfirmed_hours, break_hours, sessions, incomplete_sessions, work_seconds, unconfirmed_seconds,
      break_seconds, manual_seconds, client_group_id, agent_id, activity_id, client_group_jibble_id, agent_jibble_id,
      activity_jibble_id, rounded, rounded_unconfirmed, rounded_breaks) -- the columns of timesheet.daily_report first
    JOIN timesheet.client_groups_shown(own) AS c ON c.client_group_id = u.client_group_id
    LEFT JOIN timesheet.agents_shown(own) AS a ON a.agent_id = u.agent_id
    WHERE u.workday >= since AND u.workday < until;
END
$$;
COMMENT ON FUNCTION timesheet.contact_hours(int, date, date) IS
  'timesheet.daily_report for the client groups of a contact and the workdays in [since, until), hours with two '
  'decimals as its digests show them, and without Jibble''s ids.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_hours(int, date, date)');
