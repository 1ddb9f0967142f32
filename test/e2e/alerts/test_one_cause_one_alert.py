"""What concerns one e-mail, one address or one environment raises no alert about all of them, and disturbs none."""

import psycopg
import pytest

from airtable_peer import Airtable
from alert_world import ANN, NO_WAY, by_resend, provider, template, webhook, world  # noqa: F401
from peer_server import Status
from stage import guid
from test_causes_of_digests import CLIENT, queue_a_digest

pytestmark = by_resend
UNKNOWN = Status(422, {"name": "validation_error", "message": "We do not like it."})
REFUSED = Status(422, {"name": "validation_error", "message": "Invalid `to` field."})


def failures_of_digests(world):  # noqa: F811
    return world.db.execute("SELECT failures FROM timesheet.pass_failures WHERE command = 'digests'").fetchone()


def test_an_alert_that_is_refused_for_an_unknown_reason_says_nothing_of_the_sender(world, provider):  # noqa: F811
    number = world.begins()
    provider.peer.refused = {ANN: UNKNOWN}
    for _ in range(2):
        world.notify()
        world.attempts_are_due()
    assert world.open_alerts("sender_refused") == {} and world.posted() == [[number]]
    assert world.mailed() == []
    provider.peer.refused = {}
    world.notify()
    assert world.mailed(ANN) == [(ANN, f"Problem: {world.title()}")]


def test_digests_that_fail_alone_are_no_failing_pass(world, provider):  # noqa: F811
    provider.peer.refused = {CLIENT: REFUSED}
    queue_a_digest(world)
    for _ in range(3):
        assert world.daemon("digest", "send").returncode == 1
        world.db.execute("SELECT timesheet.resend_digest(%s, %s)", (CLIENT, world.week))
    assert failures_of_digests(world) == (0,) and world.open_alerts("failing_runs") == {}
    assert len(world.open_alerts("digest_failed")) > 0


@pytest.fixture
def airtable(world):  # noqa: F811
    with Airtable("pat", "appBase", "Clients", fields=["Email", "Jibble Group ID"], requests_per_second=1000) as peer:
        peer.records = [("rec1", {"Email": CLIENT, "Jibble Group ID": guid("group", 1)})]
        world.daemon.environment |= {
            "AIRTABLE_TOKEN": "pat",
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": peer.url,
        }
        yield peer


def test_a_pass_without_any_way_leaves_alone_what_another_is_posting(world, webhook, airtable):  # noqa: F811
    world.begins()
    webhook.refusal = Status(503)
    world.notify("contacts", ALERT_EMAILS=None)

    def state():
        return world.db.execute("SELECT state FROM timesheet.webhook_messages").fetchall()

    world.db.execute("UPDATE timesheet.webhook_messages SET state = 'sending'")
    with psycopg.connect(world.daemon.environment["DATABASE_URL"]) as poster:
        poster.execute("SELECT timesheet.take_digest_lock()")
        done = world.notify("contacts", **NO_WAY)
        assert state() == [("sending",)] and "notifications" not in done.stderr
