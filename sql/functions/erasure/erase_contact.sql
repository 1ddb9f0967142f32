CREATE OR REPLACE FUNCTION timesheet.erase_contact(of_email text, OUT digests bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  person timesheet.contacts;
  neutral text;
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.take_lock('contacts_lock');
  PERFORM timesheet.take_lock('digest_queue_lock');
  SELECT c.* INTO person FROM timesheet.contacts AS c WHERE c.contact_id = timesheet.contact_id(of_email);
  IF person.removed_at IS NULL THEN
    RAISE EXCEPTION 'Airtable still lists %', person.email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Take it out of Airtable and let timesheetd contacts run, or it would come back; then erase it.';
  END IF;
  neutral := 'erased contact ' || person.contact_id;
  IF person.email = neutral THEN
    RAISE EXCEPTION 'the address of contact % was erased already', person.contact_id
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Nothing is left to do.';
  END IF;
  -- What a provider may be asked for again must not change under its key.
  IF EXISTS (SELECT FROM timesheet.digest_deliveries AS d
      WHERE d.contact_id = person.contact_id AND (d.state = 'sending' OR (d.state = 'queued' AND d.html IS NOT NULL)))
    OR EXISTS (SELECT FROM timesheet.outbox_messages AS d
      WHERE d.state IN ('queued', 'sending') AND (d.contact_id = person.contact_id OR d.recipient = person.email
        OR lower(d.content ->> 'contact_email') = person.email)) THEN
    RAISE EXCEPTION 'an e-mail to or about % is still to be sent', person.email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Try again after the next pass of timesheetd digest send. timesheet.digests and timesheet.outbox list '
          'what is queued.';
  END IF;
  UPDATE timesheet.operator_actions AS o SET arguments = o.arguments || jsonb_build_object('email', neutral)
  WHERE lower(timesheet.clean_text(o.arguments ->> 'email') COLLATE "C") = person.email;
  UPDATE timesheet.outbox_messages AS d SET
    recipient = CASE d.recipient WHEN person.email THEN neutral ELSE d.recipient END,
    subject = timesheet.replace_whole(d.subject, ARRAY[person.email], neutral),
    error = timesheet.replace_whole(d.error, ARRAY[person.email], neutral)
  WHERE d.state NOT IN ('queued', 'sending')
    AND strpos(concat_ws(' ', d.recipient, d.subject, d.error), person.email) > 0;
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
  DELETE FROM timesheet.contact_problems AS p WHERE lower(p.value COLLATE "C") = left(person.email, 200);
  UPDATE timesheet.contacts AS c SET email = neutral, unsubscribe_token = gen_random_uuid(),
    unsubscribed_at = coalesce(c.unsubscribed_at, now())
  WHERE c.contact_id = person.contact_id;
END
$$;
COMMENT ON FUNCTION timesheet.erase_contact(text) IS
  'Erases the address of a contact that Airtable does not list any more, also in its digests, in previews of them and '
  'as the address given in timesheet.operator_actions, and its links to the portal; the hours of its digests stay, '
  'their rendered texts do not. Cannot be undone. Returns how many e-mails. Errors: no_data_found, '
  'object_not_in_prerequisite_state while Airtable lists it, where it was done before, or an e-mail to or about it is '
  'still to be sent.';
CALL timesheet.set_grants('FUNCTION timesheet.erase_contact(text)');
