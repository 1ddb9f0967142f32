CREATE OR REPLACE FUNCTION timesheet.refresh() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
DECLARE
  marks bigint[];
  agents int[];
  days date[];
  -- Stale days of one agent that lie close together are computed at once.
  island_agents int[];
  island_begins date[];
  island_ends date[];
BEGIN
  PERFORM timesheet.reassign_changed_zones(); -- before the lock: it takes the writers'
  PERFORM timesheet.lock_refresh();
  -- Marks that a dump brought from an older server bear the numbers of transactions that are still to come here,
  -- and the transaction would then leave its own mark out: they are set again, and later callers wait for that.
  WITH brought AS (
    DELETE FROM timesheet.stale_days AS s WHERE s.marked_by >= pg_snapshot_xmax(pg_current_snapshot()) RETURNING s.agent_id, s.workday
  )
  INSERT INTO timesheet.stale_days (agent_id, workday) SELECT DISTINCT b.agent_id, b.workday FROM brought AS b ON CONFLICT DO NOTHING;
  -- The marks first; what is computed after sees at least what they were set for.
  SELECT array_agg(s.stale_day_id) INTO marks FROM timesheet.stale_days AS s;
  IF marks IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM timesheet.require_writable();
  SELECT array_agg(d.agent_id ORDER BY d.agent_id, d.workday), array_agg(d.workday ORDER BY d.agent_id, d.workday) INTO agents, days
  FROM (SELECT DISTINCT s.agent_id, s.workday FROM timesheet.stale_days AS s WHERE s.stale_day_id = ANY (marks)) AS d;
  SELECT array_agg(i.agent_id), array_agg(i.since), array_agg(i.until) INTO island_agents, island_begins, island_ends
  FROM (
    SELECT n.agent_id, min(n.workday) AS since, max(n.workday) + 1 AS until
    FROM (
      SELECT g.*, sum(g.is_new) OVER (PARTITION BY g.agent_id ORDER BY g.workday) AS island
      FROM (
        SELECT d.agent_id, d.workday,
          CASE WHEN d.workday - lag(d.workday) OVER (PARTITION BY d.agent_id ORDER BY d.workday) <= 7 THEN 0 ELSE 1 END AS is_new
        FROM unnest(agents, days) AS d (agent_id, workday)
      ) AS g
    ) AS n
    GROUP BY n.agent_id, n.island
  ) AS i;

  DELETE FROM timesheet.daily_rollup AS r USING unnest(agents, days) AS d (agent_id, workday) WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  INSERT INTO timesheet.daily_rollup (agent_id, workday, client_group_id, activity_id, week_start, work_seconds, unconfirmed_seconds,
    break_seconds, manual_seconds, session_count, incomplete_count)
  SELECT h.agent_id, h.workday, coalesce(h.client_group_id, 0), coalesce(h.activity_id, 0),
    timesheet.week_start(h.workday, coalesce(g.week_starts_on, r.week_starts_on)),
    h.work_seconds, h.unconfirmed_seconds, h.break_seconds, h.manual_seconds, h.session_count, h.incomplete_count
  FROM unnest(island_agents, island_begins, island_ends) AS i (agent_id, since, until)
  CROSS JOIN LATERAL timesheet.daily_hours(i.since, i.until, i.agent_id) AS h
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = h.agent_id AND d.workday = h.workday
  CROSS JOIN timesheet.settings AS r
  LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = h.client_group_id;

  DELETE FROM timesheet.session_rollup AS r USING unnest(agents, days) AS d (agent_id, workday) WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  -- An entry that another writer is moving to a day not marked yet may still be there.
  INSERT INTO timesheet.session_rollup AS r (jibble_activity_id, agent_id, workday, client_group_id, activity_id, kind, started_at, ended_at,
    seconds, end_reason, is_complete)
  SELECT s.jibble_activity_id, s.agent_id, s.workday, s.client_group_id, s.activity_id, s.kind, s.started_at, s.ended_at,
    s.seconds, s.end_reason, s.is_complete
  FROM unnest(island_agents, island_begins, island_ends) AS i (agent_id, since, until)
  CROSS JOIN LATERAL timesheet.sessions(i.since, i.until, i.agent_id) AS s
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = s.agent_id AND d.workday = s.workday
  ON CONFLICT (jibble_activity_id) DO UPDATE SET agent_id = excluded.agent_id, workday = excluded.workday, client_group_id = excluded.client_group_id,
    activity_id = excluded.activity_id, kind = excluded.kind, started_at = excluded.started_at, ended_at = excluded.ended_at,
    seconds = excluded.seconds, end_reason = excluded.end_reason, is_complete = excluded.is_complete;

  DELETE FROM timesheet.note_rollup AS r USING unnest(agents, days) AS d (agent_id, workday) WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  INSERT INTO timesheet.note_rollup (agent_id, workday, client_group_id, code, at, detail, jibble_activity_id)
  SELECT n.agent_id, n.workday, coalesce(n.client_group_id, 0), n.code, n.at, n.detail, n.jibble_activity_id
  FROM unnest(island_agents, island_begins, island_ends) AS i (agent_id, since, until)
  CROSS JOIN LATERAL timesheet.notes(i.since, i.until, i.agent_id) AS n
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = n.agent_id AND d.workday = n.workday
  WHERE n.code <> 'rejected_entry';

  DELETE FROM timesheet.attendance_rollup AS r USING unnest(agents, days) AS d (agent_id, workday) WHERE r.agent_id = d.agent_id AND r.workday = d.workday;
  INSERT INTO timesheet.attendance_rollup (agent_id, workday, client_group_id, time_zone, clock_in, clock_out, last_activity_at,
    work_seconds, break_seconds, notes, client_groups)
  SELECT t.agent_id, t.workday, coalesce(t.client_group_id, 0), t.time_zone, t.clock_in, t.clock_out, t.last_activity_at,
    t.work_seconds, t.break_seconds, t.notes, t.client_groups
  FROM unnest(island_agents, island_begins, island_ends) AS i (agent_id, since, until)
  CROSS JOIN LATERAL timesheet.attendance_days(i.since, i.until, i.agent_id) AS t
  JOIN unnest(agents, days) AS d (agent_id, workday) ON d.agent_id = t.agent_id AND d.workday = t.workday;

  -- What is running changes with the clock: such a day stays marked, once.
  DELETE FROM timesheet.stale_days AS s
  WHERE s.stale_day_id = ANY (marks)
    AND s.stale_day_id NOT IN (
      SELECT max(k.stale_day_id) FROM timesheet.stale_days AS k
      WHERE k.stale_day_id = ANY (marks)
        AND EXISTS (SELECT FROM timesheet.session_rollup AS r WHERE r.agent_id = k.agent_id AND r.workday = k.workday AND r.end_reason = 'running')
      GROUP BY k.agent_id, k.workday);
  RETURN cardinality(agents);
END
$$;
COMMENT ON FUNCTION timesheet.refresh() IS
  'Stores what is marked in stale_days, so that reports need not compute it; days with a running session stay marked. Reports are exact without it. Returns how many agents'' days were computed.';
CALL timesheet.set_grants('FUNCTION timesheet.refresh()', 'EXECUTE TO timesheet_ingest');
