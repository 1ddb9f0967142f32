-- The mails of the outbox for reading, without what they let a reader do: the token that unsubscribes the person.

CREATE INDEX digest_deliveries_created ON timesheet.digest_deliveries (created_at);
-- However many were sent: those that timesheet.digest_health counts are few.
CREATE INDEX digest_deliveries_to_settle ON timesheet.digest_deliveries (contact_id, week) WHERE state IN ('failed', 'in_doubt');

CREATE VIEW timesheet.digest_mails AS
SELECT d.delivery_id, d.content ->> 'subject' AS subject, d.content ->> 'time_zones' AS time_zones, d.content ->> 'as_of' AS as_of,
  replace(d.html, c.unsubscribe_token::text, 'hidden') AS html, replace(d.body, c.unsubscribe_token::text, 'hidden') AS body,
  d.first_attempt_at, d.is_indeterminate, c.removed_at, c.unsubscribed_at,
  EXISTS (SELECT FROM timesheet.digest_deliveries AS l WHERE l.contact_id = d.contact_id AND l.week = d.week AND l.revision > d.revision) AS is_revised
FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digest_mails IS 'Each delivery''s mail as it was first handed to a provider, and what there is to know of whom it is for. The token of its link to unsubscribe is left out.';
COMMENT ON COLUMN timesheet.digest_mails.html IS 'Null before the first attempt, which renders it.';
COMMENT ON COLUMN timesheet.digest_mails.is_revised IS 'Whether a later revision of the same week was queued for the person.';

CREATE VIEW timesheet.digest_hours AS
SELECT f.delivery_id, f.week, f.week < d.week AS is_correction, f.client_group_id, g.name AS client_group, f.agent_id, a.name AS agent, f.workday,
  f.work_seconds, f.unconfirmed_seconds, f.hours
FROM timesheet.digest_figures AS f
JOIN timesheet.digest_deliveries AS d USING (delivery_id)
JOIN timesheet.client_group_names AS g USING (client_group_id)
JOIN timesheet.agent_names AS a USING (agent_id)
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digest_hours IS 'The numbers of each delivery as they were frozen, by agent and day; the names are those of now.';
COMMENT ON COLUMN timesheet.digest_hours.is_correction IS 'Whether the numbers are of an earlier week, told of again as they had changed.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (27, '0027_digest_mails');
