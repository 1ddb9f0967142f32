CREATE OR REPLACE FUNCTION timesheet.alert_end_text(of_kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE of_kind
    WHEN 'stale_feed' THEN
      'Jibble is read again, and the hours are complete up to the last read. There is nothing left to do.'
    WHEN 'failing_runs' THEN
      'The command works again and brings up to date what fell behind, hours too. There is nothing left to do.'
    WHEN 'deletions_held' THEN
      'Hours count what is kept or listed again, and no longer what a person deleted. There is nothing left to do.'
    WHEN 'audit_differs' THEN
      'Our hours of that week are those of Jibble again. Reports of it that were sent before may be wrong.'
    WHEN 'digest_overdue' THEN
      'No hours changed. The e-mails of that week were queued or sent, or are not to be sent any more. There is '
      'nothing left to do.'
    WHEN 'digest_failed' THEN
      'No hours changed. The digest was sent again, or the person is not a contact any more. There is nothing left to '
      'do.'
    WHEN 'digest_in_doubt' THEN
      'No hours changed. A person has said whether the digest arrived. There is nothing left to do.'
    WHEN 'entries_rejected' THEN
      'All that Jibble shows could be read, and the hours have it. Reports that were made before may lack some.'
    WHEN 'contact_problems' THEN
      'No hours changed. All records of Airtable can be used. There is nothing left to do.'
    WHEN 'sender_refused' THEN
      'No hours changed. E-mails are accepted again, or none waits any more. There is nothing left to do: digests that '
      'waited are sent.'
    WHEN 'poller_unreachable' THEN
      'The passes are made again, and hours and digests come up to date. There is nothing left to do.'
    WHEN 'notification_failed' THEN
      'No hours changed. Messages by this way arrive again, or it is not configured any more. There is nothing left '
      'to do.'
  END
$$;
COMMENT ON FUNCTION timesheet.alert_end_text(text) IS
  'What the end of an alert of this kind means for the hours, and what is left to do. Null for an unknown kind.';
CALL timesheet.set_grants('FUNCTION timesheet.alert_end_text(text)', 'EXECUTE TO timesheet_reader');
