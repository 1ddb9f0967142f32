CREATE OR REPLACE FUNCTION timesheet.update_sender_alert(refusal text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  IF refusal IS NULL THEN
    PERFORM timesheet.resolve_alert('sender_refused', '');
  ELSE
    PERFORM timesheet.raise_alert('sender_refused', '', refusal
      || '; the digests wait in the queue, and each is sent once this is corrected');
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.update_sender_alert(text) IS
  'Raises the alert that the e-mail provider refuses what all digests have in common (the sender''s settings, the '
  'account or the template), with its answer and the remedy; resolves it if refusal is null: an e-mail was accepted. '
  'Safe to repeat.';
CALL timesheet.set_grants('FUNCTION timesheet.update_sender_alert(text)', 'EXECUTE TO timesheet_ingest');
