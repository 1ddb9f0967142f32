-- What reports are made of, stored by agent and workday. A day is either settled, and then every row
-- here is what the engine says; or marked in stale_days, and then its rows here count for nothing.
-- In the keys 0 stands for no client group and no activity; of sessions, which have another key, null does.

CREATE TABLE timesheet.daily_rollup (
  agent_id            int NOT NULL,
  workday             date NOT NULL,
  client_group_id     int NOT NULL,
  activity_id         int NOT NULL,
  week_start          date NOT NULL,
  work_seconds        bigint NOT NULL,
  unconfirmed_seconds bigint NOT NULL,
  break_seconds       bigint NOT NULL,
  manual_seconds      bigint NOT NULL,
  session_count       int NOT NULL,
  incomplete_count    int NOT NULL,
  PRIMARY KEY (agent_id, workday, client_group_id, activity_id)
);
CREATE INDEX daily_rollup_week ON timesheet.daily_rollup (week_start, client_group_id);
CREATE INDEX daily_rollup_client_group ON timesheet.daily_rollup (client_group_id, week_start);
CREATE INDEX daily_rollup_workday ON timesheet.daily_rollup (workday, client_group_id);
COMMENT ON TABLE timesheet.daily_rollup IS 'timesheet.daily_hours() of settled days, stored; read timesheet.daily_report and weekly_report instead.';
COMMENT ON COLUMN timesheet.daily_rollup.week_start IS 'The first day of the client group''s week that holds the workday (R11).';

CREATE TABLE timesheet.session_rollup (
  jibble_activity_id uuid PRIMARY KEY,
  agent_id           int NOT NULL,
  workday            date NOT NULL,
  client_group_id    int,
  activity_id        int,
  kind               text NOT NULL,
  started_at         timestamptz NOT NULL,
  ended_at           timestamptz NOT NULL,
  seconds            bigint NOT NULL,
  end_reason         text NOT NULL,
  is_complete        boolean NOT NULL
);
CREATE INDEX session_rollup_day ON timesheet.session_rollup (agent_id, workday);
CREATE INDEX session_rollup_workday ON timesheet.session_rollup (workday, agent_id);
CREATE INDEX session_rollup_time ON timesheet.session_rollup (started_at, jibble_activity_id);
CREATE INDEX session_rollup_agent ON timesheet.session_rollup (agent_id, started_at, jibble_activity_id);
CREATE INDEX session_rollup_client_group ON timesheet.session_rollup (client_group_id, started_at, jibble_activity_id);
CREATE INDEX session_rollup_client_group_key ON timesheet.session_rollup (coalesce(client_group_id, 0)); -- for a client group by name
COMMENT ON TABLE timesheet.session_rollup IS 'timesheet.sessions() of settled days, stored; read timesheet.session_log instead.';

CREATE TABLE timesheet.note_rollup (
  agent_id           int NOT NULL,
  workday            date NOT NULL,
  client_group_id    int NOT NULL,
  code               text NOT NULL,
  at                 timestamptz NOT NULL,
  detail             text NOT NULL,
  jibble_activity_id uuid NOT NULL,
  PRIMARY KEY (agent_id, workday, jibble_activity_id, code)
);
CREATE INDEX note_rollup_workday ON timesheet.note_rollup (workday, client_group_id);
CREATE INDEX note_rollup_client_group ON timesheet.note_rollup (client_group_id, workday);
COMMENT ON TABLE timesheet.note_rollup IS 'timesheet.notes() of settled days, stored, but for what was not understood; read the view timesheet.notes instead.';

CREATE TABLE timesheet.attendance_rollup (
  agent_id         int NOT NULL,
  workday          date NOT NULL,
  client_group_id  int NOT NULL,
  time_zone        text,
  clock_in         timestamptz,
  clock_out        timestamptz,
  last_activity_at timestamptz,
  work_seconds     bigint NOT NULL,
  break_seconds    bigint NOT NULL,
  notes            text NOT NULL,
  client_groups    int[] NOT NULL,
  PRIMARY KEY (agent_id, workday)
);
CREATE INDEX attendance_rollup_workday ON timesheet.attendance_rollup (workday, agent_id);
CREATE INDEX attendance_rollup_client_group ON timesheet.attendance_rollup (client_group_id, workday);
COMMENT ON TABLE timesheet.attendance_rollup IS 'timesheet.attendance_days() of settled days, stored; read timesheet.attendance instead.';
COMMENT ON COLUMN timesheet.attendance_rollup.client_groups IS 'All client groups that got sessions or manual hours of the day, ascending.';

CREATE FUNCTION timesheet.attendance_days(since date, until date, for_agent int)
RETURNS TABLE (
  agent_id int, workday date, client_group_id int, time_zone text, clock_in timestamptz, clock_out timestamptz, last_activity_at timestamptz,
  work_seconds bigint, break_seconds bigint, notes text, client_groups int[])
LANGUAGE sql STABLE ROWS 1
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH events AS (
    -- The entry of the workday's last session in session order, as R8 gives the session wholly to it; without one the last live entry.
    SELECT DISTINCT ON (e.workday) e.workday, max(e.start_time_utc) OVER (PARTITION BY e.workday) AS last_activity_at, -- R9
      e.kind > 0 AS is_session, e.client_group_id, e.time_zone
    FROM timesheet.time_entries AS e
    WHERE e.agent_id = for_agent AND e.deleted_at IS NULL AND e.kind < 3 AND e.workday >= since AND e.workday < until
      -- An entry lies at most two days before its workday and three after it: see sql_events().
      AND e.start_time_utc >= (least(greatest(since, '4713-01-31 BC'), '294276-11-30') - 2)::timestamp AT TIME ZONE 'UTC'
      AND e.start_time_utc < (least(greatest(until, '4713-01-31 BC'), '294276-11-30') + 3)::timestamp AT TIME ZONE 'UTC'
    ORDER BY e.workday, e.kind > 0 DESC, e.start_time_utc DESC, e.kind DESC, e.jibble_activity_id DESC
  ), sessions AS (
    SELECT s.workday, min(s.started_at) FILTER (WHERE s.kind = 'work') AS clock_in,
      (array_agg(CASE WHEN s.end_reason IN ('clock_out', 'auto_clock_out') THEN s.ended_at END
                 ORDER BY s.started_at DESC, s.kind DESC, s.jibble_activity_id DESC))[1] AS clock_out
    FROM timesheet.sessions(since, until, for_agent) AS s GROUP BY s.workday
  ), hours AS (
    SELECT h.workday, sum(h.work_seconds)::bigint AS work_seconds, sum(h.break_seconds)::bigint AS break_seconds, max(h.client_group_id) AS client_group_id,
      array_agg(DISTINCT coalesce(h.client_group_id, 0)) AS client_groups
    FROM timesheet.daily_hours(since, until, for_agent) AS h GROUP BY h.workday
  ), noted AS (
    SELECT n.workday, string_agg(DISTINCT n.code, ', ' ORDER BY n.code) AS codes
    FROM timesheet.notes(since, until, for_agent) AS n WHERE n.code <> 'rejected_entry' GROUP BY n.workday
  )
  SELECT for_agent, workday, CASE WHEN e.is_session OR h.workday IS NULL THEN e.client_group_id ELSE h.client_group_id END,
    e.time_zone, s.clock_in, s.clock_out, e.last_activity_at,
    coalesce(h.work_seconds, 0), coalesce(h.break_seconds, 0), coalesce(n.codes, ''), coalesce(h.client_groups, '{}')
  FROM events AS e
  FULL JOIN hours AS h USING (workday)
  LEFT JOIN sessions AS s USING (workday)
  LEFT JOIN noted AS n USING (workday)
$$;
COMMENT ON FUNCTION timesheet.attendance_days(date, date, int) IS
  'One agent''s workdays in [since, until) with a live entry or manual hours: clock-in, clock-out and last activity (R9) as instants, seconds of work and break, the codes of its notes, all client groups that got sessions or manual hours (0: none). Client group and working zone are those of the day''s last session (R2). Of a day without one the client group is that of the manual hours, else of the last live entry, and the zone is that entry''s; null without any.';

CREATE VIEW timesheet.refresh_lock AS SELECT 'held while what is stale is computed and stored' AS purpose;
COMMENT ON VIEW timesheet.refresh_lock IS 'Locked, never read: see timesheet.lock_refresh().';

CREATE FUNCTION timesheet.lock_refresh() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$ SELECT timesheet.take_lock('refresh_lock') $$;
COMMENT ON FUNCTION timesheet.lock_refresh() IS 'Held by timesheet.refresh() until its transaction ends, so that no older result is stored over a newer one.';

CREATE FUNCTION timesheet.refresh() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
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
  -- and the transaction would then leave its own mark out: they are set anew, and who comes now waits for that.
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
  -- An entry that another writer is moving to a day not marked yet may stand there still.
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

-- For the job of every minute: what is marked by now the other refresh stores, or the next minute's.
CREATE FUNCTION timesheet.refresh_unless_under_way() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM timesheet.reassign_changed_zones();
  BEGIN
    LOCK TABLE timesheet.refresh_lock IN SHARE UPDATE EXCLUSIVE MODE NOWAIT;
  EXCEPTION WHEN lock_not_available THEN
    RETURN NULL;
  END;
  RETURN timesheet.refresh();
END
$$;
COMMENT ON FUNCTION timesheet.refresh_unless_under_way() IS 'timesheet.refresh(), or null at once while another transaction refreshes.';

-- Nothing is left of what was stored either.
CREATE FUNCTION timesheet.entries_truncated() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO timesheet.stale_days (agent_id, workday)
  SELECT r.agent_id, r.workday FROM timesheet.daily_rollup AS r
  UNION SELECT r.agent_id, r.workday FROM timesheet.session_rollup AS r
  UNION SELECT r.agent_id, r.workday FROM timesheet.note_rollup AS r
  UNION SELECT r.agent_id, r.workday FROM timesheet.attendance_rollup AS r
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.entries_truncated() IS 'Trigger: marks every stored day.';
CREATE TRIGGER entries_truncated AFTER TRUNCATE ON timesheet.time_entries FOR EACH STATEMENT EXECUTE FUNCTION timesheet.entries_truncated();
CREATE TRIGGER entries_truncated AFTER TRUNCATE ON timesheet.hour_entries FOR EACH STATEMENT EXECUTE FUNCTION timesheet.entries_truncated();

INSERT INTO timesheet.schema_migrations (version, name) VALUES (18, '0018_rollup');
