-- As a run that reads nothing: a pass under way would hold again what is decided here, so none may be at work.
CREATE OR REPLACE FUNCTION timesheet.resolve_deletions(alert bigint, accept boolean) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  about text;
  run bigint;
  resolved int;
BEGIN
  IF accept IS NULL THEN
    RAISE EXCEPTION 'accept is null'
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give true to delete what is held back, false to keep it.';
  END IF;
  PERFORM timesheet.require_writable();
  PERFORM timesheet.take_ingest_lock();
  SELECT a.subject INTO about FROM timesheet.alerts AS a
  WHERE a.alert_id = alert AND a.kind = 'deletions_held' AND a.resolved_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'alert % is none of deletions that are held back now', coalesce(alert::text, 'null')
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'See timesheet.alerts for those of the kind deletions_held that are open.';
  END IF;

  IF about = 'contacts' THEN
    IF NOT accept THEN
      RAISE EXCEPTION 'contacts that Airtable does not list cannot be kept'
        USING ERRCODE = 'invalid_parameter_value', HINT = 'List them in Airtable again: they are kept from then on.';
    END IF;
    PERFORM timesheet.take_lock('contacts_lock');
    UPDATE timesheet.contacts AS c SET removed_at = now(), missing_since = NULL
    WHERE c.missing_since IS NOT NULL AND c.removed_at IS NULL;
    GET DIAGNOSTICS resolved = ROW_COUNT;
    PERFORM timesheet.resolve_alert('deletions_held', 'contacts');
    RETURN resolved;
  END IF;

  IF accept THEN
    run := timesheet.begin_run('accept deletions');
    PERFORM timesheet.lock_writers(); -- before that of the raw events
    PERFORM timesheet.store_tombstones(run, h.resource, array_agg(h.jibble_id))
    FROM timesheet.held_deletions AS h WHERE timesheet.deletion_subject(h) = about AND h.kept_at IS NULL
    GROUP BY h.resource;
    DELETE FROM timesheet.held_deletions AS h WHERE timesheet.deletion_subject(h) = about AND h.kept_at IS NULL;
    GET DIAGNOSTICS resolved = ROW_COUNT;
    PERFORM timesheet.finish_run(run);
  ELSE
    UPDATE timesheet.held_deletions AS h SET kept_at = now()
    WHERE timesheet.deletion_subject(h) = about AND h.kept_at IS NULL;
    GET DIAGNOSTICS resolved = ROW_COUNT;
  END IF;
  PERFORM timesheet.update_deletion_alerts();
  RETURN resolved;
END
$$;
COMMENT ON FUNCTION timesheet.resolve_deletions(bigint, boolean) IS
  'Decides about what an alert deletions_held is about. accept true: it is deleted, as if its source had said so. '
  'False: it is kept and counts, without an alert, until its source shows it again or says that it is deleted. Returns '
  'how many objects or contacts; what was kept before stays so. Errors: object_not_in_prerequisite_state for another '
  'alert, invalid_parameter_value '
  'where contacts are to be kept, lock_not_available while timesheetd reads.';
CALL timesheet.set_grants('FUNCTION timesheet.resolve_deletions(bigint, boolean)');
