CREATE OR REPLACE VIEW timesheet.digests AS
SELECT d.delivery_id, d.email, d.week, d.content ->> 'period' AS period, d.content ->> 'title' AS title,
  (d.content #>> '{total,hours}')::numeric AS hours, d.revision, d.state,
  d.attempts, d.provider, d.provider_message_id, d.error, d.created_at, d.last_attempt_at,
  CASE WHEN d.state = 'queued' THEN d.next_attempt_at END AS next_attempt_at, d.sent_at,
  d.contact_id, d.idempotency_key
FROM timesheet.digest_deliveries AS d
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digests IS 'Every digest queued so far: its contact, its week and its state.';
COMMENT ON COLUMN timesheet.digests.idempotency_key IS
  'The provider recognises a repeated e-mail by it; in Mailgun''s log it is the variable delivery.';
COMMENT ON COLUMN timesheet.digests.week IS 'The Monday of the ISO week in which the reported week ends.';
CALL timesheet.set_grants('TABLE timesheet.digests', 'SELECT TO timesheet_reader');
