"""A way that refuses or fails is an alert on the others and a line in check; an address that is new or gone, and
what is configured wrongly."""

import time

import pytest

from alert_world import ANN, BOB, NO_WAY, by_resend, provider, template, text_of, webhook, world  # noqa: F401
from mail_peers import Resend
from peer_server import Reset, Slow, Status
from webhook_peer import Webhook

BOTH = f"{ANN},{BOB}"
FAILED = "notification_failed"


def known_refusal(provider):
    """What the provider says of a recipient that it cannot write to."""
    return {
        "resend": Status(422, {"name": "validation_error", "message": "Invalid `to` field."}),
        "loops": Status(400, {"success": False, "path": "email", "message": "Invalid email address"}),
        "mailgun": Status(400, {"message": "to parameter is not a valid address. please check documentation"}),
    }[provider.name]


@by_resend
@pytest.mark.parametrize("refusal", [Webhook.NO_SERVICE, Webhook.GONE], ids=lambda r: str(r.code))
def test_a_webhook_that_refuses_is_reported_by_email_until_it_works(world, webhook, refusal):
    number = world.begins()
    webhook.refusal = refusal
    world.notify()
    world.notify()
    assert len(world.mailed()) == 2 and world.mailed(ANN)[1] == (ANN, f"Problem: {world.title(FAILED)}")
    ((subject, detail),) = world.open_alerts(FAILED).items()
    assert subject == "webhook" and str(refusal.code) in detail and Webhook.SECRET not in detail
    ((state, line),) = world.checked("alerts")
    assert state == "failed" and "webhook" in line and str(refusal.code) in line and Webhook.SECRET not in line

    webhook.refusal = None
    world.an_hour_passes()
    for _ in range(2):
        world.notify()
        world.an_hour_passes()
    assert world.posted() == [[number]] and world.open_alerts(FAILED) == {}
    assert world.mailed(ANN)[2:] == [(ANN, f"Over: {world.title(FAILED)}")]
    assert [state for state, _ in world.checked("alerts")] == ["ok"]


def test_a_provider_that_refuses_the_sender_is_reported_by_the_webhook_in_the_same_pass(world, provider, webhook):
    world.begins()
    key = f"{provider.name.upper()}_API_KEY"
    world.daemon("digest", "send", **{key: "another-key"})
    assert world.title("sender_refused") in [post.title.removeprefix("Problem: ") for post in webhook.posts]
    assert len(webhook.posts) == 2 and provider.peer.mails == [] and len(world.open_alerts("sender_refused")) == 1
    # Corrected: the e-mail that waited goes out, and that it waited is over.
    world.an_hour_passes()
    for _ in range(3):
        world.notify()
        world.attempts_are_due()
    assert (ANN, f"Problem: {world.title()}") in world.mailed() and world.open_alerts("sender_refused") == {}
    assert len(webhook.posts) == 3 and "Over" in webhook.posts[-1].title


def test_an_address_that_is_refused_is_reported_to_the_others(world, provider, webhook):
    number = world.begins()
    provider.peer.refused = {BOB: known_refusal(provider)}
    for _ in range(2):
        world.notify(ALERT_EMAILS=BOTH)
    assert list(world.open_alerts(FAILED)) == [f"email {BOB}"]
    assert world.mailed() == [(ANN, f"Problem: {world.title()}"), (ANN, f"Problem: {world.title(FAILED)}")]
    assert BOB in text_of(provider.peer.mails[1])
    assert len(webhook.posts) == 2 and webhook.posts[0].alerts == [number]
    assert world.title(FAILED) in webhook.posts[1].text and "example.com" not in webhook.posts[1].text.replace(
        "hours.example.com", ""
    )
    ((state, line),) = world.checked("alerts", ALERT_EMAILS=BOTH)
    assert state == "failed" and BOB in line


@by_resend
def test_an_address_that_is_taken_out_fails_no_more(world, provider):
    world.begins()
    provider.peer.refused = {BOB: known_refusal(provider)}
    world.notify(ALERT_EMAILS=BOTH)
    world.an_hour_passes()
    for _ in range(2):
        world.notify()
    assert world.open_alerts(FAILED) == {} and [state for state, _ in world.checked("alerts")] == ["ok"]


@by_resend
def test_a_pass_by_hand_that_knows_of_no_way_changes_nothing_for_a_day(world, webhook):
    """As one from a laptop, whose environment has nothing of alerts."""
    first = world.begins("agent 1")
    world.notify()
    second = world.begins("agent 2")
    world.notify(**NO_WAY)
    world.ends("agent 2")
    world.an_hour_passes()
    world.notify(**NO_WAY)
    world.notify()
    assert world.posted() == [[first], [second]] and world.mailed()[1:] == [(ANN, f"Problem, over: {world.title()}")]


@by_resend
def test_where_no_way_was_configured_for_a_day_none_fails(world, webhook):
    world.begins()
    webhook.refusal = Webhook.GONE
    world.notify(ALERT_EMAILS=None)
    for _ in range(2):
        world.notify(**NO_WAY)
    assert list(world.open_alerts(FAILED)) == ["webhook"]
    world.db.execute("UPDATE timesheet.notification_ways SET last_seen_at = last_seen_at - interval '25 hours'")
    for _ in range(2):
        world.notify(**NO_WAY)
    assert world.open_alerts(FAILED) == {}


@by_resend
def test_a_webhook_that_fails_is_no_alert_before_the_third_time_and_five_minutes(world, webhook):
    world.begins()
    webhook.next(Status(500), Reset(), Status(503))
    for _ in range(3):
        world.notify()
        world.attempts_are_due()
    assert len(webhook.requests) == 3 and world.open_alerts(FAILED) == {}
    webhook.next(Status(500))
    world.six_minutes_pass()
    for _ in range(2):
        world.notify()
    assert list(world.open_alerts(FAILED)) == ["webhook"] and len(world.mailed()) == 2
    world.attempts_are_due()
    for _ in range(2):
        world.notify()
    assert world.open_alerts(FAILED) == {} and len(webhook.posts) == 1


def test_a_provider_that_is_away_for_some_seconds_is_no_alert(world, provider, webhook):
    """However often it is asked in them."""
    world.begins()
    provider.peer.next(*[Status(503)] * 6)
    world.notify()
    world.notify()
    assert world.open_alerts(FAILED) == {} and len(webhook.posts) == 1
    world.attempts_are_due()
    for _ in range(3):
        world.notify()
        world.attempts_are_due()
    assert (ANN, f"Problem: {world.title()}") in world.mailed() and world.open_alerts(FAILED) == {}


def test_an_address_that_works_again_hears_what_is_still_open(world, provider):
    """One that is refused is tried once an hour at most."""
    world.begins("agent 1")
    provider.peer.refused = {ANN: known_refusal(provider)}
    for _ in range(3):
        world.notify(ALERT_WEBHOOK_URL=None)
    assert len(provider.peer.requests) == 1 and list(world.open_alerts(FAILED)) == [f"email {ANN}"]
    provider.peer.refused = {}
    world.an_hour_passes()
    for _ in range(2):
        world.notify(ALERT_WEBHOOK_URL=None)
    assert world.mailed() == [(ANN, f"Problem: {world.title()}")] and world.open_alerts(FAILED) == {}


@by_resend
def test_an_alert_that_is_refused_for_a_reason_nobody_knows_is_no_refusal_of_the_sender(world, provider):
    world.begins()
    provider.peer.refused = {ANN: Status(400, {"message": "the account is under review"})}
    for _ in range(2):
        world.notify()
        world.attempts_are_due()
    assert world.open_alerts("sender_refused") == {}


@by_resend
def test_a_webhook_that_fails_is_not_asked_again_at_once(world, webhook):
    world.begins()
    webhook.next(Status(500))
    world.notify()
    world.notify()
    assert len(webhook.requests) == 1
    (wait,) = world.db.execute(
        "SELECT extract(epoch FROM next_attempt_at - now())::int FROM timesheet.webhook_messages"
    ).fetchone()
    assert 30 <= wait <= 60


@by_resend
def test_a_webhook_that_asks_for_patience_gets_it_and_has_not_refused(world, webhook):
    world.begins()
    webhook.next(Status(429, "rate_limited", {"Retry-After": "300"}))
    world.notify()
    (wait,) = world.db.execute(
        "SELECT extract(epoch FROM next_attempt_at - now())::int FROM timesheet.webhook_messages"
    ).fetchone()
    assert 270 <= wait <= 300 and world.open_alerts(FAILED) == {}


@by_resend
def test_a_redirection_is_not_followed(world, webhook):
    """It would give the message to whoever the address is now."""
    world.begins()
    with Webhook() as other:
        webhook.refusal = Status(307, "", {"Location": other.address})
        world.notify()
        assert other.requests == [] and len(webhook.requests) == 1
    assert world.db.execute("SELECT state FROM timesheet.webhook_messages").fetchall() == [("queued",)]


@by_resend
@pytest.mark.parametrize("status", [202, 204])
def test_every_success_is_one(world, webhook, status):
    world.begins()
    webhook.next(Status(status))
    world.notify()
    world.notify()
    assert len(webhook.requests) == 1 and world.open_alerts(FAILED) == {}
    assert world.db.execute("SELECT state FROM timesheet.webhook_messages").fetchall() == [("sent",)]


@by_resend
def test_a_message_that_could_not_be_posted_for_a_day_is_given_up(world, webhook):
    world.begins()
    webhook.refusal = Status(500)
    world.notify()
    world.db.execute("UPDATE timesheet.webhook_messages SET created_at = created_at - interval '25 hours'")
    world.attempts_are_due()
    world.notify()
    ((state, *later),) = zip(
        *world.db.execute("SELECT state FROM timesheet.webhook_messages ORDER BY webhook_message_id").fetchall()
    )
    assert state == "failed" and later in ([], ["queued"])  # what is still open may be in a new one


@by_resend
def test_a_webhook_that_hangs_costs_10_seconds_and_keeps_no_email_back(world, webhook):
    world.begins()
    webhook.next(Slow(30))
    began = time.monotonic()
    world.notify()
    assert time.monotonic() - began < 15 and len(world.mailed()) == 1
    assert world.db.execute("SELECT state FROM timesheet.webhook_messages").fetchall() == [("queued",)]


@by_resend
def test_an_email_provider_that_is_away_keeps_nothing_from_the_webhook(world, webhook):
    number = world.begins()
    world.notify("digest", "send", "--time-limit", "10", RESEND_API_URL="http://127.0.0.1:1")
    assert world.posted() == [[number]]


@by_resend
def test_an_exceeded_quota_holds_an_alert_up_for_an_hour_at_most_and_loses_none(world, provider):
    """A day, as digests wait, is too long."""
    world.begins()
    provider.peer.next(Resend.MONTHLY_QUOTA)
    world.notify(ALERT_WEBHOOK_URL=None)
    assert world.mailed() == []
    (longest,) = world.db.execute(
        "SELECT max(next_attempt_at) <= now() + interval '1 hour' FROM timesheet.outbox_messages WHERE state = 'queued'"
    ).fetchone()
    assert longest is True
    world.attempts_are_due()
    world.notify(ALERT_WEBHOOK_URL=None)
    assert (ANN, f"Problem: {world.title()}") in world.mailed()


@by_resend
def test_an_address_that_is_there_twice_is_one(world):
    world.begins()
    world.notify(ALERT_EMAILS=f" {ANN} ,{ANN.upper()}")
    assert world.mailed() == [(ANN, f"Problem: {world.title()}")]


@by_resend
def test_a_new_address_hears_of_what_is_open_and_of_nothing_that_is_over(world):
    world.begins("agent 1")
    world.notify()
    world.ends("agent 1")
    world.an_hour_passes()
    world.notify()
    world.begins("week 2026-11-16", "audit_differs")
    world.notify()
    for _ in range(2):
        world.notify(ALERT_EMAILS=BOTH)
    assert world.mailed(BOB) == [(BOB, f"Problem: {world.title('audit_differs')}")]
    assert len(world.mailed(ANN)) == 3


@by_resend
def test_an_email_that_waits_for_an_address_that_is_gone_is_not_sent(world, provider):
    world.begins()
    provider.peer.next(Resend.RATE_LIMITED)
    world.daemon("digest", "send", "--time-limit", "10", ALERT_EMAILS=BOTH, RESEND_API_KEY="another-key")
    assert provider.peer.mails == []
    for _ in range(2):
        world.attempts_are_due()
        world.notify(ALERT_EMAILS=BOB)
    assert world.mailed(ANN) == [] and (BOB, f"Problem: {world.title()}") in world.mailed()
    kept = world.db.execute("SELECT state, error FROM timesheet.outbox WHERE recipient = %s", (ANN,)).fetchall()
    assert kept and all(state == "failed" and "ALERT_EMAILS" in error for state, error in kept)


@by_resend
def test_that_nobody_would_hear_is_said_by_check(world):
    world.begins()
    world.notify(**NO_WAY)
    ((state, line),) = world.checked("alerts", **NO_WAY)
    assert state == "-" and "ALERT_EMAILS" in line and "ALERT_WEBHOOK_URL" in line
    assert world.db.execute("SELECT FROM timesheet.alert_notifications").rowcount == 0
    ((state, line),) = world.checked("heartbeat")
    assert state == "-" and "HEARTBEAT_URL" in line


@by_resend
@pytest.mark.parametrize(
    "environment, said",
    [
        ({}, "1 address and a webhook"),
        ({"ALERT_EMAILS": BOTH}, "2 addresses and a webhook"),
        ({"ALERT_EMAILS": BOTH, "ALERT_WEBHOOK_URL": None}, "2 addresses"),
        ({"ALERT_EMAILS": None}, "webhook"),
    ],
)
def test_who_hears_is_said_by_check(world, environment, said):
    ((state, line),) = world.checked("alerts", **environment)
    assert state == "ok" and said in line and Webhook.SECRET not in line


@by_resend
def test_addresses_without_a_provider_are_said_by_check(world):
    ((state, line),) = world.checked("alerts", MAIL_PROVIDER=None)
    assert state == "failed" and "MAIL_PROVIDER" in line


@by_resend
@pytest.mark.parametrize(
    "environment, said",
    [
        ({"ALERT_EMAILS": "ann"}, 'ALERT_EMAILS: "ann"'),
        ({"ALERT_EMAILS": f"{ANN};{BOB}"}, "ALERT_EMAILS"),
        ({"ALERT_EMAILS": f"Ann <{ANN}>"}, "ALERT_EMAILS"),
        ({"ALERT_EMAILS": ",".join(f"a{n}@example.com" for n in range(21))}, "ALERT_EMAILS"),
        ({"ALERT_WEBHOOK_URL": "http://hooks.example.com/hush"}, "ALERT_WEBHOOK_URL"),
        ({"ALERT_WEBHOOK_URL": "hush"}, "ALERT_WEBHOOK_URL"),
        ({"ALERT_WEBHOOK_URL": "https://ann:hush@hooks.example.com/"}, "ALERT_WEBHOOK_URL"),
        ({"ALERT_EMAILS": f"{ANN}\nBcc: {BOB}"}, "ALERT_EMAILS"),
        ({"ALERT_WEBHOOK_URL": "file:///etc/hush"}, "ALERT_WEBHOOK_URL"),
        ({"ALERT_WEBHOOK_URL": "https://hooks.example.com/hush hush"}, "ALERT_WEBHOOK_URL"),
        ({"ALERT_WEBHOOK_URL": "https://hooks.example.com/hush\nX: y"}, "ALERT_WEBHOOK_URL"),
        ({"HEARTBEAT_URL": "http://ping.example.com/hush"}, "HEARTBEAT_URL"),
        ({"HEARTBEAT_URL": "hush"}, "HEARTBEAT_URL"),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_do_and_no_secret(world, environment, said):
    done = world.daemon("check", **environment)
    assert done.returncode == 2 and said in done.stderr and "; " in done.stderr
    assert "hush" not in done.stdout + done.stderr
