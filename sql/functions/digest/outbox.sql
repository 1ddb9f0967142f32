CREATE OR REPLACE VIEW timesheet.outbox AS
SELECT m.delivery_id, m.kind, m.recipient, m.subject, m.state, m.attempts, m.provider, m.provider_message_id, m.error,
  m.created_at, m.last_attempt_at, CASE WHEN m.state = 'queued' THEN m.next_attempt_at END AS next_attempt_at,
  m.sent_at, m.idempotency_key
FROM timesheet.outbox_messages AS m
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.outbox IS
  'Every e-mail queued so far that is no digest, such as a preview for a member of staff, and its state. Digests are '
  'in timesheet.digests; the numbers of both are one numbering.';
COMMENT ON COLUMN timesheet.outbox.state IS 'queued, sending, sent, failed or in_doubt, as of a digest.';
COMMENT ON COLUMN timesheet.outbox.error IS 'Why the last attempt did not succeed.';
COMMENT ON COLUMN timesheet.outbox.idempotency_key IS 'As in timesheet.digests.';
CALL timesheet.set_grants('TABLE timesheet.outbox', 'SELECT TO timesheet_reader');
