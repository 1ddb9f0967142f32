CREATE OR REPLACE FUNCTION timesheet.resend_digest(to_email text, week_of date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  contact int := timesheet.contact_id(to_email);
  key date;
  open_state text;
  incomplete text;
BEGIN
  -- No workday is older; and PostgreSQL cannot calculate with dates at the end of its range.
  IF week_of IS NULL OR week_of NOT BETWEEN '1970-01-01' AND '2999-12-31' THEN
    RAISE EXCEPTION 'the week is %', coalesce(week_of::text, 'null')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give a day of the week, from 1970-01-01 to 2999-12-31.';
  END IF;
  key := timesheet.contact_week(contact, week_of);
  PERFORM timesheet.take_lock('digest_queue_lock');
  IF EXISTS (SELECT FROM timesheet.contacts AS c
      WHERE c.contact_id = contact AND (c.removed_at IS NOT NULL OR c.unsubscribed_at IS NOT NULL)) THEN
    RAISE EXCEPTION '% was removed or has unsubscribed', to_email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'List the address in Airtable again, or clear unsubscribed_at if the person asks for it.';
  END IF;
  IF EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.contact_id = contact AND c.missing_since IS NOT NULL) THEN
    RAISE EXCEPTION 'Airtable does not list % any more, and its removal is held back', to_email
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Check that the list is complete, or accept it with timesheetd contacts --allow-mass-deletion.';
  END IF;
  SELECT d.state INTO open_state FROM timesheet.digest_deliveries AS d
  WHERE d.contact_id = contact AND d.week = key AND d.state IN ('queued', 'sending', 'in_doubt') LIMIT 1;
  IF open_state IS NOT NULL THEN
    RAISE EXCEPTION 'the digest of % for the week of % is %', to_email, week_of, open_state
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = CASE open_state
          WHEN 'in_doubt' THEN 'Find out whether it arrived and say so with timesheet.resolve_delivery().'
          ELSE 'It will be sent by the next pass.' END;
  END IF;
  SELECT r.incomplete_because INTO incomplete FROM timesheet.digest_readiness(key, key + 1, contact) AS r;
  IF incomplete IS NOT NULL THEN
    RAISE EXCEPTION 'the week of % is not complete: %', week_of, incomplete
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'It is sent automatically once it is.';
  END IF;
  RETURN timesheet.snapshot_digest(contact, key);
END
$$;
COMMENT ON FUNCTION timesheet.resend_digest(text, date) IS
  'Queues the digest of the week that holds week_of for this address once more, as a new revision with the numbers of '
  'now; returns the delivery. Errors: no_data_found for an unknown address, '
  'invalid_parameter_value for no week, object_not_in_prerequisite_state where '
  'the week is not complete, or one is still on its way or in doubt.';
CALL timesheet.set_grants('FUNCTION timesheet.resend_digest(text, date)');
