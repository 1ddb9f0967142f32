CREATE OR REPLACE VIEW timesheet.portal_openings AS
SELECT c.contact_id, c.email, coalesce(l.links, 0) AS links, coalesce(v.live_links, 0) AS live_links, l.last_sent_at,
  v.valid_until, l.first_opened_at, l.last_opened_at, coalesce(l.openings, 0) AS openings,
  CASE WHEN c.missing_since IS NOT NULL
      THEN 'Airtable does not list the address any more, and its removal is held back; '
        'timesheetd contacts says what to do'
    WHEN NOT EXISTS (SELECT FROM timesheet.contact_client_groups AS m WHERE m.contact_id = c.contact_id)
      THEN 'it has no client group' END AS shows_nothing_because
FROM timesheet.contacts AS c
LEFT JOIN (
  SELECT l.contact_id, count(*)::int AS links, max(l.created_at) AS last_sent_at,
    min(v.first_opened_at) AS first_opened_at, max(v.last_opened_at) AS last_opened_at,
    sum(v.openings)::int AS openings
  FROM timesheet.portal_links AS l LEFT JOIN timesheet.portal_visits AS v USING (token_sha256) GROUP BY l.contact_id
) AS l USING (contact_id)
LEFT JOIN (
  SELECT v.contact_id, count(*)::int AS live_links, max(v.valid_until) AS valid_until
  FROM timesheet.live_portal_links AS v GROUP BY v.contact_id
) AS v USING (contact_id)
WHERE c.removed_at IS NULL AND timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.portal_openings IS
  'Each contact that is listed, with its links to the portal: how many it was ever sent, how many are valid now and '
  'until when, and whether and when it opened the portal.';
COMMENT ON COLUMN timesheet.portal_openings.links IS
  'Those that were given to a provider, in digests and in e-mails of their own.';
COMMENT ON COLUMN timesheet.portal_openings.last_sent_at IS 'When the last of them was.';
COMMENT ON COLUMN timesheet.portal_openings.valid_until IS 'Null: none is valid now.';
COMMENT ON COLUMN timesheet.portal_openings.openings IS
  'How often the page was opened by a link. What a filter of e-mails fetches is not counted.';
COMMENT ON COLUMN timesheet.portal_openings.shows_nothing_because IS
  'Why the portal shows the contact nothing at present, with whatever link; null: it shows something to a valid one.';
CALL timesheet.set_grants('TABLE timesheet.portal_openings', 'SELECT TO timesheet_reader');
