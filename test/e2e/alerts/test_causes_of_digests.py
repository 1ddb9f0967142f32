"""Alerts by their real causes at Airtable and at the e-mail provider. Each is reported, and its end once the cause
has ended."""

import datetime

import pytest

from airtable_peer import Airtable
from alert_world import ANN, by_resend, provider, template, webhook, world  # noqa: F401
from peer_server import Status
from stage import guid

TOKEN, BASE = "pat-hush-hush", "appBase"
only_mailgun = pytest.mark.parametrize("provider", ["mailgun"], indirect=True)
CLIENT = "cleo@client.example"


@pytest.fixture
def airtable(world):  # noqa: F811
    with Airtable(TOKEN, BASE, "Clients", fields=["Email", "Jibble Group ID"], requests_per_second=1000) as peer:
        world.daemon.environment |= {
            "AIRTABLE_TOKEN": TOKEN,
            "AIRTABLE_BASE_ID": BASE,
            "AIRTABLE_API_URL": peer.url,
        }
        yield peer


def listed(*addresses):
    return [(f"rec{n}", {"Email": to, "Jibble Group ID": guid("group", 1)}) for n, to in enumerate(addresses)]


def fetch(world, fails=False):
    done = world.daemon("contacts")
    assert done.returncode == (1 if fails else 0), done.stderr
    world.no_digest_is_due()


def reported(world):
    return [post.title for post in world.webhook.posts]


@by_resend
def test_a_contact_that_cannot_be_used_is_reported_until_it_can(world, airtable):
    airtable.records = listed(CLIENT, "nobody at client.example")
    fetch(world)
    assert reported(world) == [f"Problem: {world.title('contact_problems')}"]
    assert "client.example" not in world.webhook.posts[0].text
    fetch(world)
    airtable.records = listed(CLIENT, "nobody@client.example")
    world.an_hour_passes()
    fetch(world)
    assert reported(world)[1:] == [f"Over: {world.title('contact_problems')}"]
    assert world.mailed() == [
        (ANN, f"Problem: {world.title('contact_problems')}"),
        (ANN, f"Over: {world.title('contact_problems')}"),
    ]


@by_resend
def test_a_list_that_lost_more_than_half_is_reported_until_it_is_back(world, airtable):
    whole = listed(CLIENT, "b@client.example", "c@client.example", "d@client.example")
    airtable.records = whole
    fetch(world)
    airtable.records = whole[:1]
    fetch(world)
    assert reported(world) == [f"Problem: {world.title('deletions_held')}"]
    airtable.records = whole
    world.an_hour_passes()
    fetch(world)
    assert reported(world)[1:] == [f"Over: {world.title('deletions_held')}"]


@by_resend
def test_airtables_token_that_lost_its_rights_is_reported_after_three_passes(world, airtable):
    airtable.records = listed(CLIENT)
    airtable.token = "another"
    for _ in range(2):
        fetch(world, fails=True)
    assert reported(world) == []
    fetch(world, fails=True)
    assert reported(world) == [f"Problem: {world.title('failing_runs')}"]
    ((subject, detail),) = world.open_alerts("failing_runs").items()
    assert subject == "contacts" and "401" in detail and TOKEN not in detail
    airtable.token = TOKEN
    world.an_hour_passes()
    fetch(world)
    assert reported(world)[1:] == [f"Over: {world.title('failing_runs')}"]


def queue_a_digest(world):
    """One that is due to the client, in the queue; its number."""
    world.contacts(CLIENT)
    return world.db.execute(
        "SELECT timesheet.snapshot_digest(contact_id, %s) FROM timesheet.contacts", (world.week,)
    ).fetchone()[0]


def mails_to_staff(world):
    return [subject for _, subject in world.mailed(ANN)]


@by_resend
def test_a_sender_that_is_refused_is_reported_until_an_email_is_accepted(world):
    queue_a_digest(world)
    wrong = {"RESEND_API_KEY": "another-key"}
    assert world.daemon("digest", "send", **wrong).returncode == 1
    for _ in range(2):
        assert reported(world).count(f"Problem: {world.title('sender_refused')}") == 1
        world.daemon("digest", "send", **wrong)
    world.an_hour_passes()
    for _ in range(2):
        world.attempts_are_due()
        world.notify()
    assert f"Over: {world.title('sender_refused')}" in reported(world) and world.open_alerts("sender_refused") == {}
    assert (CLIENT,) in [tuple(mail.to) for mail in world.provider.peer.mails]


@by_resend
def test_digest_passes_that_fail_three_times_are_reported(world):
    queue_a_digest(world)
    for _ in range(3):
        assert world.open_alerts("failing_runs") == {}
        assert world.daemon("digest", "send", RESEND_API_KEY="another-key").returncode == 1
    assert list(world.open_alerts("failing_runs")) == ["digests"]
    assert f"Problem: {world.title('failing_runs')}" in reported(world)
    world.an_hour_passes()
    world.attempts_are_due()
    world.notify()
    assert world.open_alerts("failing_runs") == {} and f"Over: {world.title('failing_runs')}" in reported(world)


def test_a_digest_that_is_refused_is_reported_until_it_is_sent_again(world, provider):
    refusal = {
        "resend": Status(422, {"name": "validation_error", "message": "Invalid `to` field."}),
        "loops": Status(400, {"success": False, "path": "email", "message": "Invalid email address"}),
        "mailgun": Status(400, {"message": "to parameter is not a valid address. please check documentation"}),
    }[provider.name]
    number = queue_a_digest(world)
    provider.peer.refused = {CLIENT: refusal}
    assert world.daemon("digest", "send").returncode == 1
    assert reported(world) == [f"Problem: {world.title('digest_failed')}"]
    assert list(world.open_alerts("digest_failed")) == [f"digest {number}"]
    assert mails_to_staff(world) == [f"Problem: {world.title('digest_failed')}"]
    assert CLIENT not in world.webhook.posts[0].text
    provider.peer.refused = {}
    world.db.execute("SELECT timesheet.resend_digest(%s, %s)", (CLIENT, world.week))
    world.an_hour_passes()
    for _ in range(2):
        world.notify()
    assert reported(world)[1:] == [f"Over: {world.title('digest_failed')}"]
    assert mails_to_staff(world)[1:] == [f"Over: {world.title('digest_failed')}"]


@by_resend
def test_digests_that_are_refused_one_by_one_are_no_failing_pass(world, provider):
    """Each is an alert of its own."""
    provider.peer.refused = {CLIENT: Status(422, {"name": "validation_error", "message": "Invalid `to` field."})}
    queue_a_digest(world)
    for _ in range(3):
        assert world.daemon("digest", "send").returncode == 1
        world.db.execute("SELECT timesheet.resend_digest(%s, %s)", (CLIENT, world.week))
    assert world.open_alerts("failing_runs") == {} and len(world.open_alerts("digest_failed")) <= 1


@by_resend
def test_a_digest_that_waits_in_the_queue_for_an_hour_is_reported_until_it_is_sent(world):
    queue_a_digest(world)
    world.db.execute(
        "UPDATE timesheet.digest_deliveries SET created_at = now() - interval '59 minutes', "
        "next_attempt_at = now() + interval '1 hour'"
    )
    world.notify()
    assert reported(world) == []
    world.db.execute("UPDATE timesheet.digest_deliveries SET created_at = now() - interval '61 minutes'")
    world.notify()
    assert reported(world) == [f"Problem: {world.title('digest_overdue')}"]
    world.db.execute("UPDATE timesheet.digest_deliveries SET next_attempt_at = now()")
    world.an_hour_passes()
    world.notify()
    assert reported(world)[1:] == [f"Over: {world.title('digest_overdue')}"]


@only_mailgun
def test_a_digest_in_doubt_is_reported_until_a_person_decides(world, provider):
    number = queue_a_digest(world)
    provider.peer.next(Status(503))
    assert world.daemon("digest", "send").returncode == 1
    assert reported(world) == [f"Problem: {world.title('digest_in_doubt')}"]
    assert list(world.open_alerts("digest_in_doubt")) == [f"digest {number}"]
    world.db.execute("SELECT timesheet.resolve_delivery(%s, true)", (number,))
    world.an_hour_passes()
    world.notify()
    assert reported(world)[1:] == [f"Over: {world.title('digest_in_doubt')}"]


@by_resend
def test_a_digest_that_waits_for_the_feed_for_an_hour_is_reported_until_it_is_queued(world):
    """The week before last: its digest has been due since Monday of last week."""
    world.contacts(CLIENT)
    world.db.execute("UPDATE timesheet.contacts SET subscribed_since = now() - interval '7 days'")
    world.db.execute(
        "UPDATE timesheet.ingest_runs SET started_at = started_at - interval '30 days', "
        "finished_at = finished_at - interval '30 days'; "
        "UPDATE timesheet.settings SET stale_after = '1000 hours'"
    )
    try:
        world.notify()
        title = world.title("digest_overdue")
        assert reported(world) == [f"Problem: {title}"] and f"Problem: {title}" in mails_to_staff(world)
        subjects = list(world.open_alerts("digest_overdue"))
        assert subjects and all(subject.startswith("week ") for subject in subjects)
        for subject in subjects:
            day = datetime.date.fromisoformat(subject.removeprefix("week "))
            assert f"{day:%a} {day.day} {day:%b %Y}" in world.webhook.posts[0].text
    finally:
        world.db.execute(
            "UPDATE timesheet.ingest_runs SET started_at = started_at + interval '30 days', "
            "finished_at = finished_at + interval '30 days'"
        )
    world.an_hour_passes()
    for _ in range(2):
        world.notify()
    assert world.open_alerts("digest_overdue") == {} and reported(world)[1:] == [f"Over: {title}"]


@by_resend
def test_the_digest_of_a_new_contact_is_not_overdue_at_once(world, airtable):
    """That of last week was due on Monday, but nobody could have queued it before."""
    airtable.records = listed(CLIENT)
    world.daemon.must("contacts")
    assert world.open_alerts("digest_overdue") == {} and reported(world) == []
