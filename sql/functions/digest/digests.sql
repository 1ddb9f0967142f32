CREATE OR REPLACE VIEW timesheet.digests AS
SELECT d.delivery_id, d.email, d.week, d.content ->> 'period' AS period, d.content ->> 'title' AS title, (d.content #>> '{total,hours}')::numeric AS hours, d.revision, d.state,
  d.attempts, d.provider, d.provider_id, d.error, d.created_at, d.last_attempt_at, CASE WHEN d.state = 'queued' THEN d.next_attempt_at END AS next_attempt_at, d.sent_at, d.contact_id, d.idempotency_key
FROM timesheet.digest_deliveries AS d
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digests IS 'Every digest queued so far: to whom, which week, what became of it.';
COMMENT ON COLUMN timesheet.digests.idempotency_key IS 'By which the provider recognises a repeated mail; in Mailgun''s log it is the variable delivery.';
COMMENT ON COLUMN timesheet.digests.week IS 'The Monday of the ISO week in which the week reported of ends.';
CALL timesheet.set_grants('TABLE timesheet.digests', 'SELECT TO timesheet_reader');
