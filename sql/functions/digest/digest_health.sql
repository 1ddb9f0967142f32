CREATE OR REPLACE VIEW timesheet.digest_health AS
SELECT
  (SELECT count(*) FROM timesheet.digest_deliveries AS d WHERE d.state IN ('queued', 'sending')) AS queued,
  (SELECT count(*) FROM timesheet.digest_deliveries AS d WHERE d.state = 'in_doubt') AS in_doubt,
  (SELECT count(*) FROM timesheet.undelivered_digests AS d WHERE d.state = 'failed') AS failed,
  (SELECT count(*) FROM timesheet.digest_weeks AS w WHERE w.due_at <= now()) AS overdue,
  (SELECT w.email || ': ' || w.waits_because FROM timesheet.digest_weeks AS w
    WHERE w.due_at <= now() AND w.waits_because IS NOT NULL ORDER BY w.due_at, w.contact_id LIMIT 1) AS overdue_because,
  (SELECT min(w.due_at) FROM timesheet.digest_weeks AS w WHERE w.due_at > now()) AS next_due_at,
  (SELECT count(*) FROM timesheet.contact_problems) AS contact_problems,
  (SELECT count(*) FROM timesheet.contacts AS c
    WHERE c.removed_at IS NULL AND c.missing_since IS NOT NULL) AS contacts_held,
  (SELECT count(*) FROM timesheet.outbox_messages AS m WHERE m.state IN ('queued', 'sending')) AS other_emails_queued
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digest_health IS 'The state of the digests, in one row.';
COMMENT ON COLUMN timesheet.digest_health.contacts_held IS
  'Contacts that Airtable does not list any more, whose removal is held back; no digest is sent to them.';
COMMENT ON COLUMN timesheet.digest_health.other_emails_queued IS
  'E-mails that are no digests and wait to be sent; see timesheet.outbox.';
COMMENT ON COLUMN timesheet.digest_health.failed IS
  'Deliveries that failed and were not sent again, to people who are still contacts.';
COMMENT ON COLUMN timesheet.digest_health.overdue IS
  'Digests that are due and not queued; overdue_because says why the oldest one that waits for the feed is not.';
CALL timesheet.set_grants('TABLE timesheet.digest_health', 'SELECT TO timesheet_ingest, timesheet_reader');
