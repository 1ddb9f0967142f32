-- Who floods the form asks for few e-mails: one for all requests of an address, none while one waits, three an hour and
-- six a day, so that they use up no provider's daily limit. A request that another session holds is left to the next
-- pass.
CREATE OR REPLACE FUNCTION timesheet.queue_portal_links(is_served boolean, OUT is_open boolean, OUT queued int,
  OUT refused int)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  asked bytea[];
BEGIN
  is_open := coalesce(is_served, false)
    AND coalesce((SELECT s.portal_link_days > 0 FROM timesheet.settings AS s), timesheet.require_every_row());
  queued := 0;
  refused := 0;
  IF NOT EXISTS (SELECT FROM timesheet.portal_requests) THEN
    RETURN;
  END IF;
  PERFORM timesheet.take_lock('digest_queue_lock');
  WITH answered AS (
    DELETE FROM timesheet.portal_requests AS r
    WHERE r.address_sha256 IN (SELECT o.address_sha256 FROM timesheet.portal_requests AS o FOR UPDATE SKIP LOCKED)
    RETURNING r.address_sha256, r.last_asked_at
  )
  SELECT array_agg(a.address_sha256) FILTER (WHERE a.last_asked_at > now() - interval '60 minutes'), count(*)
  INTO asked, refused FROM answered AS a;
  IF NOT is_open THEN
    RETURN;
  END IF;
  refused := 0;
  INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, contact_id, agent_ids)
  SELECT 'portal_link', c.email, said.content ->> 'subject', said.content, c.contact_id, '{}'
  FROM timesheet.contacts AS c
  CROSS JOIN LATERAL (SELECT timesheet.portal_link_content(c.contact_id) OFFSET 0) AS said (content)
  WHERE timesheet.address_sha256(c.email) = ANY (asked) AND c.removed_at IS NULL AND c.missing_since IS NULL
    AND EXISTS (SELECT FROM timesheet.contact_client_groups AS m WHERE m.contact_id = c.contact_id)
    AND (SELECT count(*) FILTER (WHERE m.created_at > now() - interval '60 minutes') < 3
           AND count(*) FILTER (WHERE m.created_at > now() - interval '24 hours') < 6
           AND count(*) FILTER (WHERE m.state IN ('queued', 'sending')) = 0
         FROM timesheet.outbox_messages AS m WHERE m.contact_id = c.contact_id AND m.kind = 'portal_link');
  GET DIAGNOSTICS queued = ROW_COUNT;
END
$$;
COMMENT ON FUNCTION timesheet.queue_portal_links(boolean) IS
  'Queues an e-mail with a fresh link to the portal for each contact that asked for one in the last hour, at most '
  'three an hour and six in 24 hours for each, and forgets all requests. is_served: whether timesheetd can make links. '
  'Returns whether the portal is open, for which settings.portal_link_days has to be above 0 too; how many were '
  'queued; and how many requests were refused as it is not open.';
CALL timesheet.set_grants('FUNCTION timesheet.queue_portal_links(boolean)', 'EXECUTE TO timesheet_ingest');
