CREATE OR REPLACE FUNCTION timesheet.send_preview(of_email text, week_of date, to_recipient text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  contact int := timesheet.contact_id(of_email);
  address text := lower(timesheet.clean_text(to_recipient) COLLATE "C");
  today CONSTANT date := now() + interval '14 hours'; -- where the day begins first
  for_week date;
  said jsonb;
  delivery bigint;
BEGIN
  IF timesheet.is_email(address) IS NOT TRUE THEN
    RAISE EXCEPTION 'the recipient % is not an e-mail address', coalesce('"' || left(to_recipient, 80) || '"', 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give one plain address, such as ann@example.com.';
  END IF;
  -- Another contact's address may be that of a member of staff, who follows that client's digest.
  IF EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.contact_id = contact AND c.email = address) THEN
    RAISE EXCEPTION 'the recipient % is the contact itself', address
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'A preview is for staff: give your own address. timesheet.resend_digest() sends the contact a digest.';
  END IF;
  -- No workday is older; and PostgreSQL cannot calculate with dates at the end of its range.
  IF week_of IS NULL OR week_of < '1970-01-01' THEN
    RAISE EXCEPTION 'the week is %', coalesce(week_of::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a day of the week, from 1970-01-01 on.';
  END IF;
  IF week_of < today + 7 THEN
    for_week := timesheet.contact_week(contact, week_of);
  END IF;
  IF for_week IS NULL OR today < coalesce(
      (SELECT min(timesheet.week_start(for_week, g.week_starts_on))
       FROM timesheet.contact_client_groups AS m JOIN timesheet.client_group_names AS g USING (client_group_id)
       WHERE m.contact_id = contact), for_week) THEN
    RAISE EXCEPTION 'the week of % is in the future', week_of
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a day of this week or of an earlier one.';
  END IF;
  PERFORM timesheet.take_lock('digest_queue_lock');
  said := timesheet.preview_content(contact, for_week);
  INSERT INTO timesheet.outbox_messages AS m (kind, recipient, subject, content, agent_ids)
  VALUES ('preview', address, said ->> 'subject', said - 'reported',
    ARRAY(SELECT a.id::int FROM jsonb_array_elements_text(said #> '{reported,agents}') AS a (id)))
  RETURNING m.delivery_id INTO delivery;
  RETURN delivery;
END
$$;
COMMENT ON FUNCTION timesheet.send_preview(text, date, text) IS
  'Queues a preview of the digest of a contact (of_email) for the week that holds week_of, with the numbers of now, '
  'for a member of staff (to_recipient), also where the contact was removed or has unsubscribed. It has no link, does '
  'not count as reported, and is never sent to the contact. Returns the delivery, as in timesheet.outbox. Errors: '
  'no_data_found for an unknown contact or one without client groups, invalid_parameter_value.';
CALL timesheet.set_grants('FUNCTION timesheet.send_preview(text, date, text)');
