"""Where pg_cron is installed, our two schemas are dumped alone, as docs/operations.md says:
the dump asks for no pg_cron where it is restored."""

import pathlib
import re
import subprocess

import psycopg
import pytest

from conftest import ENGINES, Daemon
from stage import feed_one_shift
from logins import make_roles
from other_server import other_server  # noqa: F401 (a fixture)

OPERATIONS = (pathlib.Path(__file__).parents[3] / "docs/operations.md").read_text()


def restore(dump, uri):
    done = subprocess.run(
        ["psql", "-Xq", "--single-transaction", "-v", "ON_ERROR_STOP=1", uri],
        input=dump,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stderr
    Daemon(uri).must("migrate")
    return uri


def reports(uri, engine):
    """What people read, and what the engine says."""
    with psycopg.connect(uri, autocommit=True) as db:
        assert db.execute("SELECT timesheet.use_engine(%s)", (engine,)).fetchone() == (engine,)
        return [
            db.execute(f"SELECT r::text FROM timesheet.{what} AS r ORDER BY 1").fetchall()
            for what in (
                "weekly_report",
                "attendance",
                *(f"{f}(NULL, NULL, NULL, '2030-01-01Z')" for f in ("sessions", "daily_hours", "weekly_hours")),
            )
        ]


@pytest.fixture(scope="module")
def original(other_server):  # noqa: F811
    """One shift from 09:00 to 17:30, and the jobs, in the database that has pg_cron."""
    make_roles(other_server.superuser_uri)
    Daemon(other_server.uri).must("migrate")
    feed_one_shift(other_server.uri)
    with psycopg.connect(other_server.uri, autocommit=True) as db:
        db.execute("SELECT timesheet.schedule_jobs()")
    return other_server.uri


@pytest.fixture(scope="module")
def dump(original):
    """As its owner makes it, by the command in docs/operations.md."""
    (command,) = re.findall(r"`(pg_dump -n [^`]*)`", OPERATIONS)
    return subprocess.run([*command.split(), original], check=True, stdout=subprocess.PIPE).stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_hours_are_the_same_in_a_database_without_pg_cron(original, dump, new_database, engine):
    make_roles()
    copy = restore(dump, new_database())
    assert reports(copy, engine) == reports(original, engine)
    with psycopg.connect(copy, autocommit=True) as db:
        assert db.execute("SELECT sum(work_seconds) FROM timesheet.weekly_report").fetchone() == (30600,)
        assert db.execute("SELECT to_regnamespace('cron')").fetchone() == (None,)
        with pytest.raises(psycopg.errors.FeatureNotSupported):
            db.execute("SELECT timesheet.schedule_jobs()")


def test_with_pg_cron_the_jobs_are_scheduled_afterwards(original, dump):
    """In place of the database it was taken of, whose schemas were lost."""
    with psycopg.connect(original, autocommit=True) as db:
        db.execute("SELECT timesheet.unschedule_jobs()")
        db.execute("DROP SCHEMA timesheet, timesheet_client CASCADE")
        restore(dump, original)
        assert db.execute("SELECT count(*) FROM cron.job").fetchone() == (0,)
        assert (
            db.execute("SELECT timesheet.schedule_jobs()").fetchone()
            == db.execute("SELECT count(*) FROM timesheet.jobs()").fetchone()
        )
        assert db.execute("SELECT sum(work_seconds) FROM timesheet.weekly_report").fetchone() == (30600,)
