CREATE OR REPLACE FUNCTION timesheet.contact_digests(for_contact int)
RETURNS TABLE (delivery bigint, week date, sent_at timestamptz, subject text, html text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  own CONSTANT int[] := timesheet.client_groups_of_contact(for_contact);
BEGIN
  RETURN QUERY
    SELECT d.delivery_id, d.week, d.sent_at, d.content ->> 'subject',
      timesheet.shown_digest(d.html, d.content, d.idempotency_key, c.unsubscribe_token)
    FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
    WHERE d.contact_id = for_contact AND d.state = 'sent' AND d.sent_at > now() - interval '9600 hours' -- 400 days
      AND NOT EXISTS (SELECT FROM timesheet.digest_reported_weeks AS t
        WHERE t.delivery_id = d.delivery_id AND t.client_group_id <> ALL (own))
    ORDER BY d.week DESC, d.delivery_id DESC;
END
$$;
COMMENT ON FUNCTION timesheet.contact_digests(int) IS
  'The digests of the last 400 days that were sent to a contact, the last first, as the portal shows them: see '
  'timesheet.shown_digest(). A digest that reported a client group that is not the contact''s any more is left out. '
  'html is null where an agent that it named was erased.';
CALL timesheet.set_grants('FUNCTION timesheet.contact_digests(int)', 'EXECUTE TO timesheet_reader');
