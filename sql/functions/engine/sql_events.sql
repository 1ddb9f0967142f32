-- The session rules in plain SQL: the reference text of docs/rules.md, and the engine where no extension can be loaded.
-- It is read in this order: sql_events (R1, R2, R5 to R7), sql_attributed_events (R8), sql_sessions, sql_hours (R10 to
-- R12), sql_notes (R13). The extension decides the same in extension/src/engine/session_machine.hpp.
--
-- Each work or break event e opens a session; n, the same agent's next event, mostly closes it. The cases, time running
-- to the right, | the end of e's workday, M the end of max_session, … nothing:
--
--   A   e=====n                    n closes e at its own time
--   B   e=====|==n                 work, work: past the workday's end, not long after: n closes e
--   C   e=====|      n             work, work, longer than overnight_switch: ends at |, incomplete
--   D   e=====|======o             an out closes work however far past the workday's end
--   E   b=====n                    a break ended within overnight_switch
--   F   b            n             a break, longer than overnight_switch: no length, incomplete
--   G   e=====|   M    n           n is later than max_session: as if there were none
--   H   e=====as_of    M           nothing yet, and max_session has not passed: running
--   I   e=====|   M      as_of     nothing within max_session: ends at |, or at M if earlier
--   J   b              M as_of     a break with nothing after it: no length, incomplete
--
-- as_of right of M: it was asked later than M.
-- Under missing_clock_out = zero, the ends at | and M in C, G and I are at e itself.
--
-- The functions of the sql engine have no SET clause, so that the planner inlines them into the public ones, which fix
-- the search_path and plan each call for its own bounds.
CREATE OR REPLACE FUNCTION timesheet.sql_events(since date, until date, for_agent int, as_of timestamptz)
RETURNS TABLE (
  agent_id int, client_group_id int, activity_id int, workday date, is_work boolean, is_break boolean, is_out boolean,
  started_at timestamptz, kind_rank smallint, ended_at timestamptz, end_reason timesheet.end_reason,
  jibble_activity_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
  WITH rules AS (
    SELECT s.max_session, s.overnight_switch, s.missing_clock_out = 'zero' AS counts_nothing,
      coalesce(sql_events.as_of, now()) AS as_of
    FROM timesheet.settings AS s
  ), live AS (
    -- R1: kinds are stored as the ranks that R2 gives them; an unknown type has the next one, 3.
    SELECT t.agent_id, t.client_group_id, t.activity_id, t.workday, t.workday_end, t.start_time_utc,
      t.kind AS kind_rank, t.jibble_activity_id,
      t.kind = 2 AS is_work, t.kind = 1 AS is_break, t.kind = 0 AS is_out, t.is_auto_out
    FROM timesheet.time_entries AS t
    WHERE t.deleted_at IS NULL AND t.kind < 3
      AND (for_agent IS NULL OR t.agent_id = for_agent)
      -- A bound on workdays becomes one on instants: an entry is at most two days before its workday and three days
      -- after its end (zones, cut-offs and Jibble's date together), and what ends it or what it ends is at most
      -- max_session away, which is 48 hours at most. Dates reach further than instants do.
      AND (since IS NULL OR t.start_time_utc >= interval '-48 hours'
        + (least(greatest(since, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC')
      AND (until IS NULL OR t.start_time_utc < interval '48 hours'
        + (least(greatest(until, '4713-01-31 BC'), '294276-11-30') + 3)::timestamp AT TIME ZONE 'UTC')
  ), followed AS (
    -- R2: the next event, n, whenever it is. R7: the reason for which a session ends that n closes. R5: M, and the
    -- time after which n is late; the settings' lengths are in hours, so that they can be added in any time zone.
    SELECT e.*, lead(e.start_time_utc) OVER later AS next_time,
      lead(CASE
        WHEN e.is_work THEN 'next_activity'::timesheet.end_reason
        WHEN e.is_break THEN 'break'
        WHEN e.is_auto_out THEN 'auto_clock_out'
        ELSE 'clock_out'
      END) OVER later AS next_closes_by,
      e.start_time_utc + (SELECT r.max_session FROM rules AS r) AS max_end,
      e.start_time_utc + (SELECT r.overnight_switch FROM rules AS r) AS late_after
    FROM live AS e
    WINDOW later AS (PARTITION BY e.agent_id ORDER BY e.start_time_utc, e.kind_rank, e.jibble_activity_id)
  ), bounded AS (
    -- R5: later than M is as if there were none (G).
    SELECT e.*, e.next_time IS NOT NULL AND e.next_time <= e.max_end AS has_next
    FROM followed AS e
  ), decided AS (
    SELECT e.*,
      -- R5: n closes e (A, B, D, E), unless a forgotten event is the likelier story (C, F).
      NOT e.is_out AND e.has_next
        AND NOT ((e.is_break OR e.next_closes_by = 'next_activity' AND e.next_time > e.workday_end)
                 AND e.next_time > e.late_after) AS is_closed,
      -- R6: with no n, it may still go on (H).
      NOT e.is_out AND NOT e.has_next AND (SELECT r.as_of FROM rules AS r) < e.max_end AS is_running
    FROM bounded AS e
    OFFSET 0 -- keeps the planner from writing all of this out wherever it is used: planning is a short call's time
  )
  SELECT e.agent_id, e.client_group_id, e.activity_id, e.workday, e.is_work, e.is_break, e.is_out,
    e.start_time_utc, e.kind_rank,
    CASE
      WHEN e.is_closed THEN e.next_time
      WHEN e.is_running THEN greatest(e.start_time_utc, (SELECT r.as_of FROM rules AS r))
      WHEN NOT e.is_work OR (SELECT r.counts_nothing FROM rules AS r) THEN e.start_time_utc -- F, J
      ELSE least(e.workday_end, e.max_end, CASE WHEN e.has_next THEN e.next_time END) -- C, G, I
    END,
    CASE
      WHEN e.is_closed THEN e.next_closes_by
      WHEN e.is_running THEN 'running'
      WHEN e.is_work THEN 'missing_clock_out'
      WHEN e.is_break THEN 'break_left_open'
    END,
    e.jibble_activity_id
  FROM decided AS e
  WHERE timesheet.require_every_row_when_planned()
    AND coalesce((SELECT s.singleton FROM timesheet.settings AS s), timesheet.require_every_row())
$$;
COMMENT ON FUNCTION timesheet.sql_events(date, date, int, timestamptz) IS
  'Live events in reach of the workdays in [since, until), each with the end and the end reason of the session that it '
  'opens (an out opens none: its reason is null). kind_rank is the order of kinds at one instant (R2). Not cut to the '
  'workdays.';
CALL timesheet.set_grants('FUNCTION timesheet.sql_events(date, date, int, timestamptz)');
