"""Functions and the daemon fix what settings could change, and a file of sql/ makes the same schema under any."""

import os
import re
import subprocess

import psycopg
import pytest

from conftest import SUPERUSER_URI, Daemon, FakeJibble
from logins import login  # noqa: F401 (a fixture)
from sql_files import FUNCTIONS, STEPS, assembled

FILES = [*STEPS.values(), *FUNCTIONS]
# Of a role and a database as an administrator may have set them; DateStyle and zone besides by libpq's own variables.
DEFAULTS = {
    "standard_conforming_strings": "off",
    "intervalstyle": "sql_standard",
    "timezone_abbreviations": "Australia",
    "search_path": "evil, pg_catalog",
    "statement_timeout": "1ms",
    "default_transaction_isolation": "serializable",
    "transform_null_equals": "on",
    "array_nulls": "off",
    "quote_all_identifiers": "on",
    "extra_float_digits": "-15",
    "bytea_output": "escape",
    "exit_on_error": "on",
    "check_function_bodies": "off",
}
ENVIRONMENT = {
    "PGTZ": "FOO+13:37BAR,M10.5.0,M11.1.0",
    "PGDATESTYLE": "SQL, DMY",
    "PGCLIENTENCODING": "LATIN1",
    "PGOPTIONS": "-c standard_conforming_strings=off -c intervalstyle=iso_8601 -c backslash_quote=off "
    "-c row_security=on",
}
STORED = {
    **{
        table: (
            "SELECT to_jsonb(e) - 'deleted_at' AS entry, e.deleted_at IS NULL AS is_live "
            f"FROM timesheet.{table} AS e"
        )
        for table in ("time_entries", "hour_entries")
    },
    "timelines": "SELECT * FROM timesheet.agent_history",
    "agents": "SELECT * FROM timesheet.agents",
    "groups": "SELECT * FROM timesheet.client_groups",
    "activities": "SELECT * FROM timesheet.activities",
    "raw": "SELECT resource, jibble_id, payload::text FROM timesheet.raw_events",
    "stale": "SELECT * FROM timesheet.stale_agent_days",
    "runs": "SELECT command, since, until, status, rows, new, changed, deleted, rejected FROM timesheet.ingest_runs",
    "report": "SELECT * FROM timesheet.weekly_report",
    "notes": "SELECT * FROM timesheet.notes",
}
CATALOG = {
    "functions": "SELECT pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc') FROM pg_proc AS p "
    "JOIN pg_language AS l ON l.oid = p.prolang"
    " WHERE l.lanname <> 'c' AND p.pronamespace IN ('timesheet'::regnamespace, 'timesheet_client'::regnamespace)",
    "views": (
        "SELECT c.oid::regclass::text, pg_get_viewdef(c.oid) FROM pg_class AS c WHERE c.relkind = 'v' "
        "AND c.relnamespace IN ('timesheet'::regnamespace, 'timesheet_client'::regnamespace)"
    ),
    "columns": (
        "SELECT table_name, column_name, data_type, column_default, generation_expression "
        "FROM information_schema.columns WHERE table_schema = 'timesheet'"
    ),
    "comments": (
        "SELECT c.relname, d.objsubid, d.description FROM pg_description AS d JOIN pg_class AS c "
        "ON c.oid = d.objoid WHERE c.relnamespace = 'timesheet'::regnamespace"
    ),
    "constraints": (
        "SELECT k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint AS k "
        "WHERE k.connamespace = 'timesheet'::regnamespace"
    ),
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'timesheet'",
    "settings": "SELECT * FROM timesheet.settings",
    "triggers": "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger AS t WHERE NOT t.tgisinternal",
}


@pytest.fixture(scope="module")
def uri(new_database):
    uri = new_database()
    Daemon(uri).must("migrate")
    return uri


def rows(uri, queries):
    with psycopg.connect(uri) as db:
        db.execute("SET timezone = 'UTC'")
        return {name: sorted(map(str, db.execute(query))) for name, query in queries.items()}


def backslashes(text):
    """Those that a plain string may hold: outside of comments and of E'…'."""
    return re.findall(r".{0,30}\\.{0,30}", re.sub(r"\bE'(\\.|''|[^'\\])*'|--[^\n]*", "", text)) + re.findall(
        r"U&'[^']*'", text
    )


def test_no_text_of_a_function_hangs_on_standard_conforming_strings(uri):
    assert backslashes(r"SELECT E'\\d' ~ '\d' -- \s") and not backslashes(r"SELECT E'\\d''' || E'\'\n' -- '\s'")
    with psycopg.connect(uri) as db:
        functions = db.execute(
            "SELECT p.proname, p.prosrc FROM pg_proc AS p WHERE p.pronamespace IN ('timesheet'::regnamespace, "
            "'timesheet_client'::regnamespace)"
        ).fetchall()
    assert len(functions) > 150
    assert {name: backslashes(text) for name, text in functions if backslashes(text)} == {}
    assert {path.name: backslashes(path.read_text()) for path in FILES if backslashes(path.read_text())} == {}


def test_each_function_that_is_called_for_itself_fixes_what_could_matter(uri):
    """Its file says them. What it stores or returns must not hang on the session that calls it: '\\u' is another text
    where standard_conforming_strings is off, '7 days' are longer where clocks change, a date is written in DateStyle's
    order, and a policy takes rows away (row_security = off makes that an error). A function without SET is inlined into
    others; what is immutable reads no table and no setting; a procedure that commits may fix nothing.
    """
    # Asked row by row, or with each call of others, which have fixed all that matters.
    # In none of these is there a text that a setting changes.
    within = {
        "client_group_at_noon",
        "server_time_zone",
        "canonical_time_zone",
        "usable_time_zone",
        "zone_changes",
        "effective_at",
        "change_points",
        "at_or_after",
        "version_attribution",
        "engine",
        "has_native_engine",
        "is_time_zone",
        "reject",
        "require_every_row",
    }
    # Asked for each stale day of an agent, where each setting takes some microseconds; nothing else matters to these.
    per_day = {
        "sessions",
        "daily_hours",
        "weekly_hours",
        "notes",
        "derived_notes",
        "attendance_days",
        "rejected_entry_notes",
    }
    # A file is read to set timezone_abbreviations (EST lies in Australia by another one): only where local time becomes
    # an instant, or an instant a text.
    by_local_time = {
        "finish_run",
        "derive_step",
        "replay",
        "set_working_time",
        "assign_client_group",
        "settings_changed",
        "audit",
        "store_audit",
        "our_days",
        "last_closed_week",
        "nightly_resync_is_due",
        "last_week_day",
        "digest_readiness",
        "digest_content",
        "client_attendance",
        "attendance_rows",
        "notes_rows",
        "contact_attendance",
        "portal_attendance",
        "queue_briefings",
        "begin_replay",
        "replay_step",
        "finish_replay",
    }
    with psycopg.connect(uri) as db:
        functions = db.execute(
            "SELECT p.oid::regprocedure::text, p.proname, p.proconfig FROM pg_proc AS p JOIN pg_language AS l "
            "ON l.oid = p.prolang"
            " WHERE p.pronamespace IN ('timesheet'::regnamespace, 'timesheet_client'::regnamespace) "
            "AND l.lanname <> 'c' AND p.prokind = 'f'"
            " AND p.provolatile <> 'i' AND p.proconfig IS NOT NULL"
        ).fetchall()
    every = {
        "standard_conforming_strings=on",
        "row_security=off",
        "TimeZone=UTC",
        "DateStyle=ISO, YMD",
        "IntervalStyle=postgres",
    }
    # pg_cron's own policy shows each role its own jobs, and these ask for them; a policy on the Vault or on pg_net's
    # tables is not ours to refuse.
    with_pg_cron = {
        "job_exists",
        "jobs_of_others",
        "schedule_jobs",
        "unschedule_jobs",
        "prune_job_history",
        "require_pg_cron",
        "require_no_other_scheduler",
        "install_jobs",
        "remove_jobs",
        "schedule_poller",
        "unschedule_poller",
        "end_backfill",
        "require_pg_net",
        "poller_secret",
        "post_job",
        "alert_webhook_url",
        "post_webhook",
    }
    lacking = {
        signature: wanted - set(given)
        for signature, name, given in functions
        if name not in within
        for wanted in [
            {"row_security=off"}
            if name in per_day
            else every - {"row_security=off"} | {"row_security=on"}
            if name in with_pg_cron
            else every
        ]
        if wanted - set(given)
    }
    assert {name for _, name, given in functions if "timezone_abbreviations=Default" in given} == by_local_time
    assert lacking == {} and within | per_day | with_pg_cron <= {name for _, name, _ in functions}


def test_files_applied_by_psql_under_other_settings_make_the_same_schema(uri, new_database):
    other = new_database()
    options = " ".join(
        f"-c {name}={value}"
        for name, value in DEFAULTS.items()
        if name not in ("search_path", "statement_timeout", "exit_on_error")
    )
    subprocess.run(
        ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", *(f"--file={path}" for path in STEPS.values()), "--file=-", other],
        input=assembled(),
        text=True,
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, **ENVIRONMENT, "PGCLIENTENCODING": "UTF8", "PGOPTIONS": options},
    )
    assert rows(other, CATALOG) == rows(uri, CATALOG)


def test_the_daemon_stores_and_prints_the_same_for_every_role_and_environment(
    tmp_path, new_database, login
):  # noqa: F811
    fake = FakeJibble(tmp_path / "truth.json", "--weeks", "1", "--agents", "5", "--now", "2026-11-05T05:00:00Z")
    try:
        printed, found = [], []
        for is_hostile in (False, True):
            uri = new_database()
            environment = ENVIRONMENT if is_hostile else {}
            with psycopg.connect(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1], autocommit=True) as db:
                name = db.info.dbname
                ingest, ingest_uri = login(uri, "timesheet_ingest")
                db.execute(
                    "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;"
                    " CREATE FUNCTION evil.json_typeof(json) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$;"
                    " CREATE FUNCTION evil.pg_backend_pid() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$"
                )
                for setting, value in DEFAULTS.items() if is_hostile else ():
                    value = value if setting == "search_path" else f"'{value}'"
                    db.execute(f"ALTER DATABASE {name} SET {setting} = {value}")
                    db.execute(f"ALTER ROLE {ingest} IN DATABASE {name} SET {setting} = {value}")
                Daemon(uri).must("migrate", **environment)
            daemon = Daemon(ingest_uri, fake)
            daemon.must("sync", "--since", "2026-10-28", "--until", "2026-11-04", **environment)
            daemon.must("replay", **environment)
            done = daemon.must("audit", "--since", "2026-10-28", "--until", "2026-11-04", **environment)
            with psycopg.connect(
                uri,
                options="-c statement_timeout=0 -c default_transaction_isolation=read\\ committed -c "
                "search_path=pg_catalog",
            ) as db:
                db.execute(
                    "SET timezone = 'UTC'; SET intervalstyle = postgres; SET quote_all_identifiers = off; "
                    "SET bytea_output = hex; SET extra_float_digits = 1"
                )
                found.append(
                    {
                        what: sorted(row for row, in db.execute(f"SELECT r::text FROM ({query}) AS r"))
                        for what, query in STORED.items()
                    }
                )
            printed.append(done.stdout)
        assert len(found[0]["time_entries"]) > 50 and len(found[0]["report"]) > 5
        assert {what for what in STORED if found[0][what] != found[1][what]} == set()
        assert printed[0] == printed[1]
    finally:
        fake.stop()
