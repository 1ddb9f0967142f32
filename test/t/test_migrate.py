"""timesheetd migrate: idempotent, safe when two start at once, and clear about what it does not know."""

import pathlib
import subprocess

import psycopg
import pytest

from conftest import TIMESHEETD, Daemon

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def uri(new_database):
    return new_database()


def test_migrate_makes_the_schema_with_the_native_engine_and_repeats_without_change(uri):
    daemon = Daemon(uri)
    assert "engine: native" in daemon.must("migrate").stderr
    assert "(0 applied now)" in daemon.must("migrate").stderr


def test_migrate_at_once_applies_each_migration_once(uri):
    daemon = Daemon(uri)
    together = [subprocess.Popen([TIMESHEETD, "migrate"], env=daemon.environment, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    errors = [p.communicate(timeout=60)[1] for p in together]
    assert [p.returncode for p in together] == [0] * 4, errors
    with psycopg.connect(uri) as db:
        versions = [v for v, in db.execute("SELECT version FROM timesheet.schema_migrations ORDER BY version")]
    assert versions == sorted(int(path.name[:4]) for path in ROOT.glob("sql/[0-9]*.sql"))
    applied = [line for text in errors for line in text.splitlines() if line.endswith(" applied")]
    assert len(applied) == len(versions)


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
    for path in sorted(ROOT.glob("sql/[0-9]*.sql")):
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", path, uri], check=True, stdout=subprocess.PIPE)
    assert "(0 applied now)" in Daemon(uri).must("migrate").stderr


def test_each_migration_records_itself_by_its_own_name():
    for path in ROOT.glob("sql/[0-9]*.sql"):
        last = path.read_text().rstrip("\n").splitlines()[-1]
        assert last == f"INSERT INTO timesheet.schema_migrations (version, name) VALUES ({int(path.stem[:4])}, '{path.stem}');"
