CREATE OR REPLACE VIEW timesheet.alert_messages AS
SELECT n.alert_id, n.way, n.event,
  coalesce(m.state, w.state, CASE WHEN num_nonnulls(n.delivery_id, n.webhook_message_id) = 0 THEN 'skipped'
    ELSE 'sent' END) AS state,
  n.queued_at, coalesce(m.sent_at, w.sent_at) AS sent_at, coalesce(m.error, w.error) AS error
FROM timesheet.alert_notifications AS n
LEFT JOIN timesheet.outbox_messages AS m ON m.delivery_id = n.delivery_id
LEFT JOIN timesheet.webhook_messages AS w ON w.webhook_message_id = n.webhook_message_id
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.alert_messages IS
  'Who was informed of an alert, and when: a row for its beginning (began) and its end (ended) by each way.';
COMMENT ON COLUMN timesheet.alert_messages.way IS 'As in timesheet.notification_ways.';
COMMENT ON COLUMN timesheet.alert_messages.state IS
  'Of its message: queued, sending, sent or failed; skipped: there is none, as a person had acknowledged the alert.';
CALL timesheet.set_grants('TABLE timesheet.alert_messages', 'SELECT TO timesheet_reader');
