"""Each sync, nightly, contacts and digest send ends by sending what is due, whether it worked or not, within its time
limit; none waits for another that is sending."""

import signal
import time

import psycopg
import pytest

from airtable_peer import Airtable
from alert_world import ANN, by_resend, jibble_now, provider, template, webhook, world  # noqa: F401
from conftest import Daemon, wait_until
from logins import login  # noqa: F401 (a fixture)
from peer_server import Hang
from time_limits import SLACK

pytestmark = by_resend
PASSES = [("sync",), ("nightly",), ("contacts",), ("digest", "send")]
REFUSED = {"path_contains": "Groups", "times": 1000, "action": "status", "status": 403}


@pytest.fixture
def airtable():
    with Airtable("pat", "appBase", "Clients", fields=["Email", "Jibble Group ID"], requests_per_second=1000) as peer:
        yield peer


@pytest.fixture
def all_parts(world, jibble_now, airtable):  # noqa: F811
    """Jibble, Airtable, e-mail and a webhook."""
    world.daemon.environment |= Daemon(world.uri, jibble_now).environment | {
        "AIRTABLE_TOKEN": "pat",
        "AIRTABLE_BASE_ID": "appBase",
        "AIRTABLE_API_URL": airtable.url,
    }
    yield world
    jibble_now.admin("DELETE", "faults")


@pytest.mark.parametrize("command", PASSES, ids=" ".join)
def test_each_pass_ends_by_sending(all_parts, command):
    number = all_parts.begins()
    all_parts.notify(*command)
    assert all_parts.posted() == [[number]] and [to for to, _ in all_parts.mailed()] == [ANN]


@pytest.mark.parametrize("command", PASSES[:3], ids=" ".join)
def test_one_that_failed_does_too(all_parts, airtable, jibble_now, command):
    jibble_now.admin("POST", "faults", REFUSED)
    airtable.token = "another"
    number = all_parts.begins()
    assert all_parts.daemon(*command).returncode == 1
    assert all_parts.posted() == [[number]] and [to for to, _ in all_parts.mailed()] == [ANN]


@pytest.mark.parametrize("command", [("sync",), ("digest", "send")], ids=" ".join)
def test_none_goes_over_its_time_limit(all_parts, webhook, command):
    all_parts.begins()
    webhook.next(Hang())
    began = time.monotonic()
    all_parts.daemon.must(*command, "--time-limit", "3")
    assert time.monotonic() - began < 3 + SLACK
    all_parts.attempts_are_due()
    all_parts.notify(*command, "--time-limit", "60")
    assert len(webhook.posts) == 1


def test_an_email_provider_that_hangs_takes_none_over_its_time_limit(all_parts, provider):
    all_parts.begins()
    provider.peer.next(Hang(), Hang(), Hang())
    began = time.monotonic()
    all_parts.daemon.must("digest", "send", "--time-limit", "7")
    assert time.monotonic() - began < 7 + SLACK and len(all_parts.posted()) == 1


def test_a_pass_that_a_signal_ends_begins_no_message(all_parts, jibble_now):
    all_parts.begins()
    jibble_now.admin("POST", "faults", {"path_contains": "Groups", "times": 1, "action": "slow", "seconds": 30})
    process = all_parts.daemon.start("sync")
    wait_until(lambda: all_parts.db.execute("SELECT FROM timesheet.ingest_runs WHERE status = 'running'").rowcount)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert all_parts.posted() == [] and all_parts.mailed() == []


def test_what_another_is_sending_is_left_to_it(all_parts):
    number = all_parts.begins()
    with psycopg.connect(all_parts.uri) as other:
        other.execute("SELECT timesheet.take_digest_lock()")
        began = time.monotonic()
        all_parts.notify("contacts")
        assert time.monotonic() - began < 10 and all_parts.posted() == []
    all_parts.notify("contacts")
    assert all_parts.posted() == [[number]]


def test_the_service_does_so_after_each_of_its_passes(all_parts):
    process = all_parts.daemon.start("run", SYNC_INTERVAL="1")
    wait_until(
        lambda: all_parts.db.execute(
            "SELECT FROM timesheet.ingest_runs WHERE command = 'nightly' AND status = 'succeeded'"
        ).rowcount
    )
    number = all_parts.begins()
    wait_until(lambda: all_parts.posted() and all_parts.mailed(), 20)
    time.sleep(1.5)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    assert all_parts.posted() == [[number]] and [to for to, _ in all_parts.mailed()] == [ANN]


@pytest.mark.parametrize("command", PASSES, ids=" ".join)
def test_the_daemons_own_role_may_do_all_of_it(all_parts, login, airtable, command):  # noqa: F811
    """A contact that cannot be used is the cause, which contacts itself finds."""
    _, as_ingest = login(all_parts.uri, "timesheet_ingest")
    airtable.records = [("rec1", {"Email": "nobody", "Jibble Group ID": "x"})]
    all_parts.db.execute("INSERT INTO timesheet.contact_problems (record_id, value, problem) VALUES ('r', 'x', 'none')")
    all_parts.notify(*command, DATABASE_URL=as_ingest)
    assert f"Problem: {all_parts.title('contact_problems')}" in [post.title for post in all_parts.webhook.posts]
    assert (ANN, f"Problem: {all_parts.title('contact_problems')}") in all_parts.mailed()
    assert [state for state, _ in all_parts.checked("alerts", DATABASE_URL=as_ingest)] == ["ok"]


def test_a_pass_that_has_nothing_to_say_writes_nothing_about_it(all_parts):
    """An idle database's backups stay small: what it would write each minute adds up."""
    all_parts.notify()
    tables = ("alerts", "notification_ways", "pass_failures", "alert_notifications", "webhook_messages", "briefings")

    def versions():
        return [
            all_parts.db.execute(f"SELECT xmin::text, ctid::text FROM timesheet.{table} ORDER BY 2").fetchall()
            for table in tables
        ]

    before = versions()
    all_parts.notify()
    assert versions() == before
