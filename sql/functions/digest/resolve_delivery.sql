CREATE OR REPLACE FUNCTION timesheet.resolve_delivery(for_delivery bigint, was_received boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  UPDATE timesheet.outgoing_emails AS d
  SET state = CASE WHEN was_received THEN 'sent' ELSE 'failed' END,
    sent_at = CASE WHEN was_received THEN d.last_attempt_at END,
    error = CASE WHEN was_received THEN NULL ELSE 'resolved by hand: it was not received' END
  WHERE d.delivery_id = for_delivery AND d.state = 'in_doubt' AND was_received IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'delivery % is not in doubt, or was_received is null', coalesce(for_delivery::text, 'null')
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'See timesheet.digests and timesheet.outbox for those that are.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.resolve_delivery(bigint, boolean) IS
  'Resolves a delivery in doubt, a digest or another e-mail, as a person found out: it was received, or it was not; a '
  'digest may then be sent again by timesheet.resend_digest(). Errors: object_not_in_prerequisite_state.';
CALL timesheet.set_grants('FUNCTION timesheet.resolve_delivery(bigint, boolean)');
