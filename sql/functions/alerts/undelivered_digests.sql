CREATE OR REPLACE VIEW timesheet.undelivered_digests AS
SELECT d.delivery_id, d.contact_id, d.email, d.week, d.content ->> 'period' AS period, d.state, d.error
FROM timesheet.digest_deliveries AS d
WHERE d.state = 'in_doubt'
  OR d.state = 'failed' AND EXISTS (SELECT FROM timesheet.contacts AS c
      WHERE c.contact_id = d.contact_id AND c.removed_at IS NULL AND c.unsubscribed_at IS NULL)
    AND NOT EXISTS (SELECT FROM timesheet.digest_deliveries AS l
      WHERE l.contact_id = d.contact_id AND l.week = d.week AND l.revision > d.revision);
COMMENT ON VIEW timesheet.undelivered_digests IS
  'The digests that need a person: those in doubt, and those that failed and were not sent again, to people who are '
  'still contacts.';
CALL timesheet.set_grants('TABLE timesheet.undelivered_digests');
