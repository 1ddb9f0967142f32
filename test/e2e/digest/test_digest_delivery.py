"""From the outbox to the provider: each mail once, whatever fails, and what nobody can know is left to a person."""

import pathlib
import re
import signal

import psycopg
import pytest

from conftest import Daemon, wait_until
from stage import Stage
from mail_peers import Resend
from mail_provider import Provider
from peer_server import AcceptThenHang, AcceptThenReset, Hang, Malformed, Reset, Status

LOOPS_TEMPLATE = (pathlib.Path(__file__).parents[3] / "docs/loops.md").read_text()


@pytest.fixture(scope="module")
def template(migrated_database):
    """A week of one agent for each of two client groups, and a contact for each."""
    uri = migrated_database()
    stage = Stage(uri)
    for n in (1, 2):
        stage.client_group(n)
        stage.agent(n, n)
        stage.shift(n, n, 0, "09:00", "17:30")
    stage.contact("ann@example.com", 1)
    stage.close()
    return uri


@pytest.fixture
def stage(template):
    it = Stage(template)
    it.db.execute("TRUNCATE timesheet.digest_deliveries, timesheet.outbox_messages CASCADE")
    it.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = NULL")
    it.contact("ann@example.com", 1)
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


def send_killed_once(daemon, is_so):
    """digest send, which dies by kill -9 at this moment."""
    process = daemon.start("digest", "send")
    wait_until(is_so)
    process.kill()
    process.communicate()


def test_a_digest_reaches_the_provider_once(stage, daemon, provider):
    daemon.must("digest", "send")
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    assert mail.to == ["ann@example.com"]
    (token,) = stage.db.execute("SELECT unsubscribe_token::text FROM timesheet.contacts").fetchone()
    unsubscribe = f"https://hours.example.com/unsubscribe?token={token}"
    if provider.name == "loops":
        assert (
            mail.variables["total_hours"] == "8.50"
            and "Agent 1: 8.50 h" in mail.variables["agents"]
            and "8.50" in mail.variables["digest"]
        )
        assert mail.variables["unsubscribe_url"] == unsubscribe
        documented = re.findall(r"^\| (`[^|]+`) \|", LOOPS_TEMPLATE, re.MULTILINE)
        assert sorted(mail.variables) == sorted(name for row in documented for name in re.findall(r"`([^`]+)`", row))
    else:
        assert (
            mail.subject == f"Client 1: 8.50 h in the week of {stage.week.day} {stage.week:%b %Y}"
            and mail.sender == "Agency <hours@example.com>"
        )
        assert ">8.50<" in mail.html and "8.50 h" in mail.text
        assert mail.headers["Reply-To"] == "people@example.com"
        assert (
            mail.headers["List-Unsubscribe"] == f"<{unsubscribe}>"
            and mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        )
    assert stage.db.execute(
        "SELECT state, attempts, provider, provider_message_id, error FROM timesheet.digests"
    ).fetchone() == ("sent", 1, provider.name, mail.id if provider.name != "loops" else None, None)


def test_without_an_address_to_unsubscribe_there_is_one_to_write_to(stage, daemon, provider):
    daemon.must("digest", "send", MAIL_UNSUBSCRIBE_URL=None)
    (mail,) = provider.peer.mails
    where = (
        mail.variables["unsubscribe_url"] if provider.name == "loops" else mail.headers["List-Unsubscribe"].strip("<>")
    )
    assert where == "mailto:people@example.com?subject=unsubscribe"
    assert "List-Unsubscribe-Post" not in mail.headers


def test_killed_between_acceptance_and_recording_nothing_is_sent_twice(stage, daemon, provider):
    provider.peer.next(AcceptThenHang())
    send_killed_once(daemon, lambda: provider.peer.mails)
    assert stage.deliveries() == [("ann@example.com", 1, "sending")]
    provider.peer.release()

    done = daemon("digest", "send")
    assert len(provider.peer.mails) == 1
    if provider.repeats:
        assert done.returncode == 0 and stage.deliveries() == [("ann@example.com", 1, "sent")]
        assert len({request.key for request in provider.peer.requests}) == 1
    else:
        assert done.returncode == 1 and "1 are in doubt" in done.stderr
        assert stage.deliveries() == [("ann@example.com", 1, "in_doubt")]
        assert stage.db.execute("SELECT in_doubt FROM timesheet.digest_health").fetchone() == (1,)
        daemon("digest", "send")
        assert len(provider.peer.requests) == 1
        # Only a person can tell.
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="is in_doubt"):
            stage.db.execute("SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week,))
        stage.db.execute("SELECT timesheet.resolve_delivery(delivery_id, false) FROM timesheet.digests")
        stage.db.execute("SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week,))
        daemon.must("digest", "send")
        assert stage.deliveries() == [("ann@example.com", 1, "failed"), ("ann@example.com", 2, "sent")]


@pytest.mark.parametrize(
    "fault",
    [AcceptThenReset(), Malformed(), Reset(), Status(500), Status(503, "<html>")],
    ids=lambda f: type(f).__name__ + str(getattr(f, "code", "")),
)
def test_an_unclear_answer_is_asked_again_where_that_is_safe_and_else_left_in_doubt(stage, daemon, provider, fault):
    accepts = isinstance(fault, (AcceptThenReset, Malformed))
    provider.peer.next(fault)
    done = daemon("digest", "send")
    if provider.repeats:
        assert done.returncode == 0, done.stderr
        assert len(provider.peer.mails) == 1 and stage.deliveries() == [("ann@example.com", 1, "sent")]
        assert len(provider.peer.requests) == 2 and len({request.key for request in provider.peer.requests}) == 1
        assert provider.peer.requests[0].body == provider.peer.requests[1].body
    else:
        assert done.returncode == 1 and stage.deliveries() == [("ann@example.com", 1, "in_doubt")]
        daemon("digest", "send")
        assert len(provider.peer.requests) == 1 and len(provider.peer.mails) == accepts


def test_what_the_provider_has_forgotten_is_not_asked_again(stage, daemon, provider):
    provider.peer.next(AcceptThenHang())
    send_killed_once(daemon, lambda: provider.peer.mails)
    provider.peer.release()
    provider.peer.pass_time(25 * 60 * 60)
    stage.db.execute("UPDATE timesheet.digest_deliveries SET first_attempt_at = first_attempt_at - interval '25 hours'")
    assert daemon("digest", "send").returncode == 1
    assert len(provider.peer.mails) == 1 and stage.deliveries() == [("ann@example.com", 1, "in_doubt")]


def test_a_provider_that_cannot_be_reached_gets_it_later(stage, daemon, provider):
    url = provider.environment[f"{provider.name.upper()}_API_URL"]
    stage.db.execute("SELECT timesheet.queue_digests()")
    process = daemon.start("digest", "send", **{f"{provider.name.upper()}_API_URL": "http://127.0.0.1:1"})
    wait_until(
        lambda: stage.db.execute("SELECT attempts >= 2 AND state = 'queued' FROM timesheet.digests").fetchone()
        == (True,)
    )
    process.send_signal(signal.SIGTERM)
    process.communicate()
    stage.db.execute("UPDATE timesheet.digest_deliveries SET next_attempt_at = now()")
    daemon.must("digest", "send", **{f"{provider.name.upper()}_API_URL": url})
    assert len(provider.peer.mails) == 1 and stage.deliveries() == [("ann@example.com", 1, "sent")]


def test_a_rate_limit_is_waited_for(stage, daemon, provider):
    provider.peer.next(Status(429, '{"message": "slow down"}', {"Retry-After": "2"}))
    daemon.must("digest", "send")
    assert len(provider.peer.mails) == 1 and len(provider.peer.requests) == 2


def test_a_refused_key_keeps_everything_queued(stage, daemon, provider):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 2)])
    done = daemon("digest", "send", **{f"{provider.name.upper()}_API_KEY": "other-secret"})
    assert (
        done.returncode == 1 and f"{provider.name.upper()}_API_KEY" in done.stderr and "other-secret" not in done.stderr
    )
    assert stage.deliveries() == [("ann@example.com", 1, "queued"), ("bob@example.com", 1, "queued")]
    assert len(provider.peer.requests) == 1
    daemon.must("digest", "send")
    assert [mail.to for mail in provider.peer.mails] in (
        [["ann@example.com"], ["bob@example.com"]],
        [["bob@example.com"], ["ann@example.com"]],
    )


def test_a_refused_mail_fails_and_stops_no_other(stage, daemon, provider):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 2)])
    provider.peer.next(
        Status(
            422 if provider.name == "resend" else 400,
            '{"message": "the domain of the recipient is blocked", "name": "validation_error"}',
        )
    )
    done = daemon("digest", "send")
    assert done.returncode == 1 and "is blocked" in done.stderr
    assert stage.deliveries() == [("ann@example.com", 1, "failed"), ("bob@example.com", 1, "sent")]
    assert stage.db.execute("SELECT failed FROM timesheet.digest_health").fetchone() == (1,)
    daemon.must("digest", "send")
    assert len(provider.peer.requests) == 2
    stage.db.execute("SELECT timesheet.resend_digest('ANN@example.com', %s)", (stage.week,))
    daemon.must("digest", "send")
    assert stage.deliveries()[-1] == ("ann@example.com", 2, "sent")
    assert stage.db.execute("SELECT failed FROM timesheet.digest_health").fetchone() == (0,)


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
@pytest.mark.parametrize("quota", [Resend.DAILY_QUOTA, Resend.MONTHLY_QUOTA])
def test_a_used_up_quota_is_not_asked_again_today_and_loses_no_mail(stage, daemon, provider, quota):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 2)])
    provider.peer.next(quota)
    assert daemon("digest", "send").returncode == 1
    daemon("digest", "send")
    assert len(provider.peer.requests) == 1
    assert stage.deliveries() == [("ann@example.com", 1, "queued"), ("bob@example.com", 1, "queued")]
    assert stage.db.execute(
        "SELECT min(next_attempt_at) > now() + interval '23 hours' FROM timesheet.digests"
    ).fetchone() == (True,)
    stage.db.execute("UPDATE timesheet.digest_deliveries SET next_attempt_at = now()")  # tomorrow
    daemon.must("digest", "send")
    assert len(provider.peer.mails) == 2


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
@pytest.mark.parametrize(
    "later",
    [Resend.DAILY_QUOTA, Status(422, '{"message": "no", "name": "validation_error"}')],
    ids=["quota", "refused"],
)
def test_what_may_have_been_accepted_has_not_failed_after_any_later_attempt(stage, daemon, provider, later):
    provider.peer.next(AcceptThenReset(), later)
    assert daemon("digest", "send").returncode == 1
    assert len(provider.peer.mails) == 1 and len(provider.peer.requests) == 2
    stage.db.execute(
        "UPDATE timesheet.digest_deliveries SET first_attempt_at = first_attempt_at - interval '25 hours', "
        "next_attempt_at = now()"
    )
    daemon("digest", "send")
    assert len(provider.peer.requests) == 2 and stage.deliveries() == [("ann@example.com", 1, "in_doubt")]


@pytest.mark.parametrize(
    "fault",
    [Status(404, "404 page not found"), Status(301, "", {"Location": "https://example.com/"}), Status(405, "{}")],
    ids=lambda fault: str(fault.code),
)
def test_what_is_configured_wrongly_keeps_everything_queued(stage, daemon, provider, fault):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 2)])
    provider.peer.next(fault)
    done = daemon("digest", "send")
    assert done.returncode == 1 and f"check {provider.name.upper()}_" in done.stderr
    assert len(provider.peer.requests) == 1 and [state for *_, state in stage.deliveries()] == ["queued", "queued"]
    daemon.must("digest", "send")
    assert len(provider.peer.mails) == 2


@pytest.mark.parametrize("provider", ["loops"], indirect=True)
def test_a_template_that_is_not_there_keeps_everything_queued(stage, daemon, provider):
    assert "check LOOPS_TRANSACTIONAL_ID" in daemon("digest", "send", LOOPS_TRANSACTIONAL_ID="other").stderr
    daemon.must("digest", "send")
    assert len(provider.peer.mails) == 1


@pytest.mark.parametrize("provider", ["mailgun"], indirect=True)
def test_an_outage_puts_one_mail_in_doubt_and_not_all(stage, daemon, provider):
    stage.contact("a0@example.com", 1, more=[(f"a{n}@example.com", 1) for n in range(1, 5)])
    provider.peer.next(*[Status(503)] * 5)
    assert daemon("digest", "send").returncode == 1
    daemon("digest", "send")
    assert (
        len(provider.peer.requests) == 1
        and sorted(state for *_, state in stage.deliveries()) == ["in_doubt"] + ["queued"] * 4
    )


@pytest.mark.parametrize("provider", ["mailgun"], indirect=True)
def test_an_answer_too_large_to_read_is_an_unclear_one(stage, daemon, provider):
    provider.peer.next(Status(200, "x" * (65 << 20)))
    assert daemon("digest", "send").returncode == 1
    daemon("digest", "send")
    assert len(provider.peer.requests) == 1 and stage.deliveries() == [("ann@example.com", 1, "in_doubt")]


def test_a_contact_removed_while_emails_are_sent_gets_none(stage, daemon, provider):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 2)])
    provider.peer.next(Status(429, "{}", {"Retry-After": "3"}))
    process = daemon.start("digest", "send")
    wait_until(lambda: provider.peer.requests)
    stage.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = now()")
    process.communicate(timeout=30)
    assert provider.peer.mails == [] and len(provider.peer.requests) == 1
    assert stage.db.execute(
        "SELECT DISTINCT state, error LIKE '%has unsubscribed' FROM timesheet.digests"
    ).fetchall() == [("failed", True)]
    assert stage.db.execute("SELECT failed FROM timesheet.digest_health").fetchone() == (0,)


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_who_leaves_before_an_unclear_mail_is_repeated_is_not_asked_for_again(stage, daemon, provider):
    provider.peer.next(Hang())
    send_killed_once(daemon, lambda: provider.peer.requests)
    stage.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = now()")
    daemon("digest", "send")
    assert len(provider.peer.requests) == 1 and stage.deliveries() == [("ann@example.com", 1, "in_doubt")]


@pytest.mark.parametrize("asks_for_the_week", [False, True], ids=["due", "by week"])
def test_a_digest_that_cannot_be_made_is_a_failure_of_the_pass(stage, daemon, provider, asks_for_the_week):
    """The others are sent all the same, and the pass after the remedy sends it."""
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 1)])
    stage.db.execute(
        """
        CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF NEW.email = 'bob@example.com' THEN RAISE 'no mail for Bob'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON timesheet.digest_deliveries
          FOR EACH ROW EXECUTE FUNCTION public.refuse()"""
    )
    try:
        done = daemon("digest", "send", *(["--week", str(stage.week)] if asks_for_the_week else []))
    finally:
        stage.db.execute("DROP FUNCTION public.refuse CASCADE")
    assert done.returncode == 1 and "no mail for Bob" in done.stderr and "1 digests could not be made" in done.stderr
    assert stage.deliveries() == [("ann@example.com", 1, "sent")]
    daemon.must("digest", "send")
    assert stage.deliveries() == [("ann@example.com", 1, "sent"), ("bob@example.com", 1, "sent")]


def test_what_could_not_be_sent_for_more_than_a_week_is_no_news(stage, daemon, provider):
    stage.db.execute("SELECT timesheet.queue_digests()")
    stage.db.execute("UPDATE timesheet.digest_deliveries SET created_at = created_at - interval '9 days'")
    daemon("digest", "send")
    assert provider.peer.requests == [] and stage.deliveries() == [("ann@example.com", 1, "failed")]


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_the_service_sends_what_is_due_while_jibble_fails(stage, daemon, provider):
    nowhere = {
        f"JIBBLE_{host}_URL": "http://127.0.0.1:1"
        for host in ("IDENTITY", "WORKSPACE", "TIME_TRACKING", "TIME_ATTENDANCE")
    }
    stage.db.execute(
        "SELECT timesheet.operate_send_preview('staff', 'ann@example.com', %s, 'staff@example.com')", (stage.week,)
    )
    process = daemon.start(
        "run", SYNC_INTERVAL="1", JIBBLE_CLIENT_ID="id-1", JIBBLE_CLIENT_SECRET="hush-hush", **nowhere
    )
    wait_until(lambda: len(provider.peer.mails) == 2, 200)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0 and stage.deliveries() == [("ann@example.com", 1, "sent")]
    assert stage.db.execute("SELECT recipient, state FROM timesheet.outbox").fetchall() == [
        ("staff@example.com", "sent")
    ]


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_two_senders_at_once_send_each_mail_once(stage, daemon, provider):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 2), ("cy@example.com", 1, 2)])
    processes = [daemon.start("digest", "send") for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    assert sorted(mail.to[0] for mail in provider.peer.mails) == [
        "ann@example.com",
        "bob@example.com",
        "cy@example.com",
    ]


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_a_signal_while_the_provider_works_loses_no_answer(stage, daemon, provider):
    provider.peer.next(AcceptThenHang())
    process = daemon.start("digest", "send")
    wait_until(lambda: provider.peer.mails)
    process.send_signal(signal.SIGTERM)
    provider.peer.release()
    process.communicate(timeout=20)
    assert stage.deliveries() == [("ann@example.com", 1, "sent")]


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_a_change_of_provider_in_the_middle_is_no_second_mail(stage, daemon, provider):
    provider.peer.next(AcceptThenHang())
    send_killed_once(daemon, lambda: provider.peer.mails)
    other = Provider("mailgun")
    try:
        daemon("digest", "send", **other.environment)
        assert other.peer.mails == [] and stage.deliveries() == [("ann@example.com", 1, "in_doubt")]
    finally:
        other.peer.stop()


@pytest.mark.parametrize("provider", ["resend"], indirect=True)
def test_who_unsubscribed_or_vanished_gets_nothing_even_what_was_queued(stage, daemon, provider):
    stage.contact("ann@example.com", 1, more=[("bob@example.com", 2), ("cy@example.com", 1)])
    stage.db.execute("SELECT timesheet.queue_digests()")
    assert stage.db.execute(
        "SELECT timesheet.unsubscribe(unsubscribe_token) FROM timesheet.contacts WHERE email = 'ann@example.com'"
    ).fetchone() == (True,)
    stage.contact("ann@example.com", 1, more=[("cy@example.com", 1)])
    daemon.must("digest", "send")
    assert [mail.to for mail in provider.peer.mails] == [["cy@example.com"]]
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="was removed or has unsubscribed"):
        stage.db.execute("SELECT timesheet.resend_digest('ann@example.com', %s)", (stage.week,))


def mail_line(daemon, **environment):
    return [line for line in daemon("check", **environment).stdout.splitlines() if line[8:].startswith("mail")][0]


def test_check_says_whether_the_key_is_known(stage, daemon, provider):
    assert mail_line(daemon).startswith("ok") and "accepts the key" in mail_line(daemon)
    refused = mail_line(daemon, **{f"{provider.name.upper()}_API_KEY": "other-secret"})
    assert refused.startswith("failed") and "check its API key" in refused and "other-secret" not in refused
    assert "MAIL_FROM" in mail_line(daemon, MAIL_FROM=None) or provider.name == "loops"
    provider.peer.next(Status(503))
    assert mail_line(daemon).startswith("failed") and provider.peer.mails == []


@pytest.mark.parametrize("provider", ["mailgun"], indirect=True)
def test_check_knows_a_key_that_may_do_nothing_but_send_and_names_a_wrong_domain(stage, daemon, provider):
    provider.peer.sending_only = True
    assert mail_line(daemon).startswith("ok")
    wrong = mail_line(daemon, MAILGUN_DOMAIN="mg.example.org")
    assert wrong.startswith("failed") and "MAILGUN_DOMAIN" in wrong
