-- Release: 0.1.0
-- Who hears of an alert: the ways by which messages are sent, the messages, and which alerts each of them reported.

ALTER TABLE timesheet.settings
  ADD COLUMN alert_pause interval NOT NULL DEFAULT '01:00'
    CONSTRAINT alert_pause_must_be_positive_and_at_most_24_hours CHECK (alert_pause > '0' AND alert_pause <= '24:00')
    CONSTRAINT alert_pause_must_be_in_hours_without_days_or_months
      CHECK (extract(day FROM alert_pause) = 0 AND extract(month FROM alert_pause) = 0
        AND extract(year FROM alert_pause) = 0),
  ADD COLUMN pass_silence interval NOT NULL DEFAULT '00:10'
    CONSTRAINT pass_silence_must_be_positive_and_at_most_24_hours
      CHECK (pass_silence > '0' AND pass_silence <= '24:00')
    CONSTRAINT pass_silence_must_be_in_hours_without_days_or_months
      CHECK (extract(day FROM pass_silence) = 0 AND extract(month FROM pass_silence) = 0
        AND extract(year FROM pass_silence) = 0);
COMMENT ON COLUMN timesheet.settings.alert_pause IS
  'The least time between two messages about alerts of one kind by one way: what comes within it is gathered into the '
  'next message.';
COMMENT ON COLUMN timesheet.settings.pass_silence IS
  'Without any pass of timesheetd for so long, the database itself posts that the feed is stale, where it has pg_net.';

COMMENT ON COLUMN timesheet.alerts.kind IS
  'stale_feed: nothing was read for longer than settings.stale_after. failing_runs: the last three runs of a command '
  '("sync") failed. deletions_held: something that its source no longer shows is kept until a person decides. '
  'audit_differs: hours of this week ("week 2026-11-16") differ from Jibble''s own. digest_overdue: digests of a week '
  '("week 2026-11-16") are due for more than an hour and not sent. digest_failed, digest_in_doubt: a delivery '
  '("digest 43") failed, or may have been accepted. entries_rejected: objects of Jibble''s could not be read. '
  'contact_problems: something is wrong in the list of contacts. sender_refused: the e-mail provider refuses what all '
  'digests have in common (the sender''s settings, the account or the template), until an e-mail is accepted. '
  'poller_unreachable: the last call of a job by timesheet.schedule_poller() failed, or was refused for 2 hours as '
  'another pass was at work. notification_failed: messages by one way ("webhook", "email ann@example.com") fail. '
  'timesheet.alert_texts() has what each means and what to do.';
COMMENT ON COLUMN timesheet.alerts.subject IS
  'What it is about, where a kind can be about several things: "agent 12", "TimeEntries", "contacts", "sync", '
  '"digest 43"; empty otherwise. A key, not a text for people: a week is named by the ISO date of its first day, and a '
  'digest''s by its key.';
COMMENT ON COLUMN timesheet.alerts.acknowledged_at IS
  'When a person acknowledged it: from then on no message reports it, but it is not resolved.';

CREATE INDEX alerts_resolved ON timesheet.alerts (resolved_at); -- of many, what ended lately

CREATE VIEW timesheet.alerts_lock AS SELECT 'held while alerts are derived from what is stored' AS purpose;
COMMENT ON VIEW timesheet.alerts_lock IS 'Locked, never read: held by timesheet.update_alerts().';

CREATE TABLE timesheet.notification_ways (
  way              text PRIMARY KEY
    CONSTRAINT way_must_be_webhook_or_email_and_an_address CHECK (way = 'webhook' OR way LIKE 'email _%'),
  is_configured    boolean NOT NULL DEFAULT true,
  configured_since timestamptz NOT NULL DEFAULT now(),
  last_seen_at     timestamptz NOT NULL DEFAULT now(),
  page_url         text,
  last_sent_at     timestamptz,
  failing_since    timestamptz,
  failures         int NOT NULL DEFAULT 0,
  last_error       text,
  is_refused       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE timesheet.notification_ways IS
  'The ways by which timesheetd reports alerts, as its environment last had them (ALERT_EMAILS, ALERT_WEBHOOK_URL): '
  'webhook, or email and an address in lower case. The address of the webhook is a secret and not stored.';
COMMENT ON COLUMN timesheet.notification_ways.is_configured IS
  'Whether the last pass of timesheetd that had any way had it, and there was one within 24 hours.';
COMMENT ON COLUMN timesheet.notification_ways.configured_since IS
  'Since when it is configured without a break; of what began and ended before, nothing is reported.';
COMMENT ON COLUMN timesheet.notification_ways.last_seen_at IS
  'When a pass of timesheetd last had it, to the hour.';
COMMENT ON COLUMN timesheet.notification_ways.page_url IS
  'The dashboard, as that pass had it (MAIL_PAGE_URL), for what the database itself posts.';
COMMENT ON COLUMN timesheet.notification_ways.failing_since IS
  'When the first of the attempts that failed since the last one that worked was made; null: the last one worked.';
COMMENT ON COLUMN timesheet.notification_ways.failures IS 'How many attempts in a row failed.';
COMMENT ON COLUMN timesheet.notification_ways.is_refused IS
  'Whether an attempt since the last one that worked was refused for good, as for an address that does not exist.';

CREATE TABLE timesheet.webhook_messages (
  webhook_message_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  kind               text NOT NULL,
  alert_ids          bigint[] NOT NULL,
  body               text NOT NULL,
  state              text NOT NULL DEFAULT 'queued'
    CONSTRAINT state_must_be_queued_sending_sent_or_failed CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
  attempts           int NOT NULL DEFAULT 0,
  created_at         timestamptz NOT NULL DEFAULT now(),
  next_attempt_at    timestamptz NOT NULL DEFAULT now(),
  last_attempt_at    timestamptz,
  sent_at            timestamptz,
  error              text
);
CREATE INDEX webhook_messages_open ON timesheet.webhook_messages (next_attempt_at)
  WHERE state IN ('queued', 'sending');
CREATE INDEX webhook_messages_kind ON timesheet.webhook_messages (kind, created_at);
COMMENT ON TABLE timesheet.webhook_messages IS
  'The messages to the webhook, each about alerts of one kind. A message found in the state sending was left by a '
  'process that died, and is sent again: a webhook gets each at least once.';
COMMENT ON COLUMN timesheet.webhook_messages.body IS
  'The text that is posted, in the form that the service wants (timesheet.webhook_json()). No detail, name or address.';
COMMENT ON COLUMN timesheet.webhook_messages.error IS 'Why the last attempt did not succeed.';

CREATE TABLE timesheet.alert_notifications (
  alert_id           bigint NOT NULL REFERENCES timesheet.alerts ON DELETE CASCADE,
  way                text NOT NULL,
  event              text NOT NULL CONSTRAINT event_must_be_began_or_ended CHECK (event IN ('began', 'ended')),
  queued_at          timestamptz NOT NULL DEFAULT now(),
  delivery_id        bigint,
  webhook_message_id bigint,
  PRIMARY KEY (alert_id, way, event),
  CONSTRAINT it_is_in_one_message CHECK (num_nonnulls(delivery_id, webhook_message_id) <= 1)
);
CREATE INDEX alert_notifications_delivery ON timesheet.alert_notifications (delivery_id);
CREATE INDEX alert_notifications_webhook_message ON timesheet.alert_notifications (webhook_message_id);
COMMENT ON TABLE timesheet.alert_notifications IS
  'Which beginnings and ends of alerts were put into a message, once for each way, or skipped as the alert was '
  'acknowledged: then both ids are null.';
COMMENT ON COLUMN timesheet.alert_notifications.delivery_id IS 'The e-mail, as in timesheet.outbox_messages.';

CREATE TABLE timesheet.pass_failures (
  command  text PRIMARY KEY
    CONSTRAINT command_must_be_contacts_digests_audit_or_notifications
      CHECK (command IN ('contacts', 'digests', 'audit', 'notifications')),
  failures int NOT NULL,
  since    timestamptz,
  last_at  timestamptz NOT NULL,
  error    text
);
COMMENT ON TABLE timesheet.pass_failures IS
  'How the last passes ended that leave no row in timesheet.ingest_runs; see timesheet.record_pass().';
COMMENT ON COLUMN timesheet.pass_failures.failures IS 'How many passes in a row failed; 0: the last one worked.';
COMMENT ON COLUMN timesheet.pass_failures.since IS 'When the first of these failed.';
COMMENT ON COLUMN timesheet.pass_failures.last_at IS 'When the last pass ended, however it did.';

ALTER TABLE timesheet.outbox_messages
  DROP CONSTRAINT kind_must_be_preview_or_portal_link,
  ADD CONSTRAINT kind_must_be_one_that_its_comment_names
    CHECK (kind IN ('preview', 'portal_link', 'alert', 'briefing')),
  ADD COLUMN alert_kind text,
  ADD CONSTRAINT alert_kind_must_be_given_for_alerts_alone CHECK ((alert_kind IS NOT NULL) = (kind = 'alert'));
CREATE INDEX outbox_messages_alert_kind ON timesheet.outbox_messages (alert_kind, recipient, created_at)
  WHERE kind = 'alert';
COMMENT ON COLUMN timesheet.outbox_messages.kind IS
  'preview: a contact''s digest for a member of staff; see timesheet.operate_send_preview(). portal_link: a fresh link '
  'to the portal for a contact that asked for one; see timesheet.queue_portal_links(). alert: what began and ended; '
  'see timesheet.queue_notifications(). briefing: the morning briefing.';
COMMENT ON COLUMN timesheet.outbox_messages.alert_kind IS 'Of an alert: the kind, as in timesheet.alerts.';

DROP FUNCTION IF EXISTS timesheet.next_delivery; -- they can be asked for notifications alone; a new database has none
DROP FUNCTION IF EXISTS timesheet.next_attempt_at;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (15, '0015_alerts');
