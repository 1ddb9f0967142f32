-- Whether the figures can be believed: how fresh they are, what failed, what waits, who is silent.

-- A night begins at 03:00 of settings.default_time_zone.
CREATE FUNCTION timesheet.deep_read_is_due(at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT (SELECT timesheet.require_every_row()) AND NOT EXISTS (
    SELECT FROM timesheet.ingest_runs AS r CROSS JOIN (SELECT timesheet.default_time_zone()) AS z (zone)
    WHERE r.command = 'nightly' AND r.status = 'succeeded' AND r.started_at <= at
      AND r.started_at >= (date_trunc('day', (at AT TIME ZONE z.zone) - interval '3 hours') + interval '3 hours') AT TIME ZONE z.zone)
$$;
COMMENT ON FUNCTION timesheet.deep_read_is_due(timestamptz) IS
  'Whether the nightly read of 35 days has not succeeded since the last 03:00 in settings.default_time_zone.';

-- An agent who never paused for so long before. Who works Mondays only is not silent on a Sunday.
CREATE VIEW timesheet.silent_agents AS
SELECT a.agent_id, a.full_name, g.name AS client_group, d.last_activity_at, d.longest_gap AS longest_gap_before
FROM timesheet.agents AS a
LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = a.client_group_id
CROSS JOIN LATERAL (
  SELECT max(p.at) AS last_activity_at, max(p.at - p.before) AS longest_gap, count(*) AS events
  FROM (
    SELECT e.start_time_utc AS at, lag(e.start_time_utc) OVER (ORDER BY e.start_time_utc) AS before
    FROM timesheet.time_entries AS e
    WHERE e.agent_id = a.agent_id AND e.deleted_at IS NULL AND e.kind < 3
      AND e.start_time_utc > now() - interval '2016 hours' AND e.start_time_utc <= now()
  ) AS p
) AS d
WHERE a.status IS DISTINCT FROM 'Removed' AND d.events >= 10
  AND now() - d.last_activity_at > greatest(d.longest_gap, interval '48 hours') + interval '24 hours'
  AND timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.silent_agents IS
  'Agents who have been silent for at least three days, and a day longer than ever within the last twelve weeks: on leave, gone, or not recorded any more.';

CREATE VIEW timesheet.feed_health AS
SELECT
  live.started_at AS fresh_through,
  now() - live.started_at AS age,
  now() - live.started_at > (SELECT s.stale_after FROM timesheet.settings AS s) AS is_stale,
  live.finished_at AS last_success_at,
  (SELECT max(r.started_at) FROM timesheet.ingest_runs AS r WHERE r.command = 'nightly' AND r.status = 'succeeded') AS last_deep_read_at,
  failed.finished_at AS last_error_at,
  failed.error AS last_error,
  (SELECT count(*) FROM timesheet.ingest_runs AS r WHERE r.status = 'failed' AND r.ingest_run_id > coalesce(live.ingest_run_id, 0)) AS failed_since_success,
  (SELECT count(*) FROM timesheet.raw_events AS r WHERE r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s)) AS backlog,
  (SELECT count(*) FROM timesheet.ingest_problems) AS not_understood,
  (SELECT count(*) FROM timesheet.silent_agents) AS silent_agents,
  (SELECT count(*) FROM timesheet.held_deletions AS h WHERE h.resource IN ('TimeEntries', 'HourEntries')) AS deletions_held
FROM (VALUES (1)) AS one
-- Only a read that reached the present says how fresh the hours are: history does not.
LEFT JOIN LATERAL (
  SELECT r.* FROM timesheet.ingest_runs AS r
  WHERE r.status = 'succeeded' AND r.command IN ('sync', 'nightly')
    AND (r.started_at AT TIME ZONE 'UTC')::date BETWEEN r.since AND r.until
  ORDER BY r.ingest_run_id DESC LIMIT 1
) AS live ON true
LEFT JOIN LATERAL (
  SELECT r.* FROM timesheet.ingest_runs AS r WHERE r.status = 'failed' ORDER BY r.ingest_run_id DESC LIMIT 1
) AS failed ON true
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.feed_health IS 'The state of the feed from Jibble, in one row.';
COMMENT ON COLUMN timesheet.feed_health.fresh_through IS 'What was in Jibble at this instant, in the window of the last days, is in the hours; null: never read.';
COMMENT ON COLUMN timesheet.feed_health.age IS 'How long ago that was.';
COMMENT ON COLUMN timesheet.feed_health.is_stale IS 'Whether that is longer ago than settings.stale_after; null: never read.';
COMMENT ON COLUMN timesheet.feed_health.last_deep_read_at IS 'When the last nightly read of 35 days that succeeded began.';
COMMENT ON COLUMN timesheet.feed_health.last_error IS 'Why the last run that failed did, whether or not others succeeded since; see failed_since_success.';
COMMENT ON COLUMN timesheet.feed_health.failed_since_success IS 'Runs that failed since the last live read that succeeded.';
COMMENT ON COLUMN timesheet.feed_health.backlog IS 'Raw versions kept but not yet in the hours: those of an open run, and of runs that failed, which the next one that succeeds takes.';
COMMENT ON COLUMN timesheet.feed_health.not_understood IS 'Raw versions that could not be read as what they should be; see timesheet.ingest_problems.';
COMMENT ON COLUMN timesheet.feed_health.deletions_held IS 'How many entries Jibble shows no more that still count until a person decides; see timesheet.held_deletions, and timesheet.alerts for why.';
COMMENT ON COLUMN timesheet.feed_health.silent_agents IS 'How many agents are unusually silent; see timesheet.silent_agents.';

CREATE FUNCTION timesheet.days_read(since date, until date) RETURNS TABLE (day date, read_at timestamptz)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH windows AS MATERIALIZED ( -- few: a day's polls all read the same
    SELECT r.since AS first, r.until AS last, max(r.started_at) AS read_at FROM timesheet.ingest_runs AS r
    WHERE r.status = 'succeeded' AND r.command IN ('sync', 'nightly', 'backfill') AND r.until >= days_read.since AND r.since < days_read.until
    GROUP BY r.since, r.until
  )
  SELECT d.day, (SELECT max(w.read_at) FROM windows AS w WHERE d.day BETWEEN w.first AND w.last)
  FROM (SELECT days_read.since + n AS day FROM generate_series(0, days_read.until - days_read.since - 1) AS n) AS d
$$;
COMMENT ON FUNCTION timesheet.days_read(date, date) IS
  'For each workday in [since, until) when the last read of it that succeeded began; null: never, or longer ago than the ledger reaches.';

CREATE INDEX ingest_runs_by_outcome ON timesheet.ingest_runs (status, command, ingest_run_id);
CREATE INDEX ingest_runs_started ON timesheet.ingest_runs (started_at);
CREATE INDEX ingest_runs_until ON timesheet.ingest_runs (until) WHERE status = 'succeeded'; -- for days_read()

INSERT INTO timesheet.schema_migrations (version, name) VALUES (15, '0015_feed_health');
