"""timesheetd migrate: idempotent, safe when two start at once, and clear about what it does not know."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from conftest import SUPERUSER_URI, TIMESHEETD, Daemon, wait_until
from locks import with_lock_timeout
from logins import make_roles
from sql_files import STEPS, VERSION, apply_everything, apply_steps

pytestmark = pytest.mark.every_native_server


@pytest.fixture
def uri(new_database):
    return new_database()


def functions(db):
    return db.execute("SELECT version, sha256 FROM timesheet.applied_functions").fetchall()


def test_migrate_makes_the_schema_with_the_native_engine_and_repeats_without_change(uri):
    daemon = Daemon(uri)
    first, second = (daemon.must("migrate").stderr for _ in range(2))
    assert f"({len(STEPS)} applied now), functions of {VERSION} (applied now), engine: native" in first
    assert f"(0 applied now), functions of {VERSION} (unchanged), engine: native" in second


@pytest.mark.parametrize("count, there", [(2, 0), (5, 0), (5, 4), (5, len(STEPS))])
def test_migrate_at_once_applies_each_step_once_and_the_functions_once(uri, count, there):
    """Before there is a schema, too, when there is nothing of ours that could be locked."""
    apply_steps(uri, there)
    daemon = Daemon(uri)
    together = [
        subprocess.Popen([TIMESHEETD, "migrate"], env=daemon.environment, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    errors = [p.communicate(timeout=120)[1] for p in together]
    assert [p.returncode for p in together] == [0] * count, errors
    with psycopg.connect(uri) as db:
        assert [v for v, in db.execute("SELECT version FROM timesheet.schema_migrations ORDER BY version")] == sorted(
            STEPS
        )
        assert len(functions(db)) == 1
    lines = [line for text in errors for line in text.splitlines()]
    assert len([line for line in lines if line.endswith(" applied")]) == len(STEPS) - there
    assert len([line for line in lines if f"functions of {VERSION} (applied now)" in line]) == 1


def test_a_schema_begun_by_hand_is_waited_for_and_named(uri):
    """Nobody can lock what is not there: who makes the name holds up who would."""
    with psycopg.connect(uri, application_name="by hand") as db:
        db.execute("CREATE SCHEMA timesheet")
        done = Daemon(with_lock_timeout(uri, "2500ms"))("migrate")
        assert done.returncode == 1 and "sql/schema/0001_foundation.sql was not applied" in done.stderr
        assert f"the lock is held by role timesheet (by hand, server process {db.info.backend_pid})" in done.stderr
        db.rollback()
    Daemon(uri).must("migrate")


def test_another_migration_under_way_is_waited_for_and_named(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, application_name="by hand") as db:
        db.execute("LOCK TABLE timesheet.schema_migrations IN EXCLUSIVE MODE")
        done = Daemon(with_lock_timeout(uri, "2500ms"))("migrate")
        assert (
            done.returncode == 75
            and f"the lock is held by role timesheet (by hand, server process {db.info.backend_pid})" in done.stderr
        ), done.stderr


def test_who_stays_in_a_transaction_stops_a_migration_that_names_them_and_leaves_nothing_half_done(uri):
    """One who wrote, and is in the way of a trigger; one who reads tables is in nobody's."""
    apply_steps(uri)
    impatient = Daemon(with_lock_timeout(uri, "2500ms"))
    with psycopg.connect(uri) as reader, psycopg.connect(uri, application_name="by hand") as writer, psycopg.connect(
        uri, autocommit=True
    ) as db:
        reader.execute("SELECT FROM timesheet.time_entries, timesheet.settings")
        writer.execute("DELETE FROM timesheet.time_entries")
        done = impatient("migrate")
        assert (
            done.returncode == 1 and "sql/functions/rollup/before_change.sql was not applied" in done.stderr
        ), done.stderr
        assert (
            f"the lock is held by role timesheet (by hand, server process {writer.info.backend_pid})" in done.stderr
        ), done.stderr
        assert functions(db) == [] and db.execute(
            "SELECT count(*) FROM pg_proc WHERE pronamespace = 'timesheet'::regnamespace"
        ).fetchone() == (0,)
        writer.rollback()
        impatient.must("migrate")


def test_a_report_that_is_being_read_stops_new_functions_and_leaves_the_old_ones(uri):
    Daemon(uri).must("migrate")
    impatient = Daemon(with_lock_timeout(uri, "2500ms"))
    with psycopg.connect(uri, application_name="by hand") as reader, psycopg.connect(uri, autocommit=True) as db:
        db.execute(
            "UPDATE timesheet.applied_functions SET sha256 = 'other'; COMMENT "
            "ON FUNCTION timesheet.refresh() IS 'other'"
        )
        reader.execute("SELECT * FROM timesheet.weekly_report")
        done = impatient("migrate")
        assert done.returncode == 1 and ".sql was not applied" in done.stderr, done.stderr
        assert (
            f"the lock is held by role timesheet (by hand, server process {reader.info.backend_pid})" in done.stderr
        ), done.stderr
        comment = "SELECT obj_description('timesheet.refresh()'::regprocedure)"
        assert functions(db) == [(VERSION, "other")] and db.execute(comment).fetchone() == ("other",)
        reader.rollback()
        impatient.must("migrate")
        assert functions(db) != [(VERSION, "other")] and db.execute(comment).fetchone() != ("other",)


def test_a_reader_that_it_met_in_a_deadlock_goes_on_and_so_does_it(uri):
    """It has locked silent_agents and waits at activity_names; a reader of digest_emails waits for silent_agents;
    then it comes to digest_emails."""
    Daemon(uri).must("migrate")
    superuser_uri = SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]
    with psycopg.connect(uri) as before, psycopg.connect(superuser_uri) as reader, psycopg.connect(
        uri, autocommit=True
    ) as db:
        db.execute("UPDATE timesheet.applied_functions SET sha256 = 'other'")
        reader.execute(
            "SET deadlock_timeout = '1h'"
        )  # so that it is not the one to give way, which then nobody would notice here
        reader.execute("SELECT FROM timesheet.digest_emails")
        before.execute("SELECT FROM timesheet.activity_names")
        migrating = Daemon(uri).start("migrate")
        waits = "SELECT FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        wait_until(lambda: db.execute(waits, ("timesheet.activity_names",)).rowcount)
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(reader.execute, "SELECT count(*) FROM timesheet.silent_agents")
            wait_until(lambda: db.execute(waits, ("timesheet.silent_agents",)).rowcount)
            before.rollback()
            assert reading.result(timeout=30).fetchone() == (0,)
        reader.rollback()
        said = migrating.communicate(timeout=60)[1]
        assert (
            migrating.returncode == 0
            and "sql/functions met a reader and is applied once more" in said
            and f"functions of {VERSION} (applied now)" in said
        ), said


def test_a_sync_under_way_is_in_no_functions_way(uri):
    """It holds the ingest lock for a whole pass, which is the lock of a view that no release makes anew."""
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as syncing, psycopg.connect(uri, autocommit=True) as db:
        syncing.execute("SELECT timesheet.take_ingest_lock()")
        db.execute("UPDATE timesheet.applied_functions SET sha256 = 'other'")
        assert (
            f"functions of {VERSION} (applied now)" in Daemon(with_lock_timeout(uri, "2500ms")).must("migrate").stderr
        )


def test_what_a_crash_leaves_between_steps_and_functions_is_completed_by_the_next(uri):
    apply_steps(uri)
    with psycopg.connect(uri) as writer, psycopg.connect(uri, autocommit=True) as db:
        writer.execute("DELETE FROM timesheet.time_entries")
        dying = Daemon(uri).start("migrate")
        wait_until(
            lambda: db.execute(
                "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
                "AND query LIKE '%before_change%'"
            ).rowcount
        )
        dying.kill()
        dying.communicate()
        writer.rollback()
        assert "the schema has no functions yet; run timesheetd migrate" in Daemon(uri)("replay").stderr
        assert f"functions of {VERSION} (applied now)" in Daemon(uri).must("migrate").stderr
        Daemon(uri).must("replay")


def test_functions_that_were_changed_by_hand_become_ours_again_and_so_do_their_rights(uri):
    """Where the text is another than the one that was applied; a role that is not ours keeps what it was given."""
    make_roles()
    Daemon(uri).must("migrate")
    rights = (
        "SELECT p.oid::regprocedure::text, p.proacl::text, p.prosecdef, p.proconfig, p.prosrc FROM pg_proc AS p "
        "WHERE p.pronamespace = 'timesheet'::regnamespace ORDER BY 1"
    )
    with psycopg.connect(uri, autocommit=True) as db:
        before = db.execute(rights).fetchall()
        db.execute(
            "CREATE OR REPLACE FUNCTION timesheet.unsubscribe_by_link(token uuid) RETURNS void LANGUAGE sql AS 'SELECT'"
        )
        db.execute(
            "GRANT EXECUTE ON FUNCTION timesheet.unsubscribe_by_link(uuid), timesheet.next_delivery(bigint[], boolean) "
            "TO PUBLIC, timesheet_reader"
        )
        db.execute("REVOKE EXECUTE ON FUNCTION timesheet.engine() FROM timesheet_reader")
        db.execute(
            "GRANT SELECT ON timesheet.weekly_report TO pg_monitor; GRANT SELECT "
            "ON timesheet.contacts TO timesheet_reader"
        )
        assert db.execute(rights).fetchall() != before
        db.execute("UPDATE timesheet.applied_functions SET sha256 = 'other'")
        Daemon(uri).must("migrate")
        assert [(name, sorted(acl.strip("{}").split(",")), *rest) for name, acl, *rest in db.execute(rights)] == [
            (name, sorted(acl.strip("{}").split(",")), *rest) for name, acl, *rest in before
        ]
        assert db.execute(
            "SELECT has_table_privilege('pg_monitor', 'timesheet.weekly_report', 'SELECT'), "
            "has_table_privilege('timesheet_reader', 'timesheet.contacts', 'SELECT'),"
            " has_column_privilege('timesheet_ingest', 'timesheet.contacts', 'missing_since', 'SELECT')"
        ).fetchone() == (True, False, True)


def test_a_step_that_was_edited_after_it_was_applied_is_refused_by_name(uri):
    daemon = Daemon(uri)
    daemon.must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("UPDATE timesheet.schema_migrations SET sha256 = 'other' WHERE version = 2")
    done = daemon("migrate")
    assert done.returncode == 1
    assert "sql/schema/0002_settings.sql was applied with another text" in done.stderr


def test_a_failing_step_leaves_what_was_there(uri):
    with psycopg.connect(uri) as db:
        db.execute("CREATE SCHEMA timesheet; CREATE TABLE timesheet.settings ()")
    done = Daemon(uri)("migrate")
    assert done.returncode == 1
    with psycopg.connect(uri) as db:
        assert db.execute("SELECT to_regclass('timesheet.schema_migrations')").fetchone() == (None,)


def test_a_schema_applied_by_psql_is_adopted(uri):
    apply_everything(uri)
    assert f"(0 applied now), functions of {VERSION} (unchanged)" in Daemon(uri).must("migrate").stderr


@pytest.mark.parametrize("command", [("migrate",), ("sync",), ("check",), ("replay",)], ids=" ".join)
def test_a_schema_from_before_the_first_release_is_refused_before_anything_is_touched(uri, command):
    """As its files had left it: 34 of them, and no table of applied functions."""
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute(
            "CREATE SCHEMA timesheet; CREATE TABLE timesheet.schema_migrations (version int PRIMARY KEY, "
            "name text NOT NULL, sha256 text, applied_by text,"
            " applied_at timestamptz NOT NULL DEFAULT now()); CREATE TABLE timesheet.raw_events (raw_event_id bigint)"
        )
        db.execute(
            "INSERT INTO timesheet.schema_migrations (version, name, sha256, applied_by) "
            "SELECT n, to_char(n, 'FM0000') || CASE n WHEN 1 THEN '_schema' WHEN 10 THEN '_sql_engine'"
            " ELSE '_x' END, md5(n::text), '0.1.0' FROM generate_series(1, 34) AS n"
        )
        catalog = (
            "SELECT array_agg(c.oid::regclass::text ORDER BY 1), (SELECT count(*) FROM pg_proc AS p "
            "WHERE p.pronamespace = 'timesheet'::regnamespace) FROM pg_class AS c "
            "WHERE c.relnamespace = 'timesheet'::regnamespace"
        )
        before = db.execute(catalog).fetchone()
        done = Daemon(uri)(
            *command, JIBBLE_CLIENT_ID="demo", JIBBLE_CLIENT_SECRET="demo", JIBBLE_IDENTITY_URL="http://127.0.0.1:1"
        )
        said = done.stdout + done.stderr
        assert (
            done.returncode == 1
            and "the schema was made before the first release, 0.1.0, and cannot be upgraded; nothing was changed"
            in said
        ), said
        assert 'docs/operations.md says under "A schema from before 0.1.0"' in said
        assert db.execute(catalog).fetchone() == before
        assert db.execute("SELECT count(*), count(sha256) FROM timesheet.schema_migrations").fetchone() == (34, 34)
