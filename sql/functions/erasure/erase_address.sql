CREATE OR REPLACE FUNCTION timesheet.erase_address(address text, neutral text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  received CONSTANT bigint := (SELECT count(*) FROM timesheet.outbox_messages AS d WHERE d.recipient = address);
BEGIN
  UPDATE timesheet.outbox_messages AS d SET
    recipient = CASE d.recipient WHEN address THEN neutral ELSE d.recipient END,
    subject = timesheet.replace_whole(d.subject, ARRAY[address], neutral),
    error = timesheet.replace_whole(d.error, ARRAY[address], neutral)
  WHERE d.state NOT IN ('queued', 'sending')
    AND strpos(concat_ws(' ', d.recipient, d.subject, d.error), address) > 0;
  -- What an alert quotes of a provider's answer may name the address.
  UPDATE timesheet.outbox_messages AS d SET html = NULL, body = NULL,
    content = timesheet.replace_in_json(d.content, ARRAY[address], neutral)
  WHERE d.kind IN ('alert', 'briefing') AND d.state NOT IN ('queued', 'sending')
    AND strpos(lower(concat_ws(' ', d.content, d.html, d.body)), address) > 0;
  UPDATE timesheet.alerts AS a SET detail = timesheet.replace_whole(a.detail, ARRAY[address], neutral)
  WHERE strpos(a.detail, address) > 0;
  DELETE FROM timesheet.contact_problems AS p WHERE lower(p.value COLLATE "C") = left(address, 200);
  RETURN received;
END
$$;
COMMENT ON FUNCTION timesheet.erase_address(text, text) IS
  'Replaces an address, in lower case, by a neutral name wherever it was noted: in e-mails that are no digests and are '
  'not to be sent any more, and in alerts; and deletes what problems say of it. Returns how many of these e-mails went '
  'to it.';
CALL timesheet.set_grants('FUNCTION timesheet.erase_address(text, text)');
