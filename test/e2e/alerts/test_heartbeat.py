"""The heartbeat is given after each sync or nightly that reached the present and succeeded, and never fails a pass."""

import datetime
import signal
import time

import psycopg
import pytest

from alert_world import jibble_now  # noqa: F401 (a fixture)
from conftest import Daemon, wait_until
from locks import holder_of
from peer_server import Hang, Reset, Status
from webhook_peer import Heartbeat

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
REFUSED = {"path_contains": "Groups", "times": 1000, "action": "status", "status": 403}


@pytest.fixture(scope="module")
def uri(migrated_database):
    return migrated_database()


@pytest.fixture
def heartbeat():
    with Heartbeat() as peer:
        yield peer
        peer.release()


@pytest.fixture
def daemon(uri, jibble_now, heartbeat):
    it = Daemon(uri, jibble_now)
    it.environment |= {"HEARTBEAT_URL": heartbeat.address, "SYNC_LOOKBACK_DAYS": "1"}
    yield it
    jibble_now.admin("DELETE", "faults")


@pytest.mark.parametrize("command", ["sync", "nightly"])
def test_a_pass_that_worked_gives_one(daemon, heartbeat, command):
    daemon.must(command)
    assert heartbeat.beats == 1
    (request,) = heartbeat.requests
    assert request.method == "GET" and request.body == b""


@pytest.mark.parametrize("command", ["sync", "nightly"])
def test_a_pass_that_failed_gives_none(daemon, heartbeat, jibble_now, command):
    jibble_now.admin("POST", "faults", REFUSED)
    assert daemon(command).returncode == 1
    assert heartbeat.requests == []


def test_a_pass_over_the_past_gives_none(daemon, heartbeat):
    """It says nothing of the hours of today."""
    days = [str(TODAY - datetime.timedelta(days=n)) for n in (9, 8)]
    daemon.must("sync", "--since", days[0], "--until", days[1])
    daemon.must("backfill", "--since", days[0], "--until", days[1])
    assert heartbeat.requests == []


def test_a_pass_that_was_cut_gives_none_and_the_one_that_completes_it_does(daemon, heartbeat, jibble_now):
    jibble_now.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 1, "action": "slow", "seconds": 30})
    daemon("sync", "--time-limit", "3")
    assert heartbeat.requests == []
    jibble_now.admin("DELETE", "faults")
    daemon.must("sync", "--time-limit", "60")
    assert heartbeat.beats == 1


def test_a_pass_that_found_another_at_work_gives_none(daemon, heartbeat, uri, jibble_now):
    jibble_now.admin("POST", "faults", {"path_contains": "Groups", "times": 1, "action": "slow", "seconds": 30})
    first = daemon.start("sync")
    with psycopg.connect(uri, autocommit=True) as db:
        wait_until(lambda: holder_of(db, "ingest_lock"), 20)
    assert daemon("sync", "--time-limit", "5").returncode == 75
    first.kill()
    first.communicate()
    assert heartbeat.requests == []


def test_other_commands_give_none(daemon, heartbeat):
    for command in ("check", "replay", "metrics"):
        daemon(command)
    assert heartbeat.requests == []


@pytest.mark.parametrize("fault", [Status(500, "oops"), Status(301), Reset()], ids=str)
def test_a_service_that_refuses_fails_no_pass(daemon, heartbeat, fault):
    heartbeat.next(fault)
    done = daemon.must("sync")
    assert len(heartbeat.requests) == 1 and "HEARTBEAT_URL" in done.stderr
    assert Heartbeat.SECRET not in done.stdout + done.stderr


def test_a_service_that_is_away_fails_no_pass(daemon):
    done = daemon.must("sync", HEARTBEAT_URL=f"http://127.0.0.1:1/ping/{Heartbeat.SECRET}")
    assert "HEARTBEAT_URL" in done.stderr and Heartbeat.SECRET not in done.stderr


def test_a_service_that_hangs_costs_five_seconds(daemon, heartbeat):
    daemon.must("sync", HEARTBEAT_URL=None)
    heartbeat.next(Hang())
    began = time.monotonic()
    daemon.must("sync")
    assert time.monotonic() - began < 9 and len(heartbeat.requests) == 1


def test_the_service_gives_one_for_each_sync_and_nightly_that_worked(daemon, heartbeat, uri, jibble_now):
    """While Jibble refuses, none."""
    with psycopg.connect(uri, autocommit=True) as db:
        (last,) = db.execute("SELECT coalesce(max(ingest_run_id), 0) FROM timesheet.ingest_runs").fetchone()

        def ended(status):
            return db.execute(
                "SELECT FROM timesheet.ingest_runs WHERE status = %s AND ingest_run_id > %s", (status, last)
            ).rowcount

        process = daemon.start("run", SYNC_INTERVAL="1")
        wait_until(lambda: heartbeat.beats >= 2)
        jibble_now.admin("POST", "faults", REFUSED)
        wait_until(lambda: ended("failed") >= 2)  # so that the heartbeat of what worked before has been given
        beats = heartbeat.beats
        wait_until(lambda: ended("failed") >= 3)
        assert heartbeat.beats == beats == ended("succeeded")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
