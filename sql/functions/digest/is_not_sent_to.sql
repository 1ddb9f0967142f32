-- Who has unsubscribed may still look at the portal, and ask for a link to it.
CREATE OR REPLACE FUNCTION timesheet.is_not_sent_to(delivery bigint, removed_at timestamptz,
  unsubscribed_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE -- without a SET clause, so that the planner inlines it
AS $$
  SELECT removed_at IS NOT NULL OR (unsubscribed_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM timesheet.outbox_messages AS m WHERE m.delivery_id = delivery AND m.kind = 'portal_link'))
$$;
COMMENT ON FUNCTION timesheet.is_not_sent_to(bigint, timestamptz, timestamptz) IS
  'Whether an e-mail is not sent to its contact any more: it was removed at the one instant or has unsubscribed at the '
  'other, unless it asked for the e-mail, as for a link to the portal.';
CALL timesheet.set_grants('FUNCTION timesheet.is_not_sent_to(bigint, timestamptz, timestamptz)');
