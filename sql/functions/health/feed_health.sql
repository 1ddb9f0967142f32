-- Whether the hours are up to date: how fresh they are, what failed, what waits, who is silent.
CREATE OR REPLACE VIEW timesheet.feed_health AS
SELECT
  live.started_at AS fresh_through,
  now() - live.started_at AS age,
  coalesce(now() - live.started_at > (SELECT s.stale_after FROM timesheet.settings AS s),
    failed.ingest_run_id IS NOT NULL
      OR now() - (SELECT min(m.applied_at) FROM timesheet.schema_migrations AS m)
        > (SELECT s.stale_after FROM timesheet.settings AS s), true) AS is_stale,
  live.finished_at AS last_success_at,
  (SELECT max(r.started_at) FROM timesheet.ingest_runs AS r
    WHERE r.command = 'nightly' AND r.status = 'succeeded') AS last_nightly_at,
  failed.finished_at AS last_error_at,
  failed.error AS last_error,
  (SELECT count(*) FROM timesheet.ingest_runs AS r
    WHERE r.status = 'failed' AND r.ingest_run_id > coalesce(live.ingest_run_id, 0)) AS failed_since_success,
  (SELECT count(*) FROM timesheet.raw_events AS r
    WHERE r.raw_event_id > (SELECT s.normalised_through FROM timesheet.ingest_state AS s)) AS backlog,
  (SELECT count(*) FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id)
    WHERE NOT EXISTS (SELECT FROM timesheet.raw_events AS l
      WHERE l.jibble_id = r.jibble_id AND l.resource = r.resource AND l.raw_event_id > r.raw_event_id)) AS rejected,
  (SELECT count(*) FROM timesheet.silent_agents) AS silent_agents,
  (SELECT count(*) FROM timesheet.held_deletions AS h
    WHERE h.resource IN ('TimeEntries', 'HourEntries') AND h.kept_at IS NULL) AS deletions_held,
  audit.audited_at AS last_audit_at,
  audit.since AS audited_since,
  audit.until AS audited_until,
  audit.differing AS audit_days_differing,
  audit.not_compared AS audit_days_not_compared,
  -- Of each agent the 35 days up to its last entry, so that a long history takes no longer.
  (SELECT count(*)
   FROM timesheet.agents AS a
   CROSS JOIN LATERAL (
     SELECT e.kind, e.activity_id, lag(e.kind)
       OVER (ORDER BY e.start_time_utc, e.kind, e.jibble_activity_id) AS kind_before
     FROM timesheet.time_entries AS e
     WHERE e.agent_id = a.agent_id AND e.deleted_at IS NULL AND e.kind < 3
       AND e.start_time_utc > (
         SELECT l.start_time_utc - interval '840 hours' FROM timesheet.time_entries AS l
         WHERE l.agent_id = a.agent_id AND l.deleted_at IS NULL ORDER BY l.start_time_utc DESC LIMIT 1)
   ) AS d
   WHERE d.kind = 2 AND d.kind_before = 1 AND d.activity_id IS NULL) AS without_activity_after_break,
  (SELECT max(c.called_at) FROM timesheet.poller_calls AS c
    WHERE c.answered_at IS NOT NULL AND c.failure IS NULL) AS poller_reached_at,
  (SELECT a.detail FROM timesheet.alerts AS a WHERE a.kind = 'poller_unreachable' AND a.resolved_at IS NULL
    ORDER BY a.since, a.alert_id LIMIT 1) AS poller_error
FROM (VALUES (1)) AS one
-- Only a read that reached the present says how fresh the hours are, whichever command made it: history does not.
LEFT JOIN LATERAL (
  SELECT r.* FROM timesheet.ingest_runs AS r
  WHERE r.status = 'succeeded' AND r.command IN ('sync', 'nightly', 'backfill')
    AND (r.started_at AT TIME ZONE 'UTC')::date BETWEEN r.since AND r.until
  ORDER BY r.ingest_run_id DESC LIMIT 1
) AS live ON true
LEFT JOIN LATERAL (
  SELECT r.* FROM timesheet.ingest_runs AS r WHERE r.status = 'failed' ORDER BY r.ingest_run_id DESC LIMIT 1
) AS failed ON true
LEFT JOIN LATERAL (
  SELECT a.audited_at, a.since, a.until, count(*) FILTER (WHERE f.kind = 'differs') AS differing,
    count(*) FILTER (WHERE f.kind IN ('refused', 'unreadable')) AS not_compared
  FROM (SELECT l.* FROM timesheet.audits AS l ORDER BY l.audit_id DESC LIMIT 1) AS a
  LEFT JOIN timesheet.audit_findings AS f ON f.day BETWEEN a.since AND a.until
  GROUP BY a.audited_at, a.since, a.until
) AS audit ON true
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.feed_health IS 'The state of the feed from Jibble, in one row.';
COMMENT ON COLUMN timesheet.feed_health.fresh_through IS
  'What was in Jibble at this instant, in the window of the last days, is in the hours; null: no read has reached the '
  'present yet.';
COMMENT ON COLUMN timesheet.feed_health.age IS 'How long ago that was.';
COMMENT ON COLUMN timesheet.feed_health.is_stale IS
  'Whether that is longer ago than settings.stale_after. Where no read has reached the present yet: whether one has '
  'failed, or the schema is older than that.';
COMMENT ON COLUMN timesheet.feed_health.last_nightly_at IS
  'When the last nightly read of 35 days that succeeded began.';
COMMENT ON COLUMN timesheet.feed_health.last_error IS
  'Why the last run that failed did, whether or not others succeeded since; see failed_since_success.';
COMMENT ON COLUMN timesheet.feed_health.failed_since_success IS
  'Runs that failed since the last live read that succeeded.';
COMMENT ON COLUMN timesheet.feed_health.backlog IS
  'Raw versions kept but not yet in the hours: those of an open run, and of runs that failed, which the next one that '
  'succeeds takes.';
COMMENT ON COLUMN timesheet.feed_health.rejected IS
  'Objects whose last version could not be read as what it should be; see timesheet.ingest_problems.';
COMMENT ON COLUMN timesheet.feed_health.deletions_held IS
  'How many entries that Jibble no longer shows still count until a person decides; see timesheet.held_deletions, and '
  'timesheet.alerts for why.';
COMMENT ON COLUMN timesheet.feed_health.without_activity_after_break IS
  'Work entries directly after a break to which Jibble gave no activity, of the 35 days up to each agent''s last '
  'entry: what settings.activity_after_break = carried_on is for.';
COMMENT ON COLUMN timesheet.feed_health.silent_agents IS
  'How many agents are unusually silent; see timesheet.silent_agents.';
COMMENT ON COLUMN timesheet.feed_health.last_audit_at IS
  'When our hours were last compared with Jibble''s own; null: never.';
COMMENT ON COLUMN timesheet.feed_health.audited_since IS 'The first day that was compared then.';
COMMENT ON COLUMN timesheet.feed_health.audited_until IS 'The last day that was compared then.';
COMMENT ON COLUMN timesheet.feed_health.audit_days_differing IS
  'On how many of these days of agents the hours differ; see timesheet.audit_findings, kind differs. Days that are '
  'incomplete or differ across midnight alone are not counted.';
COMMENT ON COLUMN timesheet.feed_health.audit_days_not_compared IS
  'How many of these days of agents could not be compared: Jibble refused the person, or its figure cannot be read.';
COMMENT ON COLUMN timesheet.feed_health.poller_reached_at IS
  'When timesheet.schedule_poller()''s jobs last made a call that worked; null: not within 14 days.';
COMMENT ON COLUMN timesheet.feed_health.poller_error IS
  'Why a job of the poller fails, the oldest of the open alerts poller_unreachable; null: none does.';
CALL timesheet.set_grants('TABLE timesheet.feed_health', 'SELECT TO timesheet_ingest, timesheet_reader');
