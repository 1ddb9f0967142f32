"""A contact's digest that staff send to themselves: each once, by the rules of digests, and nothing in it is live."""

import concurrent.futures
import re
import uuid

import psycopg
import pytest

from conftest import Daemon, wait_until
from mail_provider import Provider
from peer_server import AcceptThenHang, Hang, Reset, Slow, Status
from stage import Stage, read_html, texts

HOSTILE = '<script>alert(1)</script> "Acme" {{title}} & Sons'


@pytest.fixture(scope="module")
def template(migrated_database):
    """A week of one agent, for a client whose name is hostile and its contact, who has had no digest."""
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1, name=HOSTILE)
    stage.agent(1, 1, name="=cmd|'/c calc'!A1 <img src=x onerror=alert(1)>")
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.contact("client@example.com", 1)
    stage.db.execute("UPDATE timesheet.contacts SET subscribed_since = now() + interval '8 days'")  # none is due
    stage.close()
    return uri


@pytest.fixture
def stage(template):
    it = Stage(template)
    it.db.execute("TRUNCATE timesheet.digest_deliveries, timesheet.outbox_messages CASCADE")
    it.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = NULL, removed_at = NULL, missing_since = NULL")
    it.db.execute("UPDATE timesheet.contacts SET subscribed_since = now() + interval '8 days'")
    it.db.execute("UPDATE timesheet.alerts SET resolved_at = now() WHERE resolved_at IS NULL")
    yield it
    it.close()


@pytest.fixture(params=["resend", "loops", "mailgun"])
def provider(request):
    it = Provider(request.param)
    yield it
    it.peer.release()
    it.peer.stop()


@pytest.fixture
def daemon(template, provider):
    it = Daemon(template)
    it.environment |= provider.environment
    return it


def ask(stage, recipient="staff@agency.example", request=None):
    """Staff ask for a preview of the week; its delivery."""
    return stage.db.execute(
        "SELECT timesheet.operate_send_preview('staff@agency.example', 'client@example.com', %s, %s, %s)",
        (stage.week, recipient, request),
    ).fetchone()[0]


def outbox(stage):
    return stage.db.execute("SELECT recipient, state FROM timesheet.outbox ORDER BY delivery_id").fetchall()


def send_killed_once(daemon, is_so):
    process = daemon.start("digest", "send")
    wait_until(is_so)
    process.kill()
    process.communicate()


def everything(mail):
    """All that the provider was given."""
    return str(mail.raw)


def test_it_reaches_the_member_of_staff_once_and_nothing_in_it_is_live(stage, daemon, provider):
    ask(stage, "Staff@Agency.Example")
    daemon.must("digest", "send")
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    assert mail.to == ["staff@agency.example"]
    subject, title = (
        (mail.variables["subject"], mail.variables["title"]) if provider.name == "loops" else (mail.subject, "")
    )
    assert subject.startswith("Preview: ") and "8.50 h in the week of" in subject
    (period,) = stage.db.execute("SELECT content ->> 'period' FROM timesheet.outbox_messages").fetchone()
    line = f"Preview for staff of the digest for client@example.com, week of {period}, with the numbers of "
    text = mail.variables["digest"] if provider.name == "loops" else mail.text
    assert text.startswith(line)
    if provider.name == "loops":
        assert title.startswith(line) and mail.variables["preheader"].startswith(line)
        assert mail.variables["page_url"] == mail.variables["unsubscribe_url"] == ""
        assert mail.variables["total_hours"] == "8.50"
    else:
        found, _ = read_html(mail.html)
        assert found[0][0] == "page" and texts(found, "preview-text")[0].startswith(line)
        assert mail.html.index("preview-text") < mail.html.index("<h1")
        assert texts(found, "agent-hours") == ["8.50"]
    (token,) = stage.db.execute("SELECT unsubscribe_token::text FROM timesheet.contacts").fetchone()
    said = everything(mail).lower()
    assert token not in said and "href" not in said and "list-unsubscribe" not in said
    assert "unsubscribe from" not in said and "https://" not in said and "mailto:" not in said
    assert "sent to client@example.com" not in said and "weekly_digest" not in said
    assert not any(name.lower().startswith("list-") for name in mail.headers)
    assert stage.db.execute(
        "SELECT state, attempts, provider, provider_message_id, error, sent_at IS NOT NULL FROM timesheet.outbox"
    ).fetchone() == ("sent", 1, provider.name, mail.id if provider.name != "loops" else None, None, True)


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_hostile_names_are_text(stage, daemon, provider):
    ask(stage)
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    found, tags = read_html(mail.html)
    assert not tags & {"script", "img", "onerror"}
    assert texts(found, "title") == [HOSTILE] and HOSTILE in mail.text and HOSTILE[:40] in mail.subject
    assert texts(found, "agent-name") == ["=cmd|'/c calc'!A1 <img src=x onerror=alert(1)>"]


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
@pytest.mark.parametrize(
    "change, said",
    [
        ("unsubscribed_at = now()", "This contact has unsubscribed and gets no digest."),
        ("removed_at = now()", "This contact was removed"),
        ("missing_since = now()", "its removal is held back"),
    ],
)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after it was asked for"])
def test_it_is_sent_whatever_became_of_the_contact(stage, daemon, provider, change, said, before):
    if before:
        stage.db.execute(f"UPDATE timesheet.contacts SET {change}")
    ask(stage)
    stage.db.execute(f"UPDATE timesheet.contacts SET {change}")
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    assert mail.to == ["staff@agency.example"] and (said in mail.text.split("\n")[0]) == before


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_a_preview_is_no_report_of_the_week(stage, daemon, provider):
    """The digest that follows is the first, and what changed in between is no correction."""
    ask(stage)
    daemon.must("digest", "send")
    assert stage.db.execute("SELECT count(*) FROM timesheet.digests").fetchone() == (0,)
    assert stage.db.execute("SELECT count(*) FROM timesheet.digest_hours").fetchone() == (0,)
    stage.db.execute("UPDATE timesheet.contacts SET subscribed_since = now()")
    daemon.must("digest", "send")
    assert stage.deliveries() == [("client@example.com", 1, "sent")]
    _, digest = provider.peer.mails
    assert digest.to == ["client@example.com"] and "revis" not in digest.subject and "Preview" not in digest.html
    assert "List-Unsubscribe" in digest.headers and "Corrections" not in digest.text


def test_the_same_form_sent_twice_at_once_sends_one(stage, daemon, provider):
    request = uuid.uuid4()

    def press(_):
        it = Stage(stage.uri)
        try:
            it.week = stage.week
            return ask(it, request=request)
        finally:
            it.close()

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(press, range(4)))) == 1
    assert ask(stage, "Staff@agency.example", request) is not None  # and once more, later
    daemon.must("digest", "send")
    assert len(provider.peer.mails) == 1 and outbox(stage) == [("staff@agency.example", "sent")]
    assert stage.db.execute(
        "SELECT count(*) FROM timesheet.operator_actions WHERE request = %s", (request,)
    ).fetchone() == (1,)


def test_two_senders_at_once_send_each_once(stage, daemon, provider):
    ask(stage)
    ask(stage, "other@agency.example")
    provider.peer.next(Slow(2))
    senders = [daemon.start("digest", "send") for _ in range(2)]
    assert [sender.wait() for sender in senders] == [0, 0]
    assert sorted(mail.to[0] for mail in provider.peer.mails) == ["other@agency.example", "staff@agency.example"]
    assert outbox(stage) == [("staff@agency.example", "sent"), ("other@agency.example", "sent")]


def test_killed_between_acceptance_and_recording_nothing_is_sent_twice(stage, daemon, provider):
    ask(stage)
    provider.peer.next(AcceptThenHang())
    send_killed_once(daemon, lambda: provider.peer.mails)
    assert outbox(stage) == [("staff@agency.example", "sending")]
    provider.peer.release()

    done = daemon("digest", "send")
    assert len(provider.peer.mails) == 1
    if provider.repeats:
        assert done.returncode == 0 and outbox(stage) == [("staff@agency.example", "sent")]
        assert len({request.key for request in provider.peer.requests}) == 1
    else:
        assert done.returncode == 1 and "1 are in doubt" in done.stderr and "timesheet.outbox" not in done.stderr
        assert outbox(stage) == [("staff@agency.example", "in_doubt")]
        daemon("digest", "send")
        assert len(provider.peer.requests) == 1
        stage.db.execute(
            "SELECT timesheet.operate_resolve_delivery('staff@agency.example', delivery_id, true) FROM timesheet.outbox"
        )
        assert outbox(stage) == [("staff@agency.example", "sent")]


def test_killed_before_acceptance_it_is_sent_where_that_is_safe(stage, daemon, provider):
    ask(stage)
    provider.peer.next(Hang())
    send_killed_once(daemon, lambda: provider.peer.requests)
    provider.peer.release()
    daemon("digest", "send")
    assert len(provider.peer.mails) == provider.repeats
    assert outbox(stage) == [("staff@agency.example", "sent" if provider.repeats else "in_doubt")]


def test_a_refused_address_fails_and_stops_no_digest(stage, daemon, provider):
    refused = {
        "resend": Status(422, '{"message": "Invalid `to` field.", "name": "validation_error"}'),
        "loops": Status(400, {"success": False, "message": "Invalid email address", "path": "email"}),
        "mailgun": Status(400, {"message": "to parameter is not a valid address. please check documentation"}),
    }[provider.name]
    delivery = ask(stage)
    provider.peer.next(refused)
    done = daemon("digest", "send")
    assert (
        done.returncode == 1
        and "1 e-mails failed and 0 are in doubt; see timesheet.digests and timesheet.outbox" in (done.stderr)
    )
    assert f"preview {delivery} to staff@agency.example: failed" in done.stderr
    state, error = stage.db.execute("SELECT state, error FROM timesheet.outbox").fetchone()
    assert state == "failed" and "correct that and ask for it again" in error and "resend_digest" not in error
    stage.db.execute("UPDATE timesheet.contacts SET subscribed_since = now()")
    ask(stage)
    daemon.must("digest", "send")
    assert [mail.to for mail in provider.peer.mails] in (
        [["client@example.com"], ["staff@agency.example"]],
        [["staff@agency.example"], ["client@example.com"]],
    )


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_an_unexplained_refusal_waits_until_another_is_accepted(stage, daemon, provider):
    unexplained = Status(422, '{"message": "we did not like it", "name": "validation_error"}')
    ask(stage)
    provider.peer.next(unexplained)
    done = daemon("digest", "send")
    assert done.returncode == 1 and "1 e-mails were refused and none was accepted" in done.stderr
    assert outbox(stage) == [("staff@agency.example", "queued")]
    assert stage.db.execute(
        "SELECT count(*) FROM timesheet.alerts WHERE kind = 'sender_refused' AND resolved_at IS NULL"
    ).fetchone() == (1,)
    daemon.must("digest", "send")
    assert outbox(stage) == [("staff@agency.example", "sent")]
    assert stage.db.execute(
        "SELECT count(*) FROM timesheet.alerts WHERE kind = 'sender_refused' AND resolved_at IS NULL"
    ).fetchone() == (0,)


def test_a_refused_key_keeps_it_queued(stage, daemon, provider):
    ask(stage)
    done = daemon("digest", "send", **{f"{provider.name.upper()}_API_KEY": "other-secret"})
    assert done.returncode == 1 and f"{provider.name.upper()}_API_KEY" in done.stderr
    assert outbox(stage) == [("staff@agency.example", "queued")]
    daemon.must("digest", "send")
    assert len(provider.peer.mails) == 1


def test_a_rate_limit_is_waited_for(stage, daemon, provider):
    ask(stage)
    provider.peer.next(Status(429, '{"message": "slow down"}', {"Retry-After": "2"}))
    daemon.must("digest", "send")
    assert len(provider.peer.mails) == 1 and len(provider.peer.requests) == 2


@pytest.mark.parametrize("provider", ["resend", "loops"], indirect=True)
def test_a_further_attempt_sends_the_same(stage, daemon, provider):
    ask(stage)
    provider.peer.next(Reset())
    daemon.must("digest", "send")
    first, second = provider.peer.requests
    assert first.body == second.body and first.key == second.key and len(provider.peer.mails) == 1


@pytest.mark.parametrize("provider", ["mailgun"], indirect=True)
def test_the_time_limit_leaves_the_rest_to_the_next_call(stage, daemon, provider):
    for n in range(5):
        ask(stage, f"staff{n}@agency.example")
    provider.peer.next(*[Slow(1.5)] * 5)
    for _ in range(10):
        done = daemon("digest", "send", "--time-limit", "5")
        assert done.returncode == 0, done.stderr
        states = [state for _, state in outbox(stage)]
        assert set(states) <= {"queued", "sent"}
        if "queued" not in states:
            break
        assert re.search(r"\d other e-mails are left in the queue for the next pass", done.stderr)
    assert sorted(mail.to[0] for mail in provider.peer.mails) == [f"staff{n}@agency.example" for n in range(5)]


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
@pytest.mark.parametrize(
    "contact, week, recipient, error",
    [
        ("unknown@example.com", "2026-03-02", "staff@agency.example", psycopg.errors.NoDataFound),
        ("client@example.com", None, "staff@agency.example", psycopg.errors.InvalidParameterValue),
        ("client@example.com", "2999-03-02", "staff@agency.example", psycopg.errors.InvalidParameterValue),
        ("client@example.com", "2026-03-02", "CLIENT@example.com", psycopg.errors.InvalidParameterValue),
        ("client@example.com", "2026-03-02", "x@y\nBcc: z@example.com", psycopg.errors.InvalidParameterValue),
    ],
)
def test_what_is_refused_sends_nothing(stage, daemon, provider, contact, week, recipient, error):
    with pytest.raises(error) as refused:
        stage.db.execute(
            "SELECT timesheet.operate_send_preview('staff@agency.example', %s, %s::date, %s)",
            (contact, week, recipient),
        )
    assert refused.value.diag.message_hint
    daemon.must("digest", "send")
    assert provider.peer.requests == []
