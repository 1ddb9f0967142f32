-- The titles are those of the dashboard too (web/src/components/codes.ts) and the headings of docs/alerts.md.
CREATE OR REPLACE FUNCTION timesheet.alert_texts(of_kind text, OUT title text, OUT meaning text, OUT remedy text,
  OUT ended text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.title, t.meaning, t.remedy, timesheet.alert_end_text(t.kind) FROM (VALUES
    ('stale_feed', 'Data from Jibble is out of date',
      'Hours since the last read are missing in the dashboard, in reports and on the portal. Nothing is lost: it is '
      'read later.',
      'See on the page Health how the last runs ended. Make sure that timesheetd runs, then run timesheetd check.'),
    ('failing_runs', 'Runs of timesheetd keep failing',
      'What this command brings up to date falls behind: sync and nightly the hours, backfill those of former days, '
      'contacts the recipients of digests, digests the e-mails, audit the comparison with Jibble''s hours.',
      'The page Health shows the error. timesheetd check tests each service and setting and says what to correct.'),
    ('deletions_held', 'Deletions held back',
      'Entries that Jibble no longer shows still count, or contacts that Airtable no longer lists are still kept and '
      'get no digest. If they were deleted on purpose, hours are too high until a person decides.',
      'Open the alert on the page Health and decide whether they are deleted or kept.'),
    ('audit_differs', 'Hours differ from those of Jibble',
      'On some days our hours are not those that Jibble itself counts. Reports of that week may be wrong.',
      'The page Health lists the days. Correct the entries in Jibble or the rules here, then run timesheetd audit '
      'again.'),
    ('digest_overdue', 'Digest overdue',
      'No hours change. Some clients have not got their weekly e-mail.',
      'Mostly the hours of that week must be read first, or the e-mail provider does not answer: see on the pages '
      'Health and Digests. The digest is then sent automatically.'),
    ('digest_failed', 'Digest failed',
      'No hours change. A contact did not get its weekly e-mail, and it is not sent again automatically.',
      'The page Digests says why. Correct that, then send the digest again there.'),
    ('digest_in_doubt', 'Digest in doubt',
      'No hours change. It is not known whether a contact got its weekly e-mail, and it is not sent again '
      'automatically.',
      'Look into the log of the e-mail provider or ask the contact, then say on the page Digests whether it arrived.'),
    ('entries_rejected', 'Entries rejected',
      'What could not be read does not count, so hours may be missing. Where an earlier version could be read, that '
      'one counts.',
      'The page Health lists them with the reason. Correct them in Jibble; the next read takes them.'),
    ('contact_problems', 'Contacts to correct',
      'No hours change. Some records of Airtable cannot be used as they are: these people may get no digest, or one '
      'that lacks client groups.',
      'The page Digests lists the records of Airtable with the reason. Correct them there; the next read takes them.'),
    ('sender_refused', 'E-mail sender refused',
      'No hours change. No e-mail is sent at all. Digests wait and are sent once this is corrected.',
      'timesheetd check and the page Health show the answer of the e-mail provider. Correct the sender, key, template '
      'or account that it names.'),
    ('poller_unreachable', 'Poller unreachable',
      'Passes that the database calls over HTTPS are not made: hours and digests fall behind.',
      'The page Health shows the answer. Check the address, the deployment and its log, and the secret.'),
    ('notification_failed', 'Notification failed',
      'No hours change. One of the addresses, or the webhook, that should get alerts does not get them.',
      'Correct ALERT_EMAILS or ALERT_WEBHOOK_URL, then run timesheetd check --send-test.')
  ) AS t (kind, title, meaning, remedy)
  WHERE t.kind = of_kind
$$;
COMMENT ON FUNCTION timesheet.alert_texts(text) IS
  'Of a kind of alert: a short title, what it means for the hours, what to do, and what its end means and leaves to do '
  '(ended). Nulls for an unknown kind.';
CALL timesheet.set_grants('FUNCTION timesheet.alert_texts(text)', 'EXECUTE TO timesheet_reader');
