"""timesheetd run: polls, reads 35 days once a night, survives failures, notifies systemd, ends cleanly."""

import datetime
import os
import re
import signal
import socket
import threading

import psycopg
import pytest

from conftest import Daemon, FakeJibble, wait_until


@pytest.fixture
def now_jibble(tmp_path):
    """A fake whose history ends now, so that the service's window has something in it."""
    fake = FakeJibble(
        tmp_path / "truth.json",
        "--weeks",
        "1",
        "--now",
        datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    yield fake
    fake.stop()


@pytest.fixture
def service(migrated_database, now_jibble):
    it = Daemon(migrated_database(), now_jibble)
    it.environment["SYNC_INTERVAL"] = "1"
    return it


@pytest.fixture
def run_log(service):
    with psycopg.connect(service.environment["DATABASE_URL"], autocommit=True) as db:
        yield lambda: db.execute(
            "SELECT command, status, error FROM timesheet.ingest_runs ORDER BY ingest_run_id"
        ).fetchall()


def stop(process, sign=signal.SIGTERM):
    process.send_signal(sign)
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    return log


def finished(run_log, command):
    return [row for row in run_log() if row[:2] == (command, "succeeded")]


def test_it_polls_again_and_again_and_reads_35_days_once(service, run_log):
    process = service.start("run")
    wait_until(lambda: len(finished(run_log, "sync")) >= 3)
    log = stop(process)
    # Once; twice if a night has just begun.
    assert 1 <= len(finished(run_log, "nightly")) <= 2 and len(finished(run_log, "sync")) >= 3
    assert "nightly of" in log and "stopped by SIGTERM" in log.splitlines()[-1]
    with psycopg.connect(service.environment["DATABASE_URL"]) as db:
        days = db.execute(
            "SELECT command, max(until - since) FROM timesheet.ingest_runs GROUP BY command ORDER BY command"
        ).fetchall()
        assert days == [("nightly", 36), ("sync", 4)]  # and tomorrow
        assert db.execute(
            "SELECT count(*) FROM (SELECT FROM timesheet.raw_events GROUP BY resource, jibble_id "
            "HAVING count(*) > 1) AS twice"
        ).fetchone() == (0,)
        assert db.execute("SELECT count(*) > 0 FROM timesheet.time_entries").fetchone() == (True,)


def test_the_next_night_is_another_nightly_resync(service, run_log):
    service.must("sync")
    with psycopg.connect(service.environment["DATABASE_URL"], autocommit=True) as db:
        db.execute("UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila'")

        def is_due(began, asked):
            db.execute("UPDATE timesheet.ingest_runs SET command = 'nightly', started_at = %s", (began,))
            return db.execute("SELECT timesheet.nightly_resync_is_due(%s)", (asked,)).fetchone()[0]

        # 03:00 in Manila is 19:00 UTC.
        assert not is_due("2026-11-24 19:00Z", "2026-11-25 18:59:59Z")
        assert is_due("2026-11-24 19:00Z", "2026-11-25 19:00Z")
        assert is_due("2026-11-24 18:59:59Z", "2026-11-24 19:00Z")
        db.execute("UPDATE timesheet.ingest_runs SET status = 'failed'")
        assert is_due("2026-11-24 19:00Z", "2026-11-24 20:00Z")


def test_a_pass_that_fails_is_followed_by_one_that_does_not(service, run_log, now_jibble):
    forms = 4  # of the list of groups, each of which is tried before the pass fails
    now_jibble.admin("POST", "faults", {"path_contains": "Groups", "times": forms, "action": "status", "status": 403})
    process = service.start("run")
    wait_until(lambda: finished(run_log, "sync"))
    log = stop(process)
    assert [row[:2] for row in run_log()][:2] == [("sync", "failed"), ("sync", "succeeded")]
    assert re.search(r" error .*403.*the next pass tries again", log)


def test_a_lost_connection_costs_a_pass_and_no_more(service, run_log, now_jibble):
    now_jibble.admin("POST", "faults", {"path_contains": "Activities", "times": 1, "action": "slow", "seconds": 2})
    process = service.start("run")
    wait_until(lambda: [row for row in run_log() if row[1] == "running"])
    with psycopg.connect(os.environ["TIMESHEET_TEST_SUPERUSER_URI"], autocommit=True) as db:
        assert db.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'timesheetd' "
            "AND datname = %s",
            (service.environment["DATABASE_URL"].rsplit("/", 1)[1],),
        ).fetchone() == (1,)
    wait_until(lambda: finished(run_log, "sync"))
    stop(process)
    assert run_log()[0] == ("sync", "failed", "interrupted: the process ended without closing the run")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_a_pass_ends_it_at_once(service, run_log, now_jibble, sign):
    now_jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 1, "action": "slow", "seconds": 60})
    process = service.start("run")
    wait_until(lambda: [row for row in run_log() if row[1] == "running"] and now_jibble.requests("Activities"))
    stop(process, sign)
    assert run_log() == [("sync", "failed", f"stopped by {sign.name}")]


def test_others_may_work_between_two_passes(service, run_log):
    process = service.start("run", SYNC_INTERVAL="600")
    wait_until(lambda: finished(run_log, "nightly"))
    service.must("sync")
    service.must("replay")
    assert process.poll() is None
    stop(process)


def test_it_notifies_systemd_that_it_is_ready_alive_and_ending(service, run_log, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        told = []

        def listen():  # all the time: the socket's queue is short, and what does not fit is not sent
            while not told or told[-1] != "STOPPING=1":
                told.append(manager.recv(65536).decode())

        listener = threading.Thread(target=listen)
        listener.start()
        process = service.start(
            "run", NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="600000", SYNC_INTERVAL="600"
        )
        # The run's row is finished before the status is sent, so it is the status that is waited for.
        wait_until(lambda: any(re.match(r"STATUS=nightly of \S+ finished: run \d+", word) for word in told))
        alive = told.count("WATCHDOG=1")
        wait_until(lambda: told.count("WATCHDOG=1") >= alive + 6)  # also while there is nothing to do
        stop(process)
        listener.join()
    assert [word for word in told if word in ("READY=1", "STOPPING=1")] == ["READY=1", "STOPPING=1"]


def test_an_abstract_socket_is_notified_too(service, run_log):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        name = f"timesheet-test-{os.getpid()}"
        manager.bind("\0" + name)
        manager.settimeout(20)
        process = service.start("run", NOTIFY_SOCKET="@" + name)
        assert manager.recv(65536) == b"READY=1"
        stop(process)
