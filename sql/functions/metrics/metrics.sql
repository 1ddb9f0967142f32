-- What a monitoring system asks for every minute: no report is computed for it, and it names no person.
CREATE OR REPLACE VIEW timesheet.metrics AS
SELECT m.name, m.labels, m.value
FROM (
  SELECT f.name, '{}'::jsonb AS labels, f.value::double precision
  FROM timesheet.feed_health AS h
  CROSS JOIN LATERAL (VALUES
    ('timesheet_feed_age_seconds', extract(epoch FROM h.age)),
    ('timesheet_feed_stale', h.is_stale::int),
    ('timesheet_last_success_timestamp_seconds', extract(epoch FROM h.last_success_at)),
    ('timesheet_last_nightly_timestamp_seconds', extract(epoch FROM h.last_nightly_at)),
    ('timesheet_failed_runs', h.failed_since_success),
    ('timesheet_backlog', h.backlog),
    ('timesheet_rejected', h.rejected),
    ('timesheet_silent_agents', h.silent_agents),
    ('timesheet_deletions_held', h.deletions_held),
    ('timesheet_audit_days_differing', h.audit_days_differing)) AS f (name, value)
  UNION ALL
  SELECT 'timesheet_info', jsonb_build_object('engine', timesheet.engine(), 'postgresql',
    split_part(current_setting('server_version'), ' ', 1)), 1
  UNION ALL
  SELECT 'timesheet_schema_version', '{}', max(s.version) FROM timesheet.schema_migrations AS s
  UNION ALL
  SELECT 'timesheet_days_to_refresh', '{}', count(*) FROM timesheet.stale_agent_days
  UNION ALL
  SELECT 'timesheet_agents', jsonb_build_object('status', coalesce(a.status, 'unknown')), count(*)
  FROM timesheet.agents AS a GROUP BY coalesce(a.status, 'unknown')
  UNION ALL
  SELECT 'timesheet_agents_working', '{}', count(*)
  FROM timesheet.agents AS a
  CROSS JOIN LATERAL (
    SELECT e.start_time_utc, e.kind FROM timesheet.time_entries AS e
    WHERE e.agent_id = a.agent_id AND e.deleted_at IS NULL AND e.kind < 3 AND e.start_time_utc <= now()
    ORDER BY e.start_time_utc DESC, e.kind DESC, e.jibble_activity_id DESC LIMIT 1) AS l
  WHERE l.kind > 0 AND l.start_time_utc > now() - (SELECT s.max_session FROM timesheet.settings AS s)
  UNION ALL
  SELECT 'timesheet_alerts_open', jsonb_build_object('kind', k.kind), count(a.alert_id)
  FROM unnest('{stale_feed,failing_runs,deletions_held,audit_differs,digest_overdue,digest_failed,digest_in_doubt,'
    'entries_rejected,contact_problems,sender_refused,poller_unreachable,notification_failed}'::text[]) AS k (kind)
  LEFT JOIN timesheet.alerts AS a ON a.kind = k.kind AND a.resolved_at IS NULL GROUP BY k.kind
  UNION ALL
  SELECT 'timesheet_emails', jsonb_build_object('kind', k.kind, 'state', t.state), count(d.state)
  FROM unnest('{digest,preview,portal_link,alert,briefing}'::text[]) AS k (kind)
  CROSS JOIN unnest('{queued,sending,sent,failed,in_doubt}'::text[]) AS t (state)
  LEFT JOIN (
    SELECT 'digest' AS kind, d.state FROM timesheet.digest_deliveries AS d
    UNION ALL SELECT m.kind, m.state FROM timesheet.outbox_messages AS m
  ) AS d USING (kind, state)
  GROUP BY k.kind, t.state
  UNION ALL
  SELECT 'timesheet_webhook_messages', jsonb_build_object('state', t.state), count(w.webhook_message_id)
  FROM unnest('{queued,sending,sent,failed}'::text[]) AS t (state)
  LEFT JOIN timesheet.webhook_messages AS w USING (state) GROUP BY t.state
) AS m (name, labels, value)
WHERE m.value IS NOT NULL AND timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.metrics IS
  'The state of feed, alerts and e-mails as numbers for a monitoring system, of this instant: see '
  'timesheet.metric_texts() and timesheet.openmetrics(). What is not known has no row. It names no person.';
COMMENT ON COLUMN timesheet.metrics.name IS 'As Prometheus names it; all are gauges.';
COMMENT ON COLUMN timesheet.metrics.labels IS 'An object of texts; {} mostly.';
CALL timesheet.set_grants('TABLE timesheet.metrics', 'SELECT TO timesheet_ingest, timesheet_reader');
