"""What each role was decided to have, by name, and what it has in a database."""

import psycopg
import pytest

from conftest import ENGINES, Daemon
from locks import LOCKS
from logins import make_roles


TABLE_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

READER = {
    # Views, and the tables that others may read (docs/architecture.md, Interface), with what could not be
    # understood of them.
    "weekly_report",
    "daily_report",
    "attendance",
    "session_log",
    "notes",
    "client_group_names",
    "activity_names",
    "agent_names",
    "client_group_labels",
    "activity_labels",
    "agent_labels",
    "stale_agent_days",
    "feed_health",
    "silent_agents",
    "alerts",
    "held_deletions",
    "scheduled_jobs",
    "schema_migrations",
    "applied_functions",
    "digests",
    "digest_emails",
    "digest_hours",
    "digest_weeks",
    "digest_health",
    "contact_problems",
    "settings",
    "agents",
    "client_groups",
    "activities",
    "time_entries",
    "raw_events",
    "ingest_problems",
    "ingest_runs",
    "audits",
    "audit_findings",
    # Functions that read.
    "engine()",
    "has_native_engine()",
    "sessions()",
    "daily_hours()",
    "weekly_hours()",
    "notes()",
    "rejected_entry_notes()",
    "attendance_days()",
    "derived_notes()",
    "explain()",
    "digest_readiness()",
    "week_start()",
    "round_hours()",
    "length_text()",
    "is_unconfirmed()",
    "unconfirmed_text()",
    "is_time_zone()",
    "require_every_row()",
    "require_every_row_when_planned()",
    "usable_time_zone()",
    "distinct_names()",
    "default_time_zone()",
    "time_zone_label()",
    "office_time_text()",
}

INGEST = {
    "schema_migrations",
    "applied_functions",
    "feed_health",
    "digest_health",
    "contact_problems",
    "settings.stale_after",
    "contacts.contact_id",
    "contacts.unsubscribe_token",
    "contacts.missing_since",
    "engine()",
    "has_native_engine()",
    "take_ingest_lock()",
    "record_lock_holder()",
    "begin_run()",
    "store_page()",
    "missing_entries()",
    "people_shown()",
    "people_held()",
    "witness_entries()",
    "missing_objects()",
    "people_without_zones()",
    "unknown_objects()",
    "store_tombstones()",
    "hold_deletions()",
    "seal_run()",
    "finish_run()",
    "finish_run_as_failed()",
    "fail_run()",
    "cut_run()",
    "derive_step()",
    "resume_pass()",
    "keep_pass()",
    "end_pass()",
    "run_problems()",
    "refresh()",
    "refresh_step()",
    "replay()",
    "nightly_resync_is_due()",
    "audited_people()",
    "store_audit()",
    "last_closed_week()",
    "store_contacts()",
    "contact_id()",
    "contact_week()",
    "last_week_day()",
    "digest_content()",
    "digest_readiness()",
    "take_digest_lock()",
    "next_attempt_at()",
    "recover_deliveries()",
    "queue_digests()",
    "next_delivery()",
    "begin_attempt()",
    "end_attempt()",
    "return_delivery()",
    "fail_returned_deliveries()",
    "update_sender_alert()",
    "postpone_deliveries()",
    "office_time_text()",
    "require_every_row()",
    "require_every_row_when_planned()",
}

CLIENT = {
    *(
        "timesheet_client." + name
        for name in (
            "weekly_report",
            "daily_report",
            "attendance",
            "session_log",
            "notes",
            "client_groups",
            "weekly_report_rows()",
            "daily_report_rows()",
            "attendance_rows()",
            "session_log_rows()",
            "notes_rows()",
            "client_groups_rows()",
            "sessions()",
            "daily_hours()",
            "weekly_hours()",
            "notes()",
            "round_hours()",
        )
    )
}

UNSUBSCRIBE = {"unsubscribe_by_link()"}

OWNER_ALONE = {
    "agent_history",
    "attendance_rollup",
    "client_access",
    "client_group_assignments",
    "contact_client_groups",
    "contacts",
    "daily_rollup",
    "digest_deliveries",
    "digest_figures",
    "digest_reported_weeks",
    "hour_entries",
    "ingest_state",
    "note_rollup",
    "attribute_history",
    "session_rollup",
    "stale_days",
    "stale_dates",
    "stale_workdays",
    "first_weekdays",
    "stored_hours",
    "working_time_overrides",
    "lock_holders",
    "unfinished_passes",
    "time_zone_aliases",
    "role_grants",
    "agents_of_changed_zones()",
    "canonical_time_zone()",
    "cut_to_microseconds()",
    "duration_seconds()",
    "id_or_null()",
    "reassign_changed_zones()",
    "require_time_zone()",
    "server_time_zone()",
    "is_tombstoned()",
    "has_version()",
    "never_described()",
    "update_deletion_alerts()",
    "raise_alert()",
    "resolve_alert()",
    "lasting_members()",
    "is_usable()",
    "known_member()",
    "with_known_members()",
    "is_duration()",
    "reject()",
    "require_writable()",
    *LOCKS,
    "take_lock()",
    "lock_holder()",
    "refresh_unless_under_way()",
    "audit()",
    "our_days()",
    "jibble_days()",
    "summary_day()",
    "summary_seconds()",
    "cancelling_runs()",
    "judged_days()",
    "update_audit_alerts()",
    "as_json()",
    "assign_client_group()",
    "at_or_after()",
    "before_change()",
    "carries_activity_on()",
    "cell_texts()",
    "client_attendance()",
    "client_noted_days()",
    "client_group_at_noon()",
    "client_groups_of_caller()",
    "client_note_codes()",
    "revoke_public_execute()",
    "count_text()",
    "current_versions()",
    "contact_returns()",
    "clean_names()",
    "clean_text()",
    "adjacent_workdays()",
    "days_read()",
    "require_open_run()",
    "digest_activities()",
    "digest_activities_section()",
    "digest_agents()",
    "digest_cells()",
    "digest_corrections()",
    "digest_corrections_section()",
    "digest_days()",
    "digest_group_sums()",
    "digest_groups()",
    "digest_head()",
    "digest_names()",
    "digest_notes()",
    "digest_notes_section()",
    "digest_preheader()",
    "digest_reasons()",
    "digest_reported()",
    "digest_schedule()",
    "digest_sections_length()",
    "digest_title()",
    "digest_week()",
    "digest_worked_zones()",
    "has_hours()",
    "has_hours_before()",
    "entries_truncated()",
    "entry_notes()",
    "snapshot_digest()",
    "grant_roles()",
    "set_grants()",
    "former_jobs()",
    "job_exists()",
    "job_table()",
    "jobs_of_others()",
    "record_jobs()",
    "recorded_jobs()",
    "effective_at()",
    "client_group_at()",
    "zones_named_at()",
    "instant_or_null()",
    "guid_or_null()",
    "html_length()",
    "is_email()",
    "inactive_client_groups()",
    "inactive_group_problems()",
    "listed_contacts()",
    "not_ascii_problem()",
    "remove_unlisted_contacts()",
    "store_contact_client_groups()",
    "store_contact_problems()",
    "jobs()",
    "keep_settings()",
    "lock_raw_events()",
    "lock_refresh()",
    "lock_writers()",
    "mark_all_days()",
    "mark_hour_entries()",
    "mark_restored_days()",
    "stale_periods()",
    "refresh_attendance()",
    "refresh_hours()",
    "refresh_marks()",
    "refresh_notes()",
    "refresh_sessions()",
    "mark_time_entries()",
    "member()",
    "normalise()",
    "normalise_hour_entries()",
    "normalise_names()",
    "named_keys()",
    "parsed_hour_entries()",
    "parsed_time_entries()",
    "write_undescribed()",
    "normalise_objects()",
    "normalise_organizations()",
    "normalise_tracking_people()",
    "record_attributes()",
    "underived_entries()",
    "rejected_entries()",
    "retry_rejected_entries()",
    "normalise_people()",
    "normalise_time_entries()",
    "percent()",
    "percents()",
    "period_text()",
    "weeks_text()",
    "assign_workday()",
    "reassign_workdays()",
    "prune_job_history()",
    "prune_ingest_runs()",
    "readable()",
    "rebuild_agent_history()",
    "require_known()",
    "require_pg_cron()",
    "resend_digest()",
    "rule_text()",
    "deletion_text()",
    "explained_entries()",
    "explained_hours()",
    "explained_objects()",
    "explained_sessions()",
    "date_text()",
    "local_time_text()",
    "note_text()",
    "rules_changed()",
    "schedule_jobs()",
    "set_client_access()",
    "set_working_time()",
    "settings_changed()",
    "resolve_delivery()",
    "short_name()",
    "show_current()",
    "shortened_list()",
    "sql_attributed_events()",
    "sql_daily_hours()",
    "sql_events()",
    "sql_hours()",
    "sql_notes()",
    "sql_sessions()",
    "sql_weekly_hours()",
    "store_objects()",
    "time_zone_at_noon()",
    "try_date()",
    "try_duration()",
    "try_instant()",
    "change_points()",
    "unschedule_jobs()",
    "unsubscribe()",
    "shows_another_zone()",
    "lacks_zones_only()",
    "zone_text()",
    "names_zones_since()",
    "time_tracking_names_zones()",
    "use_engine()",
    "version_attribution()",
    "watch_feed()",
    "week_changed()",
    "truncated_seconds()",
    "zone_changes()",
    "client_groups_of_changed_zones()",
}

NATIVE = {
    "native_sessions()",
    "native_daily_hours()",
    "native_weekly_hours()",
    "native_notes()",
}  # the extension's, where the server has it
if "native" in ENGINES:
    OWNER_ALONE |= NATIVE


@pytest.fixture(scope="module")
def uri(new_database):
    make_roles()
    uri = new_database()
    Daemon(uri).must("migrate")
    return uri


@pytest.fixture(scope="module")
def owner(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        yield db


# Every relation and function of ours by its name, that of a function with (), outside of timesheet with its schema's.
OBJECTS = """
    SELECT o.*, CASE o.schema WHEN 'timesheet' THEN '' ELSE o.schema || '.' END || o.name AS known FROM (
      SELECT n.nspname AS schema, c.relname AS name, c.oid, c.relkind::text AS kind FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname ~ '^timesheet'
      UNION ALL
      SELECT n.nspname, p.proname || '()', p.oid, 'function' FROM pg_proc AS p
      JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname ~ '^timesheet'
    ) AS o"""


def given(db, role):
    """What the role may read or call, and what it may do beyond that."""
    table_rights = TABLE_RIGHTS + (("MAINTAIN",) if db.info.server_version >= 170000 else ())
    rows = db.execute(
        f"""
        SELECT o.known, p.privilege FROM ({OBJECTS}) AS o CROSS JOIN unnest(%(table)s::text[]) AS p (privilege)
        WHERE o.kind NOT IN ('function', 'S') AND has_table_privilege(%(role)s, o.oid, p.privilege)
        UNION ALL
        SELECT o.known || '.' || a.attname, p.privilege FROM ({OBJECTS}) AS o
        JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS p (privilege)
        WHERE o.kind NOT IN ('function', 'S') AND has_column_privilege(%(role)s, o.oid, a.attnum, p.privilege)
          AND NOT has_table_privilege(%(role)s, o.oid, p.privilege)
        UNION ALL
        SELECT o.known, p.privilege FROM ({OBJECTS}) AS o
        CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p (privilege)
        WHERE o.kind = 'S' AND has_sequence_privilege(%(role)s, o.oid, p.privilege)
        UNION ALL
        SELECT o.known, 'SELECT' FROM ({OBJECTS}) AS o WHERE o.kind = 'function'
          AND has_function_privilege(%(role)s, o.oid, 'EXECUTE')
        """,
        {"role": role, "table": list(table_rights)},
    ).fetchall()
    return {name for name, privilege in rows if privilege == "SELECT"}, {
        (name, privilege) for name, privilege in rows if privilege != "SELECT"
    }
