"""The lock of a whole pass: the one that waits learns who holds it, a holder that dies leaves none behind,
who loses it stores nothing more."""

import re
import signal
import time

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import SUPERUSER_URI, wait_until
from locks import holder_of, with_lock_timeout
from logins import login  # noqa: F401 (a fixture)
from mail_peers import Resend

WINDOW = ("--since", "2026-11-16", "--until", "2026-11-22")


@pytest.fixture
def paused(daemon, jibble, db):
    """Starts a sync that stops, for a while, in the middle of reading, with the ingest lock."""

    def start(seconds, **environment):
        jibble.admin(
            "POST", "faults", {"path_contains": "TimeEntries", "times": 1, "action": "slow", "seconds": seconds}
        )
        process = daemon.start("sync", *WINDOW, **environment)
        wait_until(lambda: jibble.requests("Activities") and holder_of(db, "ingest_lock"))
        return process

    return start


def runs(db):
    return db.execute("SELECT status, error FROM timesheet.ingest_runs ORDER BY ingest_run_id").fetchall()


def end(process):
    _, log = process.communicate(timeout=60)
    return process.returncode, log


def test_no_vacuum_waits_for_a_pass(paused, db):
    """Its connection with the lock is idle in a transaction that has neither a number nor a snapshot."""
    db.execute(
        "CREATE TABLE public.other WITH (autovacuum_enabled = off) AS SELECT n FROM generate_series(1, 1000) AS n"
    )
    process = paused(6)
    held = db.execute(
        "SELECT state, backend_xid, backend_xmin, application_name FROM pg_stat_activity WHERE pid = %s",
        (holder_of(db, "ingest_lock"),),
    ).fetchone()
    assert held == ("idle in transaction", None, None, "timesheetd ingest lock")
    heard = []
    db.add_notice_handler(lambda notice: heard.append(notice.message_primary))

    def vacuumed():  # not at once where the server itself analyzes a table of this database meanwhile
        heard.clear()
        db.execute("UPDATE public.other SET n = n")
        db.execute("VACUUM VERBOSE public.other")
        return re.search(r"[1-9]\d* removed, 1000 remain, 0 are dead but not yet removable", "\n".join(heard))

    wait_until(vacuumed)
    assert process.poll() is None and holder_of(db, "ingest_lock")
    assert end(process)[0] == 0


def test_the_second_of_two_waits_names_the_holder_within_a_second_and_goes_on(paused, daemon, db):
    db.execute("UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila'")
    first = paused(3)
    since, host, process, backend = db.execute(
        "SELECT to_char(held_since AT TIME ZONE 'Asia/Manila', 'Dy FMDD Mon YYYY, HH24:MI'), host, process, backend_pid"
        " FROM timesheet.lock_holders WHERE lock_name = 'ingest_lock'"
    ).fetchone()
    assert (process, backend) == (first.pid, holder_of(db, "ingest_lock"))
    second = daemon.start("sync", *WINDOW)
    said = second.stderr.readline()
    assert first.poll() is None
    assert (
        f"waiting for the ingest lock, held by role timesheet since {since} (Asia/Manila) (timesheetd on host {host}, "
        f"process {process}, server process {backend})" in said
    )
    assert (end(first)[0], end(second)[0]) == (0, 0)
    assert [status for status, _ in runs(db)] == ["succeeded"] * 2
    assert db.execute("SELECT holder FROM timesheet.lock_holder('ingest_lock')").fetchone() == (None,)


def test_a_holder_killed_leaves_no_lock(paused, daemon, db):
    process = paused(3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    daemon.must("sync", *WINDOW, DATABASE_URL=with_lock_timeout(daemon.environment["DATABASE_URL"], "5s"))
    assert [status for status, _ in runs(db)] == ["failed", "succeeded"]


def test_who_loses_the_lock_stores_nothing_more(paused, daemon, db):
    """The page that is being read meanwhile would be stored at once."""
    process = paused(3)
    stored = "SELECT count(*), max(raw_event_id) FROM timesheet.raw_events"
    time.sleep(0.5)  # what came before the pause is stored
    before = db.execute(stored).fetchone()
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", (holder_of(db, "ingest_lock"),))
    status, log = end(process)
    assert (
        status == 1
        and "the ingest lock is lost with the connection that held it" in log
        and "terminating connection due to administrator command" in log
    ), log
    assert db.execute(stored).fetchone() == before and before[0] > 0
    ((state, error),) = runs(db)
    assert state == "failed" and error.startswith("the ingest lock is lost")
    daemon.must("sync", *WINDOW)


def test_no_timeout_of_the_role_takes_the_lock_from_a_pass(paused, daemon, db, login):  # noqa: F811
    name, uri = login(daemon.environment["DATABASE_URL"], "timesheet_ingest")
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as admin:
        for setting in (
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            *(["transaction_timeout"] if db.info.server_version >= 170000 else []),
        ):
            admin.execute(f"ALTER ROLE {name} SET {setting} = '1s'")
    process = paused(2.5, DATABASE_URL=uri)
    assert end(process)[0] == 0


def test_who_gives_up_exits_75_and_changes_nothing(daemon, db):
    uri = daemon.environment["DATABASE_URL"]
    impatient = with_lock_timeout(uri, "700ms")
    with Airtable(
        "pat-1", "appBase", "Clients", [("rec1", {"Email": "ann@example.com"})], fields=["Email", "Jibble Group ID"]
    ) as airtable, Resend("key-1") as mail, psycopg.connect(uri) as holding:
        daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-1",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
            "MAIL_PROVIDER": "resend",
            "MAIL_FROM": "hours@example.com",
            "RESEND_API_KEY": "key-1",
            "RESEND_API_URL": mail.url,
        }
        for lock in ("ingest_lock", "digest_lock", "contacts_lock", "replay_lock"):
            holding.execute("SELECT timesheet.take_lock(%s)", (lock,))
        for command, lock in (
            (("sync", *WINDOW), "ingest"),
            (("backfill", *WINDOW), "ingest"),
            (("nightly",), "ingest"),
            (("replay",), "replay"),
            (("digest", "send"), "digest"),
            (("contacts",), "contacts"),
        ):
            done = daemon(*command, DATABASE_URL=impatient)
            assert done.returncode == 75, (command, done.stderr)
            assert f"the {lock} lock could not be taken within 700ms: it is held by role timesheet since" in done.stderr
            assert f"pg_terminate_backend({holding.info.backend_pid})" in done.stderr
    assert runs(db) == [] and db.execute("SELECT count(*) FROM timesheet.contacts").fetchone() == (0,)
    assert "75 another pass held the lock" in daemon("--help").stdout


def test_the_service_leaves_emails_to_another_sender_and_goes_on(daemon, db):
    with Resend("key-1") as mail, psycopg.connect(daemon.environment["DATABASE_URL"]) as holding:
        daemon.environment |= {
            "MAIL_PROVIDER": "resend",
            "MAIL_FROM": "hours@example.com",
            "RESEND_API_KEY": "key-1",
            "RESEND_API_URL": mail.url,
        }
        holding.execute("SELECT timesheet.take_digest_lock()")
        service = daemon.start("run", SYNC_INTERVAL="1", LOG_LEVEL="info")
        lines = iter(service.stderr.readline, "")
        assert "it is held by role timesheet" in next(line for line in lines if "what is due is left to it" in line)
        assert any("sync of" in line and "finished" in line for line in lines)  # the next pass
        service.terminate()
        assert end(service)[0] == 0


def test_a_lock_of_another_transaction_ends_a_pass_that_names_its_holder(daemon, db):
    """Not one of ours: a row that is changed by hand, in a transaction that is left open. No other pass holds it,
    so the exit status is 1."""
    records = [("rec1", {"Email": "ann@example.com"})]
    with Airtable(
        "pat-1", "appBase", "Clients", records, fields=["Email", "Jibble Group ID"]
    ) as airtable, psycopg.connect(daemon.environment["DATABASE_URL"], application_name="by hand") as holding:
        daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-1",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
        }
        daemon.must("contacts")
        holding.execute("UPDATE timesheet.contacts SET removed_at = now()")
        begun = time.monotonic()
        done = daemon("contacts", DATABASE_URL=with_lock_timeout(daemon.environment["DATABASE_URL"], "2500ms"))
        assert done.returncode == 1 and time.monotonic() - begun < 30
        who = re.escape(f"role timesheet (by hand, server process {holding.info.backend_pid})")
        assert re.search(f" warning waiting for a lock, held by {who}", done.stderr), done.stderr
        assert re.search(
            rf"canceling statement due to lock timeout \(55P03\); the lock is held by {who}; end that or wait",
            done.stderr,
        ), done.stderr
