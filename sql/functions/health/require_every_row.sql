-- Where rows are hidden, hours would be missing and no error would say so. Views call this; functions have
-- row_security = off, which is an error of PostgreSQL's own wherever a policy would take a row from them.
-- Tables are named one by one: finding them in pg_class would take longer on a server with many tables.
CREATE OR REPLACE FUNCTION timesheet.require_every_row() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF row_security_active('timesheet.time_entries'::regclass)
    OR row_security_active('timesheet.client_group_assignments'::regclass)
    OR row_security_active('timesheet.working_time_overrides'::regclass)
    OR row_security_active('timesheet.contact_client_groups'::regclass)
    OR row_security_active('timesheet.digest_reported_weeks'::regclass)
    OR row_security_active('timesheet.alert_notifications'::regclass)
    OR row_security_active('timesheet.attribute_history'::regclass)
    OR row_security_active('timesheet.attendance_rollup'::regclass)
    OR row_security_active('timesheet.digest_deliveries'::regclass)
    OR row_security_active('timesheet.unfinished_passes'::regclass)
    OR row_security_active('timesheet.notification_ways'::regclass)
    OR row_security_active('timesheet.time_zone_aliases'::regclass)
    OR row_security_active('timesheet.contact_problems'::regclass)
    OR row_security_active('timesheet.operator_actions'::regclass)
    OR row_security_active('timesheet.briefed_sessions'::regclass)
    OR row_security_active('timesheet.briefed_silences'::regclass)
    OR row_security_active('timesheet.webhook_messages'::regclass)
    OR row_security_active('timesheet.ingest_problems'::regclass) OR row_security_active('timesheet.agents'::regclass)
    OR row_security_active('timesheet.outgoing_emails'::regclass) OR row_security_active('timesheet.alerts'::regclass)
    OR row_security_active('timesheet.outbox_messages'::regclass) OR row_security_active('timesheet.audits'::regclass)
    OR row_security_active('timesheet.portal_requests'::regclass)
    OR row_security_active('timesheet.session_rollup'::regclass) OR row_security_active('timesheet.replays'::regclass)
    OR row_security_active('timesheet.held_deletions'::regclass)
    OR row_security_active('timesheet.digest_figures'::regclass)
    OR row_security_active('timesheet.replay_entries'::regclass)
    OR row_security_active('timesheet.audit_findings'::regclass)
    OR row_security_active('timesheet.client_groups'::regclass) OR row_security_active('timesheet.settings'::regclass)
    OR row_security_active('timesheet.agent_history'::regclass) OR row_security_active('timesheet.contacts'::regclass)
    OR row_security_active('timesheet.client_access'::regclass)
    OR row_security_active('timesheet.replay_agents'::regclass)
    OR row_security_active('timesheet.erased_people'::regclass)
    OR row_security_active('timesheet.portal_visits'::regclass)
    OR row_security_active('timesheet.pass_failures'::regclass)
    OR row_security_active('timesheet.ingest_state'::regclass) OR row_security_active('timesheet.briefings'::regclass)
    OR row_security_active('timesheet.hour_entries'::regclass)
    OR row_security_active('timesheet.daily_rollup'::regclass)
    OR row_security_active('timesheet.lock_holders'::regclass)
    OR row_security_active('timesheet.portal_links'::regclass)
    OR row_security_active('timesheet.ingest_runs'::regclass) OR row_security_active('timesheet.raw_events'::regclass)
    OR row_security_active('timesheet.note_rollup'::regclass) OR row_security_active('timesheet.activities'::regclass)
    OR row_security_active('timesheet.supervisors'::regclass) OR row_security_active('timesheet.stale_days'::regclass)
  THEN
    RAISE EXCEPTION 'row-level security may hide rows of % from role "%", and hours with them',
      (SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.relname) FROM pg_class AS c
       WHERE c.relnamespace = 'timesheet'::regnamespace AND row_security_active(c.oid)), current_user
      USING ERRCODE = 'insufficient_privilege',
        HINT = 'Run ALTER TABLE … NO FORCE ROW LEVEL SECURITY, or give the owner of the schema BYPASSRLS.';
  END IF;
  IF EXISTS (SELECT FROM timesheet.settings, timesheet.ingest_state, timesheet.time_zone_aliases) THEN
    RETURN true;
  END IF;
  RAISE EXCEPTION 'timesheet.% has no row',
    CASE WHEN NOT EXISTS (SELECT FROM timesheet.settings) THEN 'settings'
      WHEN NOT EXISTS (SELECT FROM timesheet.ingest_state) THEN 'ingest_state' ELSE 'time_zone_aliases' END
    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run timesheetd migrate, which puts back what a copy of '
      'the schema alone leaves out; then set in timesheet.settings what was different.';
END
$$;
COMMENT ON FUNCTION timesheet.require_every_row() IS
  'Returns true, or raises: insufficient_privilege where row-level security could hide a row of our tables from their '
  'owner, object_not_in_prerequisite_state where timesheet.settings, timesheet.ingest_state or '
  'timesheet.time_zone_aliases has lost its rows.';
CALL timesheet.set_grants('FUNCTION timesheet.require_every_row()', 'EXECUTE TO timesheet_ingest, timesheet_reader');

-- A table whose every row is hidden is left out when a query is planned, and with it what the query would ask while it
-- runs. So views ask when they are planned, which is when a function that is called immutable is called. A plan that is
-- kept is made again when row-level security of one of its tables changes.
CREATE OR REPLACE FUNCTION timesheet.require_every_row_when_planned() RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN timesheet.require_every_row();
END
$$;
COMMENT ON FUNCTION timesheet.require_every_row_when_planned() IS
  'timesheet.require_every_row(), once for each plan. Called immutable for that, which it is not.';
CALL timesheet.set_grants(
  'FUNCTION timesheet.require_every_row_when_planned()',
  'EXECUTE TO timesheet_ingest, timesheet_reader');
