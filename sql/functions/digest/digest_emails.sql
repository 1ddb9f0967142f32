-- The e-mails of the outbox to read, without the token that unsubscribes the person, and without the place of that of
-- the link to the portal.
CREATE OR REPLACE VIEW timesheet.digest_emails AS
SELECT d.delivery_id, d.content ->> 'subject' AS subject, d.content ->> 'time_zones' AS time_zones,
  d.content ->> 'as_of' AS as_of,
  replace(replace(d.html, '?token=token-of-' || d.idempotency_key, ''), c.unsubscribe_token::text, 'hidden') AS html,
  replace(replace(d.body, '?token=token-of-' || d.idempotency_key, ''), c.unsubscribe_token::text, 'hidden') AS body,
  d.first_attempt_at, d.is_indeterminate, c.removed_at, c.unsubscribed_at,
  EXISTS (SELECT FROM timesheet.digest_deliveries AS l
    WHERE l.contact_id = d.contact_id AND l.week = d.week AND l.revision > d.revision) AS is_revised
FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digest_emails IS
  'Each delivery''s e-mail as it was first given to a provider, and the state of its contact. The token of its link '
  'to unsubscribe is left out, and its link to the portal has none.';
COMMENT ON COLUMN timesheet.digest_emails.html IS 'Null before the first attempt, which renders it.';
COMMENT ON COLUMN timesheet.digest_emails.is_revised IS
  'Whether a later revision of the same week was queued for the person.';
CALL timesheet.set_grants('TABLE timesheet.digest_emails', 'SELECT TO timesheet_reader');
