CREATE OR REPLACE VIEW timesheet.live_portal_links AS
SELECT l.token_sha256, l.contact_id, v.valid_until
FROM timesheet.portal_links AS l
JOIN timesheet.contacts AS c USING (contact_id)
CROSS JOIN timesheet.settings AS s
CROSS JOIN LATERAL (SELECT l.created_at + s.portal_link_days * interval '24 hours') AS v (valid_until)
WHERE l.ended_at IS NULL AND now() < v.valid_until AND c.removed_at IS NULL AND c.missing_since IS NULL
  AND EXISTS (SELECT FROM timesheet.contact_client_groups AS m WHERE m.contact_id = l.contact_id);
COMMENT ON VIEW timesheet.live_portal_links IS
  'The links to the portal that show something now, and until when: those that did not end, of contacts that are '
  'listed, not held back, and have a client group. Who unsubscribed may still look.';
CALL timesheet.set_grants('TABLE timesheet.live_portal_links');
