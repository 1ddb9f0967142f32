-- A contact gets the last complete week and all later ones: an outage loses none, and a new or returning contact
-- does not get many old e-mails.
CREATE OR REPLACE VIEW timesheet.digest_weeks AS
SELECT w.contact_id, c.email, w.week, w.first_day, w.last_day, w.complete_at, w.due_at, w.fresh_through,
  CASE WHEN c.missing_since IS NOT NULL
      THEN 'Airtable does not list the address any more, and its removal is held back; '
        'timesheetd contacts says what to do'
    WHEN now() < w.due_at THEN 'it is not due yet' ELSE w.incomplete_because END AS waits_because
FROM timesheet.digest_readiness((now() AT TIME ZONE 'UTC')::date - 42, (now() AT TIME ZONE 'UTC')::date + 2) AS w
JOIN timesheet.contacts AS c ON c.contact_id = w.contact_id AND c.removed_at IS NULL AND c.unsubscribed_at IS NULL
WHERE w.due_at > c.subscribed_since - interval '168 hours'
  AND timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row())
  AND NOT EXISTS (SELECT FROM timesheet.digest_deliveries AS d WHERE d.contact_id = w.contact_id AND d.week = w.week);
COMMENT ON VIEW timesheet.digest_weeks IS
  'The digests that are still to be queued, the one of the running week included; waits_because says why one is not '
  'queued yet, and due_at when it will be; null: it is due.';
CALL timesheet.set_grants('TABLE timesheet.digest_weeks', 'SELECT TO timesheet_reader');
