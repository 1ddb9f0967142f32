CREATE OR REPLACE FUNCTION timesheet.erase_contact(of_email text, OUT digests bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  person timesheet.contacts;
  address CONSTANT text := lower(timesheet.clean_text(of_email) COLLATE "C");
  neutral text;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.take_lock('contacts_lock');
  PERFORM timesheet.take_lock('digest_queue_lock');
  SELECT c.* INTO person FROM timesheet.contacts AS c WHERE c.email = address;
  IF NOT FOUND THEN -- a supervisor may be no contact
    PERFORM timesheet.contact_id(of_email)
      WHERE NOT EXISTS (SELECT FROM timesheet.supervisors AS p WHERE p.email = address)
        AND NOT EXISTS (SELECT FROM timesheet.outbox_messages AS d WHERE d.kind = 'briefing'
          AND d.recipient = address AND d.content -> 'is_for_staff' = 'false');
    person.email := address;
    person.removed_at := now();
  END IF;
  IF person.removed_at IS NULL OR EXISTS (SELECT FROM timesheet.supervisors AS p WHERE p.email = address) THEN
    RAISE EXCEPTION 'Airtable still lists %', person.email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Take it out of Airtable and let timesheetd contacts run, or it would come back; then erase it.';
  END IF;
  neutral := coalesce('erased contact ' || person.contact_id, 'erased supervisor');
  IF person.email = neutral THEN
    RAISE EXCEPTION 'the address of contact % was erased already', person.contact_id
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Nothing is left to do.';
  END IF;
  -- What a provider may be asked for again must not change under its key.
  IF EXISTS (SELECT FROM timesheet.digest_deliveries AS d
      WHERE d.contact_id = person.contact_id AND (d.state = 'sending' OR (d.state = 'queued' AND d.html IS NOT NULL)))
    OR EXISTS (SELECT FROM timesheet.outbox_messages AS d
      WHERE d.state IN ('queued', 'sending') AND (d.contact_id = person.contact_id OR d.recipient = person.email
        OR lower(d.content ->> 'contact_email') = person.email
        OR d.kind IN ('alert', 'briefing') AND strpos(lower(d.content::text), person.email) > 0)) THEN
    RAISE EXCEPTION 'an e-mail to or about % is still to be sent', person.email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Try again after the next pass of timesheetd digest send. timesheet.digests and timesheet.outbox list '
          'what is queued.';
  END IF;
  digests := timesheet.erase_address(address, neutral);
  IF person.contact_id IS NULL THEN
    RETURN;
  END IF;
  UPDATE timesheet.operator_actions AS o SET arguments = o.arguments || jsonb_build_object('email', neutral)
  WHERE lower(timesheet.clean_text(o.arguments ->> 'email') COLLATE "C") = address;
  -- A rendered text has the address in HTML's form, and the link to unsubscribe; the content is what it was made of.
  UPDATE timesheet.outgoing_emails AS d SET html = NULL, body = NULL,
    error = timesheet.replace_whole(d.error, ARRAY[person.email], neutral),
    content = (SELECT coalesce(jsonb_object_agg(e.key, CASE jsonb_typeof(e.value) WHEN 'string'
        THEN to_jsonb(timesheet.replace_whole(e.value #>> '{}', ARRAY[person.email], neutral)) ELSE e.value END), '{}')
      FROM jsonb_each(d.content) AS e)
  WHERE d.contact_id = person.contact_id OR lower(d.content ->> 'contact_email') = person.email;
  GET DIAGNOSTICS digests = ROW_COUNT;
  UPDATE timesheet.digest_deliveries AS d SET email = neutral WHERE d.contact_id = person.contact_id;
  DELETE FROM timesheet.portal_links AS l WHERE l.contact_id = person.contact_id;
  DELETE FROM timesheet.portal_requests AS r WHERE r.address_sha256 = timesheet.address_sha256(person.email);
  UPDATE timesheet.contacts AS c SET email = neutral, unsubscribe_token = gen_random_uuid(),
    unsubscribed_at = coalesce(c.unsubscribed_at, now())
  WHERE c.contact_id = person.contact_id;
END
$$;
COMMENT ON FUNCTION timesheet.erase_contact(text) IS
  'Erases the address of a contact or supervisor that Airtable does not list any more, also in its digests and '
  'briefings, in previews, alerts and messages about it, and as the address given in timesheet.operator_actions, and '
  'its links to the portal; the hours of its digests stay, their rendered texts do not. Cannot be undone. Returns how '
  'many digests and previews of a contact, or briefings of who is none. Errors: no_data_found, '
  'object_not_in_prerequisite_state while Airtable lists it, where it was done before, or an e-mail to or about it is '
  'still to be sent.';
CALL timesheet.set_grants('FUNCTION timesheet.erase_contact(text)');
