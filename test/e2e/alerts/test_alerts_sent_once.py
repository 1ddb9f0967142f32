"""Each alert is sent when it begins and when it ends, once by each way, whatever dies between sending and recording."""

import pathlib
import random
import re
import time

import pytest

from alert_world import ANN, BOB, KIND, by_resend, provider, subject_of, template, text_of, webhook, world  # noqa: F401
from peer_server import AcceptThenHang, AcceptThenReset, Hang, Reset, Status
from stage import read_html

LOOPS_TEMPLATE = (pathlib.Path(__file__).parents[3] / "docs/loops.md").read_text()


def test_the_beginning_and_the_end_of_an_alert_are_sent_once_by_each_way(world):
    number = world.begins()
    for _ in range(2):
        world.notify(ALERT_EMAILS=f"{ANN}, Bob@Example.com")
    title = world.title()
    assert sorted(world.mailed()) == [(ANN, f"Problem: {title}"), (BOB, f"Problem: {title}")]
    assert world.posted() == [[number]]
    world.an_hour_passes()
    world.notify(ALERT_EMAILS=f"{ANN}, Bob@Example.com")
    assert len(world.mailed()) == 2 and len(world.posted()) == 1
    world.ends()
    for _ in range(2):
        world.notify(ALERT_EMAILS=f"{ANN}, Bob@Example.com")
    assert sorted(world.mailed())[::2] == [(ANN, f"Over: {title}"), (BOB, f"Over: {title}")]
    assert world.posted() == [[number], [number]] and len(world.mailed()) == 4


def test_an_email_says_what_since_when_what_it_means_and_what_to_do(world, provider):
    world.db.execute("UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila'")
    number = world.begins()
    world.db.execute("UPDATE timesheet.alerts SET since = '2026-11-30 02:05Z'")
    world.notify()
    (mail,) = provider.peer.mails
    said = text_of(mail)
    title, meaning, remedy = world.db.execute(
        "SELECT title, meaning, remedy FROM timesheet.alert_texts(%s)", (KIND,)
    ).fetchone()
    assert subject_of(mail) == f"Problem: {title}"
    assert "2 entries of Maria Santos are missing" in said
    assert "10:05" in said and "Asia/Manila" in said and "02:05" not in said
    flat = " ".join(said.split())
    assert " ".join(meaning.split()) in flat and " ".join(remedy.split()) in flat
    assert "https://hours.example.com/health" in str(mail.raw)
    assert re.search(rf"(?i)\balerts? {number}\b", said)
    if provider.name == "loops":  # whose one template is filled from these alone
        documented = re.findall(r"^\| (`[^|]+`) \|", LOOPS_TEMPLATE, re.MULTILINE)
        assert sorted(mail.variables) == sorted(name for row in documented for name in re.findall(r"`([^`]+)`", row))
        assert mail.variables["title"] == f"Problem: {title}" or mail.variables["title"] == title
        assert mail.variables["unsubscribe_url"] == ""
    else:
        found, tags = read_html(mail.html)
        assert "script" not in tags and title in mail.html and "https://hours.example.com/health" in mail.html
        assert "alert" in str(mail.raw.get("tags", mail.raw.get("o:tag"))) and "weekly_digest" not in str(mail.raw)
    assert not any(name.lower().startswith("list-") for name in mail.headers)


@by_resend
def test_a_post_says_the_same_but_for_the_detail(world, webhook):
    world.db.execute("UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila'")
    world.begins()
    world.db.execute("UPDATE timesheet.alerts SET since = '2026-11-30 02:05Z'")
    world.notify()
    (post,) = webhook.posts
    title, meaning, remedy = world.db.execute(
        "SELECT title, meaning, remedy FROM timesheet.alert_texts(%s)", (KIND,)
    ).fetchone()
    for said in (title, meaning, remedy, "10:05", "Asia/Manila", "https://hours.example.com/health"):
        assert said in post.text
    assert "Maria" not in post.text and "agent 12" not in post.text and "entries of" not in post.text


@by_resend
def test_an_end_says_what_it_means(world, provider, webhook):
    world.begins()
    world.notify()
    world.an_hour_passes()
    world.ends()
    world.notify()
    (ended,) = world.db.execute("SELECT ended FROM timesheet.alert_texts(%s)", (KIND,)).fetchone()
    assert ended and ended in webhook.posts[1].text
    assert " ".join(ended.split()) in " ".join(text_of(provider.peer.mails[1]).split())


@by_resend
def test_without_a_dashboard_nothing_links_to_one(world, provider, webhook):
    world.begins()
    world.notify(MAIL_PAGE_URL=None)
    assert "/health" not in webhook.posts[0].text and "/health" not in str(provider.peer.mails[0].raw)


def test_an_email_whose_sender_was_killed_before_it_knew_is_sent_once_or_is_recognised_by_its_number(world, provider):
    """Resend and Loops know a repeated e-mail by its key. Mailgun does not, so it gets the alert's number."""
    number = world.begins()
    provider.peer.next(AcceptThenHang())
    world.notify_killed(lambda: provider.peer.mails, ALERT_WEBHOOK_URL=None)
    provider.peer.release()
    for _ in range(2):
        world.attempts_are_due()
        world.notify(ALERT_WEBHOOK_URL=None)
    if provider.repeats:
        assert len(provider.peer.mails) == 1 and len({request.key for request in provider.peer.requests}) == 1
    else:
        assert len(provider.peer.mails) == 2
    for mail in provider.peer.mails:
        assert re.search(rf"(?i)\balerts? {number}\b", text_of(mail))
    assert world.db.execute("SELECT kind, state FROM timesheet.outbox").fetchall() == [("alert", "sent")]


@pytest.mark.parametrize("fault", [AcceptThenReset(), Status(503)], ids=["accepted", "unavailable"])
def test_an_email_that_may_have_been_accepted_is_sent_again_and_never_in_doubt(world, provider, fault):
    world.begins()
    provider.peer.next(fault)
    for _ in range(2):
        world.notify(ALERT_WEBHOOK_URL=None)
        world.attempts_are_due()
    assert len(provider.peer.mails) == (2 if not provider.repeats and isinstance(fault, AcceptThenReset) else 1)
    assert world.db.execute("SELECT kind, state FROM timesheet.outbox").fetchall() == [("alert", "sent")]
    assert world.open_alerts("digest_in_doubt") == {}


def test_killed_at_any_moment_an_alert_is_sent_and_by_who_knows_a_repeated_one_once(world, provider, webhook):
    number = world.begins()
    moments = random.Random(20261130)
    kills = 6
    for _ in range(kills):
        process = world.daemon.start("digest", "send")
        time.sleep(moments.uniform(0.01, 0.15))
        process.kill()
        process.communicate()
        world.attempts_are_due()
    for _ in range(2):
        world.notify()
        world.attempts_are_due()
    assert 1 <= len(webhook.posts) <= kills + 1 and set(map(tuple, world.posted())) == {(number,)}
    assert len(provider.peer.mails) == 1 if provider.repeats else 1 <= len(provider.peer.mails) <= kills + 1
    assert world.db.execute("SELECT state FROM timesheet.outbox").fetchall() == [("sent",)]
    assert world.db.execute("SELECT state FROM timesheet.webhook_messages").fetchall() == [("sent",)]


@by_resend
def test_a_post_whose_sender_was_killed_before_it_knew_is_repeated_with_its_number(world, webhook):
    number = world.begins()
    webhook.next(AcceptThenHang())
    world.notify_killed(lambda: webhook.posts)
    webhook.release()
    for _ in range(2):
        world.attempts_are_due()
        world.notify()
    assert world.posted() == [[number], [number]]
    assert len(world.mailed()) == 1


@by_resend
def test_a_post_whose_sender_was_killed_before_it_was_accepted_is_not_lost(world, webhook):
    number = world.begins()
    webhook.next(Hang())
    world.notify_killed(lambda: webhook.requests)
    webhook.release()
    world.attempts_are_due()
    world.notify()
    assert world.posted() == [[number]] and len(world.mailed()) == 1


@by_resend
@pytest.mark.parametrize("fault", [AcceptThenReset(), Reset(), Status(500), Status(429)], ids=str)
def test_a_post_that_failed_is_tried_again(world, webhook, fault):
    number = world.begins()
    webhook.next(fault)
    world.notify()
    world.attempts_are_due()
    world.notify()
    assert world.posted()[-1] == [number] and len(webhook.requests) == 2
    assert world.db.execute("SELECT state, attempts FROM timesheet.webhook_messages").fetchall() == [("sent", 2)]


@by_resend
def test_the_end_of_an_alert_is_not_lost_by_a_crash_either(world, webhook):
    number = world.begins()
    world.notify()
    world.an_hour_passes()
    world.ends()
    webhook.next(Hang())
    world.notify_killed(lambda: len(webhook.requests) == 2)
    webhook.release()
    for _ in range(2):
        world.attempts_are_due()
        world.notify()
    title = world.title()
    assert world.posted() == [[number], [number]]
    assert world.mailed() == [(ANN, f"Problem: {title}"), (ANN, f"Over: {title}")]


@by_resend
def test_passes_at_once_send_no_alert_twice(world):
    number = world.begins()
    processes = [world.daemon.start("digest", "send") for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    assert world.posted() == [[number]] and len(world.mailed()) == 1


@by_resend
def test_who_was_informed_when_and_by_which_way_can_be_read(world):
    number = world.begins()
    world.notify()
    assert sorted(
        world.db.execute(
            "SELECT alert_id, way, event, state, sent_at >= queued_at, error FROM timesheet.alert_messages"
        ).fetchall()
    ) == [
        (number, f"email {ANN}", "began", "sent", True, None),
        (number, "webhook", "began", "sent", True, None),
    ]
