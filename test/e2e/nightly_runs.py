"""timesheetd before a fake Jibble whose weeks end today, and what its run log says."""

import datetime
import signal
import time

import psycopg
import pytest

from conftest import Daemon, FakeJibble, wait_until


@pytest.fixture
def now_jibble(tmp_path):
    """A fake whose history ends now, so that the window has something in it."""
    fake = FakeJibble(
        tmp_path / "truth.json",
        "--weeks",
        "3",
        "--now",
        datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    yield fake
    fake.stop()


@pytest.fixture
def make(migrated_database, now_jibble):
    """A migrated database of its own and timesheetd before it; its night began long ago and ends in hours."""

    def made():
        it = Daemon(migrated_database(), now_jibble)
        hour = datetime.datetime.now(datetime.timezone.utc).hour
        with psycopg.connect(
            it.environment["DATABASE_URL"], autocommit=True
        ) as db:  # noon or thereabouts; the signs of POSIX
            db.execute("UPDATE timesheet.settings SET default_time_zone = %s", (f"Etc/GMT{hour - 12:+d}",))
        return it

    return made


def not_at_midnight(seconds=300):
    """The day, which goes on for so long: waits for the next one where it does not."""
    left = 86400 - time.time() % 86400
    if left < seconds:
        time.sleep(left + 1)
    return datetime.datetime.now(datetime.timezone.utc).date()


def rows(daemon, query):
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        return db.execute(query).fetchall()


def outcomes(daemon):
    return rows(daemon, "SELECT command, status FROM timesheet.ingest_runs ORDER BY ingest_run_id")


def audits(jibble):
    return jibble.requests("TimesheetsSummary")


def run_until(service, is_so, **environment):
    """Runs the service until it is so; its log."""
    process = service.start("run", **{"SYNC_INTERVAL": "1", **environment})
    wait_until(is_so, 60)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    return log
