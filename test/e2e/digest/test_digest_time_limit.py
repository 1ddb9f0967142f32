"""digest send under a time limit, or stopped by a signal: an e-mail whose sending began is finished, and each goes out
once."""

import signal
import time

import pytest

from conftest import Daemon
from mail_provider import Provider
from peer_server import Slow, Status
from stage import Stage
from time_limits import SLACK

PEOPLE = [f"ann{n}@example.com" for n in range(5)]


@pytest.fixture
def stage(migrated_database):
    it = Stage(migrated_database())
    it.client_group(1)
    it.agent(1, 1)
    it.shift(1, 1, 0, "09:00", "17:30")
    it.contact(PEOPLE[0], 1, more=[(email, 1) for email in PEOPLE[1:]])
    yield it
    it.close()


@pytest.fixture(params=["resend", "mailgun"])  # with an idempotency key, and without
def provider(request):
    it = Provider(request.param)
    yield it
    it.peer.release()
    it.peer.stop()


@pytest.fixture
def daemon(stage, provider):
    it = Daemon(stage.uri)
    it.environment |= provider.environment
    return it


def states(stage):
    return sorted(state for _, _, state in stage.deliveries())


def test_repeated_calls_send_each_email_once(stage, daemon, provider):
    provider.peer.next(*[Slow(1.5)] * 5)
    logs = []
    for _ in range(10):
        began = time.monotonic()
        done = daemon("digest", "send", "--time-limit", "5")
        assert done.returncode == 0, done.stderr
        assert time.monotonic() - began < 5 + 1.5 + SLACK  # one that began is finished
        logs.append(done.stderr)
        assert set(states(stage)) <= {"queued", "sent"}
        if states(stage) == ["sent"] * 5:
            break
        assert (
            "the time limit of 5 s leaves no time for more; the next call sends what is left in the queue"
            in done.stderr
            and "digests are left in the queue for the next pass" in done.stderr
        )
    assert states(stage) == ["sent"] * 5 and len(logs) > 1
    assert sorted(mail.to[0] for mail in provider.peer.mails) == PEOPLE


def test_an_email_slower_than_the_limit_is_finished(stage, daemon, provider):
    provider.peer.next(Slow(7))
    done = daemon("digest", "send", "--time-limit", "5")
    assert done.returncode == 0, done.stderr
    assert states(stage) == ["queued"] * 4 + ["sent"] and len(provider.peer.mails) == 1, done.stderr


def test_a_pause_that_the_provider_asks_for_is_left_to_a_later_call(stage, daemon, provider):
    provider.peer.next(Status(429, {"name": "rate_limit_exceeded", "message": "Too many"}, {"Retry-After": "30"}))
    began = time.monotonic()
    done = daemon("digest", "send", "--time-limit", "5")
    assert done.returncode == 0 and time.monotonic() - began < 5, done.stderr
    assert states(stage) == ["queued"] * 5 and provider.peer.mails == []


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_an_email_is_sent_finishes_that_one(stage, daemon, provider, with_signal):
    provider.peer.next(Slow(2))
    process = daemon.start("digest", "send")
    provider.peer.wait_for_request()
    process.send_signal(with_signal)
    _, log = process.communicate(timeout=10)
    assert process.returncode == 1 and f"stopped by {with_signal.name}" in log.splitlines()[-1], log
    assert states(stage) == ["queued"] * 4 + ["sent"]
    daemon.must("digest", "send", "--time-limit", "30")
    assert states(stage) == ["sent"] * 5 and sorted(mail.to[0] for mail in provider.peer.mails) == PEOPLE
