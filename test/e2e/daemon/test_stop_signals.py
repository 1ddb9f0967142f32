"""SIGTERM, and SIGINT, end every one-shot command in order: exit status 1 and why, the run closed, no lock left,
nothing half done."""

import signal

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import wait_until
from peer_server import Hang

WINDOW = ("--since", "2026-09-27", "--until", "2026-11-25")
SLOW = {"times": 1000, "action": "slow", "seconds": 30}


def stop(process, with_signal=signal.SIGTERM):
    """The log of a process that was asked to stop and did so at once."""
    process.send_signal(with_signal)
    _, log = process.communicate(timeout=10)
    assert process.returncode == 1, log
    assert f"stopped by {with_signal.name}" in log.splitlines()[-1], log
    return log


def wait_until_asleep(db):
    """Until a session of this database is in pg_sleep()."""
    wait_until(
        lambda: db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        ).fetchone()
        == (1,)
    )


def require_order(db):
    """No run is open, and neither a lock nor a transaction is left."""
    assert db.execute("SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'running'").fetchone() == (0,)
    wait_until(  # the server takes a moment to end a session
        lambda: db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
        == (0,),
        5,
    )


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "arguments",
    [
        ("sync", *WINDOW),
        ("sync", *WINDOW, "--time-limit", "60"),
        ("backfill", *WINDOW),
        ("backfill", *WINDOW, "--time-limit", "60"),
        ("nightly",),
        ("nightly", "--time-limit", "60"),
    ],
    ids=" ".join,
)
def test_while_it_reads(daemon, jibble, db, arguments, with_signal):
    jibble.admin("POST", "faults", {"path_contains": "TimeEntries", **SLOW})
    process = daemon.start(*arguments)
    wait_until(lambda: jibble.requests("Activities"))
    stop(process, with_signal)
    ((status, error),) = db.execute("SELECT status, error FROM timesheet.ingest_runs").fetchall()
    assert status == "failed" and f"stopped by {with_signal.name}" in error
    require_order(db)
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW, "--time-limit", "60")


@pytest.mark.parametrize("limit", [(), ("--time-limit", "60")], ids=["without a limit", "with one"])
def test_while_it_derives(daemon, db, limit):
    db.execute(
        """
        CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_sleep(60); RETURN NULL; END $$;
        CREATE TRIGGER dawdle BEFORE INSERT ON timesheet.time_entries FOR EACH STATEMENT
          EXECUTE FUNCTION public.dawdle()"""
    )
    process = daemon.start("sync", *WINDOW, *limit)
    wait_until_asleep(db)
    stop(process)
    require_order(db)
    assert db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone() == (0,)
    assert db.execute("SELECT DISTINCT status FROM timesheet.ingest_runs").fetchall() == [("failed",)]


def test_replay(daemon, db):
    daemon.must("sync", *WINDOW)
    before = db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone()
    db.execute(
        """
        CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_sleep(60); RETURN NULL; END $$;
        CREATE TRIGGER dawdle BEFORE DELETE ON timesheet.agent_history FOR EACH STATEMENT
          EXECUTE FUNCTION public.dawdle()"""
    )
    process = daemon.start("replay")
    wait_until_asleep(db)
    stop(process)
    require_order(db)
    assert db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone() == before


@pytest.mark.parametrize(
    "arguments, path",
    [(("audit", "--since", "2026-11-16", "--until", "2026-11-22"), "TimesheetsSummary"), (("probe",), "Groups")],
    ids=["audit", "probe"],
)
def test_what_only_asks_jibble(daemon, jibble, db, arguments, path):
    daemon.must("sync", *WINDOW)
    jibble.admin("DELETE", "requests")
    jibble.admin("POST", "faults", {"path_contains": path, **SLOW})
    process = daemon.start(*arguments)
    wait_until(lambda: jibble.requests("token"))
    stop(process)
    require_order(db)
    assert db.execute("SELECT count(*) FROM timesheet.audits").fetchone() == (0,)


def test_contacts(daemon, db):
    with Airtable("pat-1", "appBase", "Clients", [("rec1", {"Email": "ann@example.com"})]) as airtable:
        daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-1",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
        }
        airtable.next(Hang())
        process = daemon.start("contacts")
        airtable.wait_for_request()
        stop(process)
    require_order(db)
    assert db.execute("SELECT count(*) FROM timesheet.contacts").fetchone() == (0,)


def test_while_it_waits_for_the_lock(daemon, db):
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as holding:
        holding.execute("SELECT timesheet.take_ingest_lock()")
        process = daemon.start("sync", *WINDOW)
        assert "waiting for the ingest lock" in process.stderr.readline()
        stop(process)
    require_order(db)


def test_the_exit_status_is_documented(daemon):
    assert "1 failed or stopped by a signal" in daemon("--help").stdout
