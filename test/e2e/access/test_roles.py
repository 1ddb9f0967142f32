"""Who may do what: every table, view and function is given to the roles named here, and to no other."""

import pathlib
import re

import psycopg
import pytest

from conftest import ENGINES, Daemon
from locks import LOCKS
from logins import APIS, login, make_roles  # noqa: F401 (a fixture)

pytestmark = pytest.mark.every_server

ROOT = pathlib.Path(__file__).parents[3]
TABLE_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

READER = {
    # Views, and the tables that others may read (docs/architecture.md, Interface), with what could not be understood of them.
    "weekly_report",
    "daily_report",
    "attendance",
    "session_log",
    "notes",
    "client_group_names",
    "activity_names",
    "agent_names",
    "stale_agent_days",
    "feed_health",
    "silent_agents",
    "alerts",
    "held_deletions",
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
    "explain()",
    "digest_readiness()",
    "week_start()",
    "round_hours()",
    "length_text()",
    "unconfirmed_text()",
    "is_time_zone()",
    "require_every_row()",
    "require_every_row_when_planned()",
    "usable_time_zone()",
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
    "run_problems()",
    "refresh()",
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
    "working_time_overrides",
    "lock_holders",
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
    "has_hours_before()",
    "is_unconfirmed()",
    "entries_truncated()",
    "entry_notes()",
    "snapshot_digest()",
    "grant_roles()",
    "set_grants()",
    "former_jobs()",
    "effective_at()",
    "client_group_at()",
    "zones_named_at()",
    "instant_or_null()",
    "html_length()",
    "is_email()",
    "listed_contacts()",
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
    "normalise_people()",
    "normalise_time_entries()",
    "one_line()",
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


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("timesheet_reader", READER),
        ("timesheet_ingest", INGEST),
        ("timesheet_client", CLIENT),
        ("timesheet_unsubscribe", UNSUBSCRIBE),
    ],
)
def test_a_role_has_what_was_decided_and_nothing_else(owner, role, may):
    assert given(owner, role) == (may, set())


def test_the_rights_on_every_object_are_decided(owner):
    there = {name for name, in owner.execute(f"SELECT o.known FROM ({OBJECTS}) AS o WHERE o.kind <> 'S'")}
    decided = {
        name.split(".")[0] if not name.startswith("timesheet_client.") else name
        for name in READER | INGEST | CLIENT | UNSUBSCRIBE
    } | OWNER_ALONE
    assert there - decided == set(), "give it to a role, or to nobody, above"
    assert decided - there == set(), "it is gone"


@pytest.mark.parametrize("role", APIS + ("a role without any membership",))
def test_no_other_role_has_anything(uri, owner, login, role):  # noqa: F811
    if role not in APIS:
        role, _ = login(uri)
    assert given(owner, role) == (set(), set())
    assert (
        owner.execute(
            "SELECT has_schema_privilege(%s, n.oid, p) FROM pg_namespace AS n "
            "CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS p"
            " WHERE n.nspname ~ '^timesheet'",
            (role,),
        ).fetchall()
        == [(False,)] * 4
    )


def test_a_role_may_make_nothing_in_our_schemas_and_a_client_does_not_even_reach_the_one_below(owner):
    rights = owner.execute(
        """
        SELECT r.name, n.nspname, p
        FROM unnest(ARRAY['timesheet_reader', 'timesheet_ingest', 'timesheet_client', 'timesheet_unsubscribe'])
          AS r (name)
        CROSS JOIN pg_namespace AS n CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS p
        WHERE n.nspname ~ '^timesheet' AND has_schema_privilege(r.name, n.oid, p)"""
    ).fetchall()
    assert set(rights) == {
        ("timesheet_reader", "timesheet", "USAGE"),
        ("timesheet_ingest", "timesheet", "USAGE"),
        ("timesheet_unsubscribe", "timesheet", "USAGE"),
        ("timesheet_client", "timesheet_client", "USAGE"),
    }


def test_what_runs_with_its_owners_rights_has_a_fixed_search_path_and_is_what_roles_may_call(owner):
    """pg_temp last: else a table of the caller's would stand before the catalog's."""
    powerful = owner.execute(
        f"""SELECT o.known, array_to_string(p.proconfig, '|'), p.proacl::text
                                 FROM ({OBJECTS}) AS o JOIN pg_proc AS p ON p.oid = o.oid
                                 WHERE o.kind = 'function' AND p.prosecdef"""
    ).fetchall()
    pure = {
        "week_start()",
        "round_hours()",
        "length_text()",
        "unconfirmed_text()",
        "is_time_zone()",
        "time_zone_label()",
    }
    assert {name for name, *_ in powerful} == {
        name for name in READER | INGEST | CLIENT | UNSUBSCRIBE if name.endswith("()")
    } - pure
    for name, settings, rights in powerful:
        assert "search_path=pg_catalog, pg_temp" in settings.split("|"), name
        assert rights is not None and not any(right.startswith(("{=", "=")) for right in rights.split(",")), name


def test_no_table_is_under_row_level_security(owner):
    """The engine would lose the events that end sessions (decision 8); what a role may see is decided on the result."""
    assert (
        owner.execute(
            f"SELECT o.known FROM ({OBJECTS}) AS o JOIN pg_class AS c ON c.oid = o.oid WHERE o.kind = 'r' "
            "AND (c.relrowsecurity OR c.relforcerowsecurity)"
        ).fetchall()
        == []
    )


def test_a_function_that_is_left_open_is_closed(owner):
    owner.execute("BEGIN")
    owner.execute("CREATE FUNCTION timesheet.later() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert "later()" in given(owner, "timesheet_reader")[0]  # else this test says nothing
    assert owner.execute("SELECT timesheet.revoke_public_execute(), timesheet.revoke_public_execute()").fetchone() == (
        1,
        0,
    )
    assert given(owner, "timesheet_reader") == (READER, set())
    owner.execute("ROLLBACK")


def test_a_function_says_its_rights_in_one_statement_which_takes_every_other(owner):
    """By any spelling of its signature; of a role that is not there nothing is given,
    but it is kept for when it comes."""
    owner.execute("BEGIN")
    owner.execute(
        "CREATE FUNCTION timesheet.later(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE "
        "ON FUNCTION timesheet.later(int) TO timesheet_client, pg_monitor"
    )
    may = (
        "SELECT array_agg(r ORDER BY r) FROM "
        "unnest('{public,pg_monitor,timesheet_client,timesheet_ingest,timesheet_reader}'::text[]) AS r "
        "WHERE has_function_privilege(r, 'timesheet.later(int)', 'EXECUTE')"
    )
    owner.execute(
        "CALL timesheet.set_grants('FUNCTION timesheet.later(int4)', 'EXECUTE TO timesheet_reader, "
        "timesheet_unborn', 'EXECUTE TO timesheet_ingest')"
    )
    assert owner.execute(may).fetchone() == (["pg_monitor", "timesheet_ingest", "timesheet_reader"],)
    owner.execute("CALL timesheet.set_grants('FUNCTION timesheet.later(integer)', 'EXECUTE TO timesheet_unborn')")
    assert owner.execute(may).fetchone() == (["pg_monitor"],)
    assert owner.execute(
        "SELECT object, privilege, role FROM timesheet.role_grants WHERE object LIKE '%later%'"
    ).fetchall() == [("FUNCTION timesheet.later(integer)", "EXECUTE", "timesheet_unborn")]
    owner.execute("DROP FUNCTION timesheet.later(int)")
    assert owner.execute("SELECT timesheet.grant_roles()").fetchone() == (4,)  # and forgets what is gone
    assert owner.execute("SELECT count(*) FROM timesheet.role_grants WHERE object LIKE '%later%'").fetchone() == (0,)
    owner.execute("ROLLBACK")


@pytest.mark.parametrize(
    "arguments, said",
    [
        ("'VIEW timesheet.notes', 'SELECT TO timesheet_reader'", '"VIEW timesheet.notes" names no kind of object'),
        (
            "'TABLE timesheet.notes', 'SELECT FOR timesheet_reader'",
            '"SELECT FOR timesheet_reader" is no right on TABLE timesheet.notes',
        ),
        ("'TABLE timesheet.none'", 'relation "timesheet.none" does not exist'),
    ],
)
def test_rights_that_are_not_written_as_grant_does_are_refused(owner, arguments, said):
    with pytest.raises(psycopg.Error, match=said):
        owner.execute(f"CALL timesheet.set_grants({arguments})")


def test_a_role_that_is_missing_is_named_and_the_others_get_their_rights(owner):
    owner.execute("BEGIN")
    told = []
    owner.add_notice_handler(lambda notice: told.append((notice.message_primary, notice.message_hint)))
    owner.execute("CALL timesheet.set_grants('TABLE timesheet.client_access', 'SELECT TO timesheet_unborn')")
    assert owner.execute("SELECT timesheet.grant_roles()").fetchone() == (4,)
    assert told == [
        (
            'role "timesheet_unborn" does not exist',
            "CREATE ROLE timesheet_unborn, as a role that may create roles; then call this again.",
        )
    ]
    owner.execute("ROLLBACK")


@pytest.mark.parametrize("role, may", [("reader", READER), ("ingest", INGEST), ("unsubscribe", UNSUBSCRIBE)])
def test_a_grant_closes_first_what_a_restore_left_open(owner, role, may):
    """pg_restore takes a function from PUBLIC together with giving it to a role;
    on a server without the role both fail."""
    owner.execute("BEGIN")
    owner.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA timesheet TO PUBLIC")
    assert (
        "next_delivery()" in given(owner, f"timesheet_{role}")[0]
        and "resolve_delivery()" in given(owner, f"timesheet_{role}")[0]
    )  # else this test says nothing
    owner.execute("SELECT timesheet.grant_roles()")
    assert given(owner, f"timesheet_{role}") == (may, set())
    owner.execute("ROLLBACK")


def test_each_lock_is_one_things_alone():
    """Two functions on one lock would wait for each other, for no reason that either knows of. No lock is anybody's."""
    places = {}
    for path in [*(ROOT / "sql").rglob("*.sql"), *(ROOT / "daemon/src").rglob("*.cpp")]:
        function = path.name
        text = path.read_text()
        assert not re.search(r"pg_(try_)?advisory_", text), path.name
        for line in text.splitlines():
            if declared := re.match(r"CREATE OR REPLACE FUNCTION timesheet\.(\w+)", line):
                function = declared.group(1)
            for lock in re.findall(r"take_lock\('(\w+)'\)|LOCK TABLE timesheet\.(\w+)", line):
                places.setdefault("".join(lock), set()).add(function)
    assert set(places) == {
        *LOCKS,
        "schema_migrations",
        "client_access",
    }  # the last two are tables that their own writers lock
    assert places.pop("digest_queue_lock") == {"queue_digests", "resend_digest"}  # both queue
    assert places.pop("refresh_lock") == {"lock_refresh", "refresh_unless_under_way"}  # both refresh
    assert all(len(functions) == 1 for functions in places.values()), places


@pytest.mark.parametrize("role", ["reader", "ingest", "client", "unsubscribe"])
def test_granting_again_changes_nothing(owner, role):
    before = given(owner, f"timesheet_{role}")
    assert owner.execute("SELECT timesheet.grant_roles()").fetchone() == (4,)
    assert given(owner, f"timesheet_{role}") == before


# --- timesheet_reader at work


@pytest.fixture(scope="module")
def reader(uri, login):  # noqa: F811
    with psycopg.connect(login(uri, "timesheet_reader")[1], autocommit=True) as db:
        yield db


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_reads_every_view_and_calls_every_function_by_either_engine(uri, owner, reader, engine):
    """With one stale day, so that views ask the engine."""
    owner.execute(
        "INSERT INTO timesheet.agents (agent_id, jibble_id) VALUES (1, gen_random_uuid()) ON CONFLICT DO NOTHING"
    )
    owner.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
        "workday_end)"
        " VALUES (gen_random_uuid(), 1, '2026-11-02 09:00Z', 'In', '2026-11-02', '2026-11-03'), "
        "(gen_random_uuid(), 1, '2026-11-02 17:00Z', 'Out', '2026-11-02', '2026-11-03')"
    )
    owner.execute("SELECT timesheet.use_engine(%s)", (engine,))
    for name in READER:
        if not name.endswith("()"):
            reader.execute(f"SELECT * FROM timesheet.{name} LIMIT 1")
    assert reader.execute(
        "SELECT sum(work_seconds) > 0 FROM timesheet.daily_report WHERE workday = '2026-11-02'"
    ).fetchone() == (True,)
    for call in (
        "engine()",
        "sessions(NULL, NULL)",
        "daily_hours(NULL, NULL)",
        "weekly_hours(NULL, NULL)",
        "notes(NULL, NULL)",
        "explain('2026-11-02', 1)",
        "round_hours(ARRAY[3600])",
        "digest_readiness('2026-11-02', '2026-11-09')",
    ):
        assert reader.execute(f"SELECT count(*) >= 0 FROM timesheet.{call}").fetchone() == (True,)
    assert reader.execute("SELECT timesheet.engine()").fetchone() == (engine,)


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM timesheet.contacts",
        "SELECT * FROM timesheet.digest_deliveries",
        "SELECT * FROM timesheet.client_access",
        "SELECT * FROM timesheet.hour_entries",
        "SELECT timesheet.next_delivery()",
        "SELECT timesheet.refresh()",
        "SELECT timesheet.replay()",
        "SELECT timesheet.use_engine('sql')",
        "SELECT timesheet.unsubscribe(gen_random_uuid())",
        "SELECT timesheet.assign_client_group(1, 1, now())",
        "SELECT timesheet.set_client_access('timesheet_reader', '{}')",
        "SELECT timesheet.grant_roles()",
        *(["SELECT * FROM timesheet.native_sessions(NULL, NULL)"] if "native" in ENGINES else []),
        "SELECT * FROM timesheet_client.weekly_report",
        "UPDATE timesheet.settings SET week_starts_on = 2",
        "DELETE FROM timesheet.raw_events",
        "INSERT INTO timesheet.alerts (kind, detail) VALUES ('x', 'x')",
        "CREATE TABLE timesheet.mine ()",
        "CREATE VIEW timesheet.mine AS SELECT 1",
    ],
)
def test_a_reader_may_not(reader, attempt):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(attempt)


def test_row_level_security_for_a_reader_takes_no_event_from_the_engine(owner, reader):
    """A policy that somebody adds to the events hides them from who reads the table, and changes no hour."""
    before = reader.execute("SELECT * FROM timesheet.sessions(NULL, NULL, as_of => '2027-01-01')").fetchall()
    assert before != []
    owner.execute("ALTER TABLE timesheet.time_entries ENABLE ROW LEVEL SECURITY")
    try:
        assert reader.execute("SELECT * FROM timesheet.time_entries").fetchall() == []
        assert (
            reader.execute("SELECT * FROM timesheet.sessions(NULL, NULL, as_of => '2027-01-01')").fetchall() == before
        )
    finally:
        owner.execute("ALTER TABLE timesheet.time_entries DISABLE ROW LEVEL SECURITY")
