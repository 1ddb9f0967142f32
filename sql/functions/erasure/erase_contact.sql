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
  SELECT c.* INTO person FROM timesheet.contacts AS c WHERE c.contact_id = timesheet.contact_id(of_email);
  IF person.removed_at IS NULL THEN
    RAISE EXCEPTION 'Airtable still lists %', person.email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Take it out of Airtable and let timesheetd contacts run, or it would come back; then erase it.';
  END IF;
  neutral := 'erased contact ' || person.contact_id;
  UPDATE timesheet.contacts AS c SET email = neutral, unsubscribe_token = gen_random_uuid(),
    unsubscribed_at = coalesce(c.unsubscribed_at, now())
  WHERE c.contact_id = person.contact_id;
  UPDATE timesheet.digest_deliveries AS d SET email = neutral WHERE d.contact_id = person.contact_id;
  UPDATE timesheet.outbox_messages AS d SET subject = replace(d.subject, person.email, neutral)
  WHERE strpos(d.subject, person.email) > 0;
  UPDATE timesheet.outgoing_emails AS d SET
    content = replace(d.content::text, person.email, neutral)::jsonb,
    html = replace(d.html, person.email, neutral), body = replace(d.body, person.email, neutral),
    error = replace(d.error, person.email, neutral)
  WHERE d.contact_id = person.contact_id
    OR strpos(concat_ws(' ', d.content::text, d.html, d.body, d.error), person.email) > 0;
  GET DIAGNOSTICS digests = ROW_COUNT;
  DELETE FROM timesheet.contact_problems AS p WHERE strpos(lower(p.value), person.email) > 0;
END
$$;
COMMENT ON FUNCTION timesheet.erase_contact(text) IS
  'Erases the address of a contact that Airtable does not list any more, also in the e-mails that name it; the '
  'hours of its digests stay. Cannot be undone. Returns how many e-mails. Errors: no_data_found, '
  'object_not_in_prerequisite_state while Airtable lists it.';
CALL timesheet.set_grants('FUNCTION timesheet.erase_contact(text)');
