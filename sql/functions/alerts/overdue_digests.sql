-- Contacts whose removal is held back, and e-mails while the provider refuses the sender, have an alert of their own.
CREATE OR REPLACE VIEW timesheet.overdue_digests AS
SELECT d.contact_id, d.week, timesheet.period_text(d.first_day, d.last_day) AS period,
  greatest(d.due_at, c.subscribed_since) AS due_at, d.waits_because
FROM timesheet.digest_weeks AS d JOIN timesheet.contacts AS c USING (contact_id)
WHERE greatest(d.due_at, c.subscribed_since) <= now() - interval '1 hour' AND c.missing_since IS NULL
UNION ALL
SELECT d.contact_id, d.week, d.content ->> 'period', d.created_at,
  'in the queue' || coalesce('; ' || d.error, ', and timesheetd digest send does not seem to run')
FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
WHERE d.state IN ('queued', 'sending') AND d.created_at <= now() - interval '1 hour'
  AND c.missing_since IS NULL AND c.removed_at IS NULL AND c.unsubscribed_at IS NULL
  AND NOT EXISTS (SELECT FROM timesheet.alerts AS a WHERE a.kind = 'sender_refused' AND a.resolved_at IS NULL);
COMMENT ON VIEW timesheet.overdue_digests IS
  'The digests that are due for more than an hour and not queued, or wait in the queue for so long; waits_because says '
  'why, where that is known.';
CALL timesheet.set_grants('TABLE timesheet.overdue_digests');
