"""timesheetd check --send-test: one test message by each way, and a line that says what came back."""

from alert_world import ANN, BOB, by_resend, provider, template, text_of, webhook, world  # noqa: F401
from peer_server import Status
from webhook_peer import Heartbeat, Webhook

BOTH = f"{ANN},{BOB}"


def sent(world, **environment):
    done = world.daemon("check", "--send-test", **environment)
    return done.returncode, [line for line in done.stdout.splitlines() if "test" in line.lower()], done


def test_each_way_gets_one_message_and_a_line(world, provider, webhook):
    status, lines, done = sent(world, ALERT_EMAILS=BOTH)
    assert sorted(to for mail in provider.peer.mails for to in mail.to) == [ANN, BOB] and len(webhook.posts) == 1
    assert "test" in webhook.posts[0].text.lower()
    assert all("test" in text_of(mail).lower() for mail in provider.peer.mails)
    for way in (ANN, BOB, "webhook"):
        ((line),) = [line for line in lines if way in line]
        assert line.startswith("ok")
    assert Webhook.SECRET not in done.stdout + done.stderr


@by_resend
def test_it_is_no_alert_and_leaves_nothing_behind(world, provider, webhook):
    sent(world)
    world.notify()
    assert len(webhook.posts) == 1 and len(provider.peer.mails) == 1
    assert world.db.execute("SELECT FROM timesheet.alerts").rowcount == 0
    assert world.checked("alerts")[0][0] == "ok"


def test_an_address_that_is_refused_fails_with_the_answer_and_the_others_are_tried(world, provider, webhook):
    provider.peer.refused = {
        ANN: Status(422 if provider.name == "resend" else 400, {"name": "validation_error", "message": "is blocked"})
    }
    status, lines, _ = sent(world, ALERT_EMAILS=BOTH)
    assert status == 1 and len(webhook.posts) == 1 and [mail.to for mail in provider.peer.mails] == [[BOB]]
    ((line),) = [line for line in lines if ANN in line]
    assert line.startswith("failed") and "is blocked" in line
    ((line),) = [line for line in lines if BOB in line]
    assert line.startswith("ok")


@by_resend
def test_a_webhook_that_refuses_fails_with_the_answer(world, provider, webhook):
    webhook.refusal = Webhook.GONE
    status, lines, done = sent(world)
    assert status == 1 and len(provider.peer.mails) == 1
    ((line),) = [line for line in lines if "webhook" in line]
    assert line.startswith("failed") and "410" in line and Webhook.SECRET not in done.stdout + done.stderr


@by_resend
def test_where_nothing_is_configured_it_fails_and_says_what_to_set(world):
    done = world.daemon("check", "--send-test", ALERT_EMAILS=None, ALERT_WEBHOOK_URL=None)
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("failed") and "ALERT_" in line]
    assert "ALERT_EMAILS" in line and "ALERT_WEBHOOK_URL" in line


@by_resend
def test_the_heartbeat_is_not_asked(world):
    """It would look like a pass that worked."""
    with Heartbeat() as heartbeat:
        done = world.daemon("check", "--send-test", HEARTBEAT_URL=heartbeat.address)
        assert heartbeat.requests == [] and Heartbeat.SECRET not in done.stdout + done.stderr
        assert [line[:6].strip() for line in done.stdout.splitlines() if line[8:18].strip() == "heartbeat"] == ["ok"]
