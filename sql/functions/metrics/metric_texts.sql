-- One text for each: what Prometheus shows with a metric.
CREATE OR REPLACE FUNCTION timesheet.metric_texts() RETURNS TABLE (place bigint, name text, meaning text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT row_number() OVER (), t.name, t.meaning FROM (VALUES
    ('timesheet_info', 'What is installed here: the session engine, the version of PostgreSQL; always 1.'),
    ('timesheet_schema_version', 'The number of the last step of the schema.'),
    ('timesheet_feed_age_seconds', 'How long ago Jibble was last read up to the present.'),
    ('timesheet_feed_stale', '1 if that is longer ago than settings.stale_after, else 0.'),
    ('timesheet_last_success_timestamp_seconds', 'When the last read that reached the present ended.'),
    ('timesheet_last_nightly_timestamp_seconds', 'When the last nightly read that succeeded began.'),
    ('timesheet_failed_runs', 'Runs that failed since the last read that reached the present.'),
    ('timesheet_backlog', 'Versions of objects that were stored and are not in the hours yet.'),
    ('timesheet_rejected', 'Objects whose last version could not be understood.'),
    ('timesheet_deletions_held', 'Entries that Jibble no longer shows and that count until a person decides.'),
    ('timesheet_days_to_refresh', 'Days of agents that reports compute when they are read, until the next refresh.'),
    ('timesheet_audit_days_differing', 'Days of agents on which the last audit found other hours than Jibble''s.'),
    ('timesheet_agents', 'Agents by their status in Jibble.'),
    ('timesheet_agents_working', 'Agents that work or have a break now.'),
    ('timesheet_silent_agents', 'Agents that are silent for longer than they used to be.'),
    ('timesheet_alerts_open', 'Alerts that are not over, by kind.'),
    ('timesheet_emails', 'E-mails queued so far, by kind and state.'),
    ('timesheet_webhook_messages', 'Messages to the webhook of the last 90 days, by state.')
  ) AS t (name, meaning)
$$;
COMMENT ON FUNCTION timesheet.metric_texts() IS 'The metrics of timesheet.metrics in their order, and what each says.';
CALL timesheet.set_grants('FUNCTION timesheet.metric_texts()');
