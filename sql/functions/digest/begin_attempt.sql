CREATE OR REPLACE FUNCTION timesheet.begin_attempt(for_delivery bigint, by_provider text, rendered_html text,
  rendered_body text, portal_token_sha256 bytea DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.outgoing_emails AS d -- since this pass began
  SET state = CASE WHEN d.is_indeterminate THEN 'in_doubt' ELSE 'failed' END,
    error = concat_ws('; ', d.error, 'the contact was removed or has unsubscribed')
  FROM timesheet.contacts AS c
  WHERE d.delivery_id = for_delivery AND d.state = 'queued' AND c.contact_id = d.contact_id
    AND timesheet.is_not_sent_to(d.delivery_id, c.removed_at, c.unsubscribed_at);
  UPDATE timesheet.outgoing_emails AS d
  SET state = 'sending', provider = by_provider, attempts = d.attempts + 1, html = coalesce(d.html, rendered_html),
    body = coalesce(d.body, rendered_body),
    first_attempt_at = coalesce(d.first_attempt_at, clock_timestamp()), last_attempt_at = clock_timestamp()
  WHERE d.delivery_id = for_delivery AND d.state = 'queued' AND NOT EXISTS (
    SELECT FROM timesheet.contacts AS c WHERE c.contact_id = d.contact_id AND c.missing_since IS NOT NULL);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO timesheet.portal_links (token_sha256, delivery_id, contact_id)
  SELECT portal_token_sha256, d.delivery_id, d.contact_id FROM timesheet.outgoing_emails AS d
  LEFT JOIN timesheet.outbox_messages AS m USING (delivery_id)
  WHERE d.delivery_id = for_delivery AND portal_token_sha256 IS NOT NULL AND d.contact_id IS NOT NULL
    AND coalesce(m.kind, 'portal_link') = 'portal_link' -- or a digest
  ON CONFLICT DO NOTHING; -- a further attempt has the same link, which may have ended
  RETURN true;
END
$$;
COMMENT ON FUNCTION timesheet.begin_attempt(bigint, text, text, text, bytea) IS
  'Records an attempt before the provider is asked. The e-mail of the first attempt is kept. portal_token_sha256: the '
  'SHA-256 of the token of the link to the portal in a digest or a portal_link, from now on a link of the contact. '
  'False if the delivery is no longer queued, or its contact is removed or held back: then it waits.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.begin_attempt(bigint, text, text, text, bytea)',
  'EXECUTE TO timesheet_ingest');
