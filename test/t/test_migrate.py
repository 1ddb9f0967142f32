"""timesheetd migrate: idempotent, safe when two start at once, and clear about what it does not know."""

import pathlib
import subprocess

import psycopg
import pytest

from conftest import TIMESHEETD, Daemon
from locks import with_lock_timeout

pytestmark = pytest.mark.every_native_server

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def uri(new_database):
    return new_database()


def test_migrate_makes_the_schema_with_the_native_engine_and_repeats_without_change(uri):
    daemon = Daemon(uri)
    assert "engine: native" in daemon.must("migrate").stderr
    assert "(0 applied now)" in daemon.must("migrate").stderr


def apply_by_psql(uri, through=9999):
    for path in sorted(ROOT.glob("sql/[0-9]*.sql")):
        if int(path.name[:4]) <= through:
            subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", path, uri], check=True, stdout=subprocess.PIPE)


@pytest.mark.parametrize("count, there", [(2, 0), (5, 0), (5, 16)])
def test_migrate_at_once_applies_each_migration_once(uri, count, there):
    """Before there is a schema, too, when there is nothing of ours that could be locked."""
    apply_by_psql(uri, there)
    daemon = Daemon(uri)
    together = [subprocess.Popen([TIMESHEETD, "migrate"], env=daemon.environment, stderr=subprocess.PIPE, text=True) for _ in range(count)]
    errors = [p.communicate(timeout=60)[1] for p in together]
    assert [p.returncode for p in together] == [0] * count, errors
    with psycopg.connect(uri) as db:
        versions = [v for v, in db.execute("SELECT version FROM timesheet.schema_migrations ORDER BY version")]
    assert versions == sorted(int(path.name[:4]) for path in ROOT.glob("sql/[0-9]*.sql"))
    applied = [line for text in errors for line in text.splitlines() if line.endswith(" applied")]
    assert len(applied) == len(versions) - there


def test_a_schema_begun_by_hand_is_waited_for_and_named(uri):
    """Nobody can lock what is not there: who makes the name holds up who would."""
    with psycopg.connect(uri, application_name="by hand") as db:
        db.execute("CREATE SCHEMA timesheet")
        done = Daemon(with_lock_timeout(uri, "2500ms"))("migrate")
        assert done.returncode == 1 and "sql/0001_schema.sql was not applied" in done.stderr
        assert f"the lock is held by role timesheet (by hand, server process {db.info.backend_pid})" in done.stderr
        db.rollback()
    Daemon(uri).must("migrate")


def test_another_migration_under_way_is_waited_for_and_named(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, application_name="by hand") as db:
        db.execute("LOCK TABLE timesheet.schema_migrations IN EXCLUSIVE MODE")
        done = Daemon(with_lock_timeout(uri, "2500ms"))("migrate")
        assert done.returncode == 75 and f"the lock is held by role timesheet (by hand, server process {db.info.backend_pid})" in done.stderr, done.stderr


def test_who_stays_in_a_transaction_stops_a_migration_that_names_them_and_leaves_nothing_half_done(uri):
    """One who wrote: a report that is being read holds up no migration so far."""
    apply_by_psql(uri, 16)
    seen = "SELECT max(version) FROM timesheet.schema_migrations"
    impatient = Daemon(with_lock_timeout(uri, "2500ms"))
    with psycopg.connect(uri) as reader, psycopg.connect(uri, application_name="by hand") as writer, psycopg.connect(uri, autocommit=True) as db:
        reader.execute("SELECT FROM timesheet.time_entries, timesheet.settings")
        writer.execute("DELETE FROM timesheet.time_entries")
        done = impatient("migrate")
        assert done.returncode == 1 and "sql/0017_stale_days.sql was not applied" in done.stderr
        assert f"the lock is held by role timesheet (by hand, server process {writer.info.backend_pid})" in done.stderr, done.stderr
        assert db.execute(seen).fetchone() == (16,) and db.execute("SELECT to_regclass('timesheet.stale_days')").fetchone() == (None,)
        writer.rollback()
        impatient.must("migrate")


def test_a_migration_that_was_edited_after_it_was_applied_is_refused_by_name(uri):
    daemon = Daemon(uri)
    daemon.must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("UPDATE timesheet.schema_migrations SET sha256 = 'other' WHERE version = 2")
    done = daemon("migrate")
    assert done.returncode == 1
    assert "0002_settings" in done.stderr


def test_a_failing_migration_leaves_what_was_there(uri):
    with psycopg.connect(uri) as db:
        db.execute("CREATE SCHEMA timesheet; CREATE TABLE timesheet.settings ()")
    done = Daemon(uri)("migrate")
    assert done.returncode == 1
    with psycopg.connect(uri) as db:
        assert db.execute("SELECT to_regclass('timesheet.schema_migrations')").fetchone() == (None,)


def test_a_schema_applied_by_psql_is_adopted(uri):
    apply_by_psql(uri)
    assert "(0 applied now)" in Daemon(uri).must("migrate").stderr


def test_each_migration_records_itself_by_its_own_name():
    for path in ROOT.glob("sql/[0-9]*.sql"):
        last = path.read_text().rstrip("\n").splitlines()[-1]
        assert last == f"INSERT INTO timesheet.schema_migrations (version, name) VALUES ({int(path.stem[:4])}, '{path.stem}');"
