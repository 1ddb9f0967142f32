-- The session rules in plain SQL: the reference text, and the engine where no extension can be loaded.
-- These functions have no SET clause, so that the planner inlines them into the public ones, which
-- fix the search_path and plan each call for its own bounds.
--
-- R7. What a session ends by, in the order of the extension's own list: something ended it up to 3, and
-- from 3 on no person said so. Numbers, as every hour that is summed compares them several times.
CREATE OR REPLACE FUNCTION timesheet.end_reason(code smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT ('{next_activity,break,clock_out,auto_clock_out,running,missing_clock_out,break_left_open}'::text[])[code + 1]
$$;
COMMENT ON FUNCTION timesheet.end_reason(smallint) IS 'The end_reason of timesheet.sessions() that the engines number so, from 0; null for any other number.';
CALL timesheet.set_grants('FUNCTION timesheet.end_reason(smallint)');

-- R1, R2, R5, R6: every live event e of the wanted agents, its next one n, and how e ended.
-- A bound on workdays becomes one on instants: an entry is at most two days before its workday
-- and three days after its end (zones, cut-offs and Jibble's date together), and what ends it or
-- what it ends is at most max_session away. The settings' lengths are of hours alone, so that they
-- can be added to an instant in any time zone. OFFSET 0 keeps what decides about an event from being
-- written out wherever it is used: a short call's time is that of planning it.
CREATE OR REPLACE FUNCTION timesheet.sql_events(since date, until date, for_agent int, as_of timestamptz)
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind smallint, started_at timestamptz, ended_at timestamptz,
  length interval, end_code smallint, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT e.agent_id, e.client_group_id, e.activity_id, e.workday, e.kind, e.start_time_utc,
    CASE WHEN e.is_closed THEN e.next_time ELSE e.open_end END,
    CASE WHEN e.is_closed THEN e.next_time ELSE e.open_end END - e.start_time_utc,
    CASE
      WHEN e.is_closed THEN
        CASE e.next_code WHEN 2 THEN 0::smallint WHEN 1 THEN 1::smallint WHEN 0 THEN 2::smallint ELSE 3::smallint END
      WHEN e.kind = 0 THEN NULL
      WHEN e.is_running THEN 4::smallint
      WHEN e.kind = 2 THEN 5::smallint
      ELSE 6::smallint
    END,
    e.jibble_activity_id
  FROM (
    SELECT c.*,
      -- R6: where it ends if nothing closes it.
      CASE
        WHEN c.is_closed THEN NULL
        WHEN c.is_running THEN greatest(c.start_time_utc, coalesce(sql_events.as_of, now()))
        WHEN c.kind < 2 OR (SELECT s.missing_clock_out FROM timesheet.settings AS s) = 'zero' THEN c.start_time_utc
        ELSE least(c.workday_end, c.start_time_utc + (SELECT s.max_session FROM timesheet.settings AS s), CASE WHEN c.has_next THEN c.next_time END)
      END AS open_end
    FROM (
      SELECT g.*,
        -- R5: n closes e, unless a forgotten event is the likelier story.
        g.has_next AND g.kind > 0
          AND NOT ((g.kind = 1 OR g.next_code = 2 AND g.next_time > g.workday_end)
                   AND g.next_time > g.start_time_utc + (SELECT s.overnight_switch FROM timesheet.settings AS s)) AS is_closed,
        -- R6: with no n, it may still go on.
        NOT g.has_next AND coalesce(sql_events.as_of, now()) < g.start_time_utc + (SELECT s.max_session FROM timesheet.settings AS s) AS is_running
      FROM (
        SELECT n.*, n.next_time IS NOT NULL AND n.next_time <= n.start_time_utc + (SELECT s.max_session FROM timesheet.settings AS s) AS has_next
        FROM (
          SELECT t.agent_id, t.client_group_id, t.activity_id, t.workday, t.workday_end, t.kind, t.start_time_utc, t.jibble_activity_id,
            lead(t.start_time_utc) OVER later AS next_time,
            -- n's kind, or 3 for an automatic out.
            lead(CASE WHEN t.kind = 0 AND t.is_auto_out THEN 3 ELSE t.kind END) OVER later AS next_code
          FROM timesheet.time_entries AS t
          WHERE t.deleted_at IS NULL AND t.kind < 3
            AND (for_agent IS NULL OR t.agent_id = for_agent)
            -- Dates reach further than instants do.
            AND (since IS NULL OR t.start_time_utc >=
              (least(greatest(since, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC' - interval '48 hours')
            AND (until IS NULL OR t.start_time_utc <
              (least(greatest(until, '4713-01-31 BC'), '294276-11-30') + 3)::timestamp AT TIME ZONE 'UTC' + interval '48 hours')
          WINDOW later AS (PARTITION BY t.agent_id ORDER BY t.start_time_utc, t.kind, t.jibble_activity_id)
        ) AS n
      ) AS g OFFSET 0
    ) AS c
    WHERE timesheet.require_every_row_when_planned() AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row())
  ) AS e
$$;
COMMENT ON FUNCTION timesheet.sql_events(date, date, int, timestamptz) IS
  'Live events in reach of the workdays in [since, until), each with the end, exact length and numbered end reason of the session it opens (null for an out). Not cut to the workdays.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_events(date, date, int, timestamptz)');

-- R12: whole seconds, truncated once.
CREATE OR REPLACE FUNCTION timesheet.truncated_seconds(length interval) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT trunc(date_part('epoch', length))::int
$$;
COMMENT ON FUNCTION timesheet.truncated_seconds(interval) IS 'A length of hours, not days or months, in whole seconds, truncated.';
CALL timesheet.set_grants('FUNCTION timesheet.truncated_seconds(interval)');

-- R8: whose activity an event's time counts for. Under carried_on, events form chains: work, breaks, and the work
-- that ends them, each closed by the next and all of one workday and client group; work that has an activity begins a
-- chain of its own. Work without one takes that of the work at its chain's beginning, which is so many events earlier.
-- Where the caller says that nothing is carried on, the planner drops all of this; null leaves it to the setting.
CREATE OR REPLACE FUNCTION timesheet.sql_attributed_events(since date, until date, for_agent int, as_of timestamptz, carries_on boolean)
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind smallint, started_at timestamptz, ended_at timestamptz,
  length interval, end_code smallint, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT a.agent_id, a.client_group_id,
    CASE
      WHEN a.kind = 2 AND coalesce(carries_on, (SELECT s.activity_after_break = 'carried_on' FROM timesheet.settings AS s))
        THEN a.chain_activity_id
      ELSE a.activity_id
    END,
    a.workday, a.kind, a.started_at, a.ended_at, a.length, a.end_code, a.jibble_activity_id
  FROM (
    SELECT c.*, lag(CASE WHEN c.kind = 2 THEN c.activity_id END, (c.number - c.chain_number)::int) OVER earlier AS chain_activity_id
    FROM (
      SELECT n.*, max(n.number) FILTER (WHERE n.begins_chain) OVER earlier AS chain_number
      FROM (
        SELECT e.*, row_number() OVER earlier AS number,
          e.kind = 2 AND e.activity_id IS NOT NULL
            OR NOT coalesce(
              (lag(CASE WHEN e.kind = 2 THEN e.end_code = 1 WHEN e.kind = 1 THEN e.end_code IN (0, 1) END) OVER earlier)
              AND (lag(e.workday) OVER earlier) = e.workday
              AND (lag(e.client_group_id) OVER earlier) IS NOT DISTINCT FROM e.client_group_id, false) AS begins_chain
        FROM timesheet.sql_events(since, until, for_agent, as_of) AS e
        WINDOW earlier AS (PARTITION BY e.agent_id ORDER BY e.started_at, e.kind, e.jibble_activity_id)
      ) AS n
      WINDOW earlier AS (PARTITION BY n.agent_id ORDER BY n.started_at, n.kind, n.jibble_activity_id)
    ) AS c
    WINDOW earlier AS (PARTITION BY c.agent_id ORDER BY c.started_at, c.kind, c.jibble_activity_id)
  ) AS a
$$;
COMMENT ON FUNCTION timesheet.sql_attributed_events(date, date, int, timestamptz, boolean) IS
  'timesheet.sql_events(), each work event with the activity that its time counts for (R8). carries_on is whether activities are carried on over breaks; null: as settings.activity_after_break says.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_attributed_events(date, date, int, timestamptz, boolean)');

-- R7, R8.
CREATE OR REPLACE FUNCTION timesheet.sql_sessions(since date, until date, for_agent int, as_of timestamptz, carries_on boolean DEFAULT NULL)
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, kind text, started_at timestamptz, ended_at timestamptz,
  seconds bigint, end_reason text, is_complete boolean, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT e.agent_id, e.client_group_id, e.activity_id, e.workday, CASE e.kind WHEN 2 THEN 'work' ELSE 'break' END,
    e.started_at, e.ended_at, timesheet.truncated_seconds(e.length)::bigint, timesheet.end_reason(e.end_code), e.end_code <= 3, e.jibble_activity_id
  FROM timesheet.sql_attributed_events(since, until, for_agent, as_of, carries_on) AS e
  WHERE e.kind > 0 AND (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
$$;
COMMENT ON FUNCTION timesheet.sql_sessions(date, date, int, timestamptz, boolean) IS 'timesheet.sessions() by the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_sessions(date, date, int, timestamptz, boolean)');

-- R8, R10, R11: the sessions and the hour entries of the workdays, summed by week, or by day where
-- by_week is false. OFFSET 0 keeps what several sums need from being computed for each of them.
CREATE OR REPLACE FUNCTION timesheet.sql_hours(since date, until date, for_agent int, as_of timestamptz, by_week boolean, carries_on boolean)
RETURNS TABLE (
  period date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT CASE WHEN by_week THEN timesheet.week_start(s.workday, s.week_starts_on) ELSE s.workday END,
    s.agent_id, s.client_group_id, s.activity_id,
    coalesce(sum(s.seconds) FILTER (WHERE s.kind = 2), 0) + coalesce(sum(s.manual_seconds) FILTER (WHERE s.is_manual), 0)::bigint,
    coalesce(sum(s.seconds) FILTER (WHERE s.kind = 2 AND s.end_code BETWEEN 3 AND 5), 0),
    coalesce(sum(s.seconds) FILTER (WHERE s.kind = 1), 0),
    coalesce(sum(s.manual_seconds) FILTER (WHERE s.is_manual), 0)::bigint,
    (count(*) FILTER (WHERE s.kind = 2))::int,
    (count(*) FILTER (WHERE s.end_code = 5))::int
  FROM (
    SELECT p.*, coalesce(g.week_starts_on, (SELECT r.week_starts_on FROM timesheet.settings AS r)) AS week_starts_on
    FROM (
      SELECT e.workday, e.agent_id, e.client_group_id, e.activity_id, e.kind, e.end_code, timesheet.truncated_seconds(e.length) AS seconds,
        false AS is_manual, 0::bigint AS manual_seconds
      FROM timesheet.sql_attributed_events(since, until, for_agent, as_of, carries_on) AS e
      WHERE e.kind > 0 AND (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
      UNION ALL
      SELECT h.workday, h.agent_id, h.client_group_id, h.activity_id, NULL, NULL, NULL, true, h.seconds
      FROM timesheet.hour_entries AS h
      WHERE h.deleted_at IS NULL AND (for_agent IS NULL OR h.agent_id = for_agent)
        AND (since IS NULL OR h.workday >= since) AND (until IS NULL OR h.workday < until)
    ) AS p
    LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = p.client_group_id
    OFFSET 0
  ) AS s
  GROUP BY 1, s.agent_id, s.client_group_id, s.activity_id
$$;
COMMENT ON FUNCTION timesheet.sql_hours(date, date, int, timestamptz, boolean, boolean) IS 'Hours by week or by workday, for the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_hours(date, date, int, timestamptz, boolean, boolean)');

CREATE OR REPLACE FUNCTION timesheet.sql_daily_hours(since date, until date, for_agent int, as_of timestamptz, carries_on boolean DEFAULT NULL)
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT * FROM timesheet.sql_hours(since, until, for_agent, as_of, false, carries_on)
$$;
COMMENT ON FUNCTION timesheet.sql_daily_hours(date, date, int, timestamptz, boolean) IS 'timesheet.daily_hours() by the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_daily_hours(date, date, int, timestamptz, boolean)');

CREATE OR REPLACE FUNCTION timesheet.sql_weekly_hours(since date, until date, for_agent int, as_of timestamptz, carries_on boolean DEFAULT NULL)
RETURNS TABLE (
  week_start date, agent_id int, client_group_id int, activity_id int, work_seconds bigint, unconfirmed_seconds bigint,
  break_seconds bigint, manual_seconds bigint, session_count int, incomplete_count int)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  SELECT * FROM timesheet.sql_hours(since, until, for_agent, as_of, true, carries_on)
$$;
COMMENT ON FUNCTION timesheet.sql_weekly_hours(date, date, int, timestamptz, boolean) IS 'timesheet.weekly_hours() by the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_weekly_hours(date, date, int, timestamptz, boolean)');

CREATE OR REPLACE FUNCTION timesheet.sql_notes(since date, until date, for_agent int, as_of timestamptz)
RETURNS TABLE (
  workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  WITH events AS (
    SELECT e.*, e.length > r.long_session AS is_long, timesheet.truncated_seconds(r.long_session)::bigint AS long_seconds,
      timesheet.truncated_seconds(e.length)::bigint AS seconds,
      -- An out closes something if the event before it says so.
      coalesce(lag(e.end_code) OVER earlier IN (2, 3), false) AS closes,
      e.client_group_id IS NULL
        AND row_number() OVER (PARTITION BY e.agent_id, e.workday, e.client_group_id IS NULL
                               ORDER BY e.started_at, e.kind, e.jibble_activity_id) = 1 AS is_first_without_group
    FROM timesheet.sql_events(since, until, for_agent, as_of) AS e CROSS JOIN timesheet.settings AS r
    WHERE coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row()) -- before settings are found to be none
    WINDOW earlier AS (PARTITION BY e.agent_id ORDER BY e.started_at, e.kind, e.jibble_activity_id)
  )
  SELECT e.workday, e.agent_id, e.client_group_id, n.code, e.started_at, n.detail, e.jibble_activity_id
  FROM events AS e
  CROSS JOIN LATERAL (
    SELECT 'missing_clock_out' AS code, 'no clock-out; counted ' || timesheet.length_text(e.seconds) AS detail
      WHERE e.end_code = 5
    UNION ALL SELECT 'break_left_open', 'the break has no end; counted ' || timesheet.length_text(e.seconds)
      WHERE e.end_code = 6
    UNION ALL SELECT 'auto_clock_out', 'Jibble clocked out by itself; counted ' || timesheet.length_text(e.seconds)
      WHERE e.end_code = 3 AND e.kind = 2
    UNION ALL SELECT 'long_session', 'work of ' || timesheet.length_text(e.seconds) || ', longer than '
        || timesheet.length_text(e.long_seconds)
      WHERE e.kind = 2 AND e.is_long
    UNION ALL SELECT 'clock_out_without_clock_in', 'nothing was open to clock out of'
      WHERE e.kind = 0 AND NOT e.closes
    UNION ALL SELECT 'no_client_group', 'the agent was in no client group'
      WHERE e.is_first_without_group
  ) AS n
  WHERE (since IS NULL OR e.workday >= since) AND (until IS NULL OR e.workday < until)
$$;
COMMENT ON FUNCTION timesheet.sql_notes(date, date, int, timestamptz) IS 'The notes that sessions give, for timesheet.notes(), by the sql engine.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_notes(date, date, int, timestamptz)');
