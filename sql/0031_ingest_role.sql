-- The daemon's role, for everything but migrate. It calls a few functions, which run with their owner's
-- rights, and reads what it prints. So whoever gets hold of its password can feed events and send what is
-- due, but cannot change or delete what was kept, and reads of it no more than digests and audits tell.

ALTER FUNCTION timesheet.take_ingest_lock() SECURITY DEFINER;
ALTER FUNCTION timesheet.record_lock_holder(text, int, text, int) SECURITY DEFINER;
ALTER FUNCTION timesheet.begin_run(text, date, date, text, bigint) SECURITY DEFINER;
ALTER FUNCTION timesheet.store_page(bigint, text, text[], text[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.missing_entries(text, date, date, uuid[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.people_shown(uuid[], uuid[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.people_held() SECURITY DEFINER;
ALTER FUNCTION timesheet.witness_entries(text, date, date, uuid, int) SECURITY DEFINER;
ALTER FUNCTION timesheet.missing_objects(text, uuid[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.people_without_zones(uuid[], uuid[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.unknown_objects() SECURITY DEFINER;
ALTER FUNCTION timesheet.store_tombstones(bigint, text, uuid[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.hold_deletions(bigint, text, date, date, uuid[], uuid[], text[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.seal_run(bigint) SECURITY DEFINER;
ALTER FUNCTION timesheet.finish_run(bigint) SECURITY DEFINER;
ALTER FUNCTION timesheet.finish_run_as_failed(bigint, text) SECURITY DEFINER;
ALTER FUNCTION timesheet.fail_run(bigint, text) SECURITY DEFINER;
ALTER FUNCTION timesheet.run_problems(bigint) SECURITY DEFINER;
ALTER FUNCTION timesheet.refresh() SECURITY DEFINER;
ALTER FUNCTION timesheet.replay(date, date) SECURITY DEFINER;
ALTER FUNCTION timesheet.nightly_resync_is_due(timestamptz) SECURITY DEFINER;
ALTER FUNCTION timesheet.audited_people(date, date) SECURITY DEFINER;
ALTER FUNCTION timesheet.store_audit(date, date, uuid[], text[], uuid[], text[], uuid[], text[]) SECURITY DEFINER;
ALTER FUNCTION timesheet.last_closed_week() SECURITY DEFINER;
ALTER FUNCTION timesheet.store_contacts(json, text, text, boolean) SECURITY DEFINER;
ALTER FUNCTION timesheet.contact_id(text) SECURITY DEFINER;
ALTER FUNCTION timesheet.contact_week(int, date) SECURITY DEFINER;
ALTER FUNCTION timesheet.last_week_day() SECURITY DEFINER;
ALTER FUNCTION timesheet.digest_content(int, date, int) SECURITY DEFINER;
ALTER FUNCTION timesheet.take_digest_lock() SECURITY DEFINER;
ALTER FUNCTION timesheet.recover_deliveries(text, interval) SECURITY DEFINER;
ALTER FUNCTION timesheet.queue_digests(date, int) SECURITY DEFINER;
ALTER FUNCTION timesheet.next_attempt_at() SECURITY DEFINER;
ALTER FUNCTION timesheet.next_delivery() SECURITY DEFINER;
ALTER FUNCTION timesheet.begin_attempt(bigint, text, text, text) SECURITY DEFINER;
ALTER FUNCTION timesheet.end_attempt(bigint, text, text, text, interval, boolean) SECURITY DEFINER;
ALTER FUNCTION timesheet.postpone_deliveries(interval, text) SECURITY DEFINER;

CREATE FUNCTION timesheet.grant_ingest() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF to_regrole('timesheet_ingest') IS NULL THEN
    RAISE EXCEPTION 'role "timesheet_ingest" does not exist'
      USING ERRCODE = 'undefined_object', HINT = 'CREATE ROLE timesheet_ingest, as a role that may create roles; then call this again.';
  END IF;
  PERFORM timesheet.revoke_public_execute();
  GRANT USAGE ON SCHEMA timesheet TO timesheet_ingest;
  GRANT EXECUTE ON FUNCTION
    timesheet.engine(), timesheet.has_native_engine(), timesheet.digest_readiness(date, date, int), timesheet.require_every_row(),
    timesheet.require_every_row_when_planned(),
    timesheet.take_ingest_lock(),
    timesheet.record_lock_holder(text, int, text, int),
    timesheet.begin_run(text, date, date, text, bigint),
    timesheet.store_page(bigint, text, text[], text[]),
    timesheet.missing_entries(text, date, date, uuid[]),
    timesheet.people_shown(uuid[], uuid[]),
    timesheet.people_held(),
    timesheet.witness_entries(text, date, date, uuid, int),
    timesheet.missing_objects(text, uuid[]),
    timesheet.people_without_zones(uuid[], uuid[]),
    timesheet.unknown_objects(),
    timesheet.store_tombstones(bigint, text, uuid[]),
    timesheet.hold_deletions(bigint, text, date, date, uuid[], uuid[], text[]),
    timesheet.seal_run(bigint),
    timesheet.finish_run(bigint),
    timesheet.finish_run_as_failed(bigint, text),
    timesheet.fail_run(bigint, text),
    timesheet.run_problems(bigint),
    timesheet.refresh(),
    timesheet.replay(date, date),
    timesheet.nightly_resync_is_due(timestamptz),
    timesheet.audited_people(date, date),
    timesheet.store_audit(date, date, uuid[], text[], uuid[], text[], uuid[], text[]),
    timesheet.last_closed_week(),
    timesheet.store_contacts(json, text, text, boolean),
    timesheet.contact_id(text),
    timesheet.contact_week(int, date),
    timesheet.last_week_day(),
    timesheet.digest_content(int, date, int),
    timesheet.take_digest_lock(),
    timesheet.recover_deliveries(text, interval),
    timesheet.queue_digests(date, int),
    timesheet.next_attempt_at(),
    timesheet.next_delivery(),
    timesheet.begin_attempt(bigint, text, text, text),
    timesheet.end_attempt(bigint, text, text, text, interval, boolean),
    timesheet.postpone_deliveries(interval, text)
    TO timesheet_ingest;
  GRANT SELECT ON timesheet.schema_migrations, timesheet.feed_health, timesheet.digest_health, timesheet.contact_problems TO timesheet_ingest;
  GRANT SELECT (stale_after) ON timesheet.settings TO timesheet_ingest;
  GRANT SELECT (contact_id, unsubscribe_token, missing_since) ON timesheet.contacts TO timesheet_ingest; -- a preview shows the link
END
$$;
COMMENT ON FUNCTION timesheet.grant_ingest() IS
  'Gives timesheet_ingest what timesheetd takes for everything but migrate: EXECUTE on the functions it calls, SELECT on what it prints. Safe to repeat. Errors: undefined_object where the role is missing.';

-- As with timesheet_reader: another database of the server may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_ingest') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_ingest; -- nobody signs in as it: each timesheetd has a login that is a member
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_ingest, so timesheetd goes on as the owner', current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_ingest; then, as the owner of the schema: SELECT timesheet.grant_ingest().';
    END;
  END IF;
  IF to_regrole('timesheet_ingest') IS NOT NULL THEN
    PERFORM timesheet.grant_ingest();
  END IF;
END
$$;

DO $$ BEGIN PERFORM timesheet.revoke_public_execute(); END $$;

INSERT INTO timesheet.schema_migrations (version, name) VALUES (31, '0031_ingest_role');
