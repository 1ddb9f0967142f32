"""A refusal has an owner: what is not the e-mail's or the recipient's fault costs no digest, and each goes out once
after the correction. What is not known is settled by the other e-mails of the pass."""

import pytest

from conftest import Daemon, wait_until
from mail_provider import KEY, Provider
from mail_peers import Resend
from peer_server import AcceptThenHang, Hang, Status
from stage import Stage

COMMA = "Acme, Inc. <hours@acme.example>"  # two addresses, the first of which is none
QUOTED = '"Acme, Inc." <hours@acme.example>'
UNKNOWN = Status(400, {"message": "the account is under review"})


@pytest.fixture(scope="module")
def template(migrated_database):
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.close()
    return uri


class Contacts(Stage):
    """A stage with any number of contacts: c01@example.com, c02@example.com, …"""

    def have(self, number):
        first, *more = [(address(n), 1) for n in range(1, number + 1)]
        self.contact(*first, more=more)
        self.db.execute("SELECT timesheet.queue_digests(most => 100)")
        assert self.states() == {"queued": number}

    def states(self):
        """How many deliveries are in which state."""
        return dict(self.db.execute("SELECT state, count(*) FROM timesheet.digests GROUP BY state").fetchall())

    def emails(self, state):
        return [
            email
            for email, in self.db.execute(
                "SELECT email FROM timesheet.digests WHERE state = %s ORDER BY email", (state,)
            )
        ]

    def attempts(self):
        """Over all deliveries: attempts that count."""
        return self.db.execute("SELECT sum(attempts) FROM timesheet.digests").fetchone()[0]

    def alerts(self):
        """(detail, whether it is over) of each alert, oldest first."""
        return self.db.execute(
            "SELECT detail, resolved_at IS NOT NULL FROM timesheet.alerts WHERE kind = 'sender_refused' "
            "ORDER BY alert_id"
        ).fetchall()


def address(n):
    return f"c{n:02}@example.com"


def addresses(first, last):
    return [address(n) for n in range(first, last + 1)]


@pytest.fixture
def stage(template):
    it = Contacts(template)
    it.db.execute("TRUNCATE timesheet.digest_deliveries, timesheet.alerts CASCADE")
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


def only(*names):
    return pytest.mark.parametrize("provider", names, indirect=True)


def recipients(provider):
    """Whom the accepted mails went to."""
    return sorted(to for mail in provider.peer.mails for to in mail.to)


def asked(provider, since=0):
    """Whom the requests were about, in order."""
    found = []
    for request in provider.peer.requests[since:]:
        to = request.form.get("to") or (request.json or {}).get("to") or [request.json["email"]]
        found += to
    return found


def refused_three_times(stage, daemon, provider, names, says, **wrong):
    """Three passes with five digests, as `run` makes them: each fails and says why, and nothing is lost."""
    stage.have(5)
    for number in (1, 2, 3):
        done = daemon("digest", "send", **wrong)
        assert done.returncode == 1 and names in done.stderr and says in done.stderr
        assert stage.states() == {"queued": 5} and stage.attempts() == 0
        assert len(provider.peer.requests) == number  # the first that is refused stops the pass
        ((detail, is_over),) = stage.alerts()
        assert names in detail and says in detail and not is_over
    (line,) = checked(daemon, **wrong)  # the provider knows the key, and yet nothing goes out
    assert line.startswith("failed") and names in line and says in line


def checked(daemon, **environment):
    """What check says of the digests."""
    lines = daemon("check", **environment).stdout.splitlines()
    return [line for line in lines if line[8:].startswith("digests")]


def all_go_out_once(stage, daemon, provider, number, **right):
    daemon.must("digest", "send", **right)
    daemon.must("digest", "send", **right)
    assert recipients(provider) == addresses(1, number) and stage.states() == {"sent": number}
    assert stage.attempts() == number
    assert [is_over for _, is_over in stage.alerts()] == [True]
    assert checked(daemon, **right) == []


@only("mailgun")
def test_a_comma_in_mail_from_costs_no_digest(stage, daemon, provider):
    says = "400 (from parameter is not a valid address. please check documentation)"
    refused_three_times(stage, daemon, provider, "check MAIL_FROM", says, MAIL_FROM=COMMA)
    all_go_out_once(stage, daemon, provider, 5, MAIL_FROM=QUOTED)


@only("resend")
def test_a_wrong_mail_reply_to_costs_no_digest(stage, daemon, provider):
    says = "422 (validation_error: Invalid `reply_to` field.)"
    refused_three_times(stage, daemon, provider, "check MAIL_REPLY_TO", says, MAIL_REPLY_TO="the office")
    all_go_out_once(stage, daemon, provider, 5)


@only("resend")
def test_a_comma_in_mail_from_costs_no_digest_at_resend_either(stage, daemon, provider):
    refused_three_times(stage, daemon, provider, "check MAIL_FROM", "Invalid `from` field", MAIL_FROM=COMMA)
    all_go_out_once(stage, daemon, provider, 5, MAIL_FROM=QUOTED)


@only("mailgun")
def test_a_sandbox_domain_costs_no_digest(stage, daemon, provider):
    provider.peer.authorized = {"owner@example.com"}
    refused_three_times(stage, daemon, provider, "MAILGUN_DOMAIN", "Free accounts are for test purposes only")
    provider.peer.authorized = None  # the account was upgraded
    all_go_out_once(stage, daemon, provider, 5)


@only("loops")
def test_a_template_that_wants_another_variable_costs_no_digest(stage, daemon, provider):
    provider.peer.variables = ["first_name"]
    refused_three_times(stage, daemon, provider, "docs/loops.md", "dataVariables.first_name: Missing required")
    provider.peer.variables = []
    all_go_out_once(stage, daemon, provider, 5)


def test_a_refused_key_uses_up_no_attempt_and_no_time(stage, daemon, provider):
    """The day in which a provider recognises a repeated e-mail begins with the first attempt that counts."""
    stage.have(1)
    key = f"{provider.name.upper()}_API_KEY"
    assert key in daemon("digest", "send", **{key: "other-secret"}).stderr
    assert stage.db.execute("SELECT attempts, first_attempt_at FROM timesheet.digest_deliveries").fetchone() == (
        0,
        None,
    )
    stage.db.execute(
        "UPDATE timesheet.digest_deliveries SET first_attempt_at = first_attempt_at - interval '25 hours', "
        "last_attempt_at = last_attempt_at - interval '25 hours'"
    )
    provider.peer.next(AcceptThenHang())
    process = daemon.start("digest", "send")
    wait_until(lambda: provider.peer.mails)
    process.kill()
    process.communicate()
    daemon("digest", "send")
    assert recipients(provider) == [address(1)]
    assert stage.states() == ({"sent": 1} if provider.repeats else {"in_doubt": 1})


@only("mailgun")
def test_a_secret_that_the_provider_repeats_is_not_shown(stage, daemon, provider):
    stage.have(1)
    provider.peer.refused = {address(1): Status(403, {"message": f"Forbidden for {KEY}"})}
    done = daemon("digest", "send")
    (error,) = stage.db.execute("SELECT error FROM timesheet.digests").fetchone()
    for text in (done.stderr, error, stage.alerts()[0][0]):
        assert "Forbidden for" in text and "check MAILGUN_API_KEY" in text and KEY not in text


@only("mailgun")
def test_a_limit_of_the_account_waits_an_hour(stage, daemon, provider):
    stage.have(3)
    says = "recipient limit exceeded, try again after Mon, 30 Nov 2026 20:33:21 UTC"
    provider.peer.next(None, Status(420, {"message": f"Domain mg.example.com is not allowed to send: {says}"}))
    done = daemon("digest", "send")
    assert done.returncode == 1 and says in done.stderr
    assert stage.states() == {"sent": 1, "queued": 2} and stage.attempts() == 1
    assert stage.db.execute(
        "SELECT min(next_attempt_at) BETWEEN now() + interval '59 minutes' AND now() + interval '60 minutes' "
        "FROM timesheet.digests WHERE state = 'queued'"
    ).fetchone() == (True,)
    daemon("digest", "send")
    assert len(provider.peer.requests) == 2 and [is_over for _, is_over in stage.alerts()] == [False]
    stage.db.execute("UPDATE timesheet.digest_deliveries SET next_attempt_at = now()")  # an hour later
    all_go_out_once(stage, daemon, provider, 3)


def known_refusal(provider):
    """What the provider says of a recipient that it cannot write to."""
    return {
        "resend": Status(422, {"name": "validation_error", "message": "Invalid `to` field."}),
        "loops": Status(400, {"success": False, "path": "email", "message": "Invalid email address"}),
        "mailgun": Status(400, {"message": "to parameter is not a valid address. please check documentation"}),
    }[provider.name]


def test_known_refusals_of_recipients_fail_alone_however_many(stage, daemon, provider):
    stage.have(13)
    provider.peer.refused = {to: known_refusal(provider) for to in addresses(1, 12)}
    done = daemon("digest", "send")
    assert done.returncode == 1 and "12 digests failed and 0 are in doubt" in done.stderr
    assert stage.emails("failed") == addresses(1, 12) and stage.emails("sent") == [address(13)]
    assert len(provider.peer.requests) == 13 and stage.alerts() == []
    daemon.must("digest", "send")
    assert len(provider.peer.requests) == 13


@only("mailgun")
def test_known_refusals_of_recipients_are_no_alert_where_nothing_is_accepted(stage, daemon, provider):
    stage.have(2)
    provider.peer.refused = {to: known_refusal(provider) for to in addresses(1, 2)}
    assert daemon("digest", "send").returncode == 1
    assert stage.states() == {"failed": 2} and stage.alerts() == []


def test_an_unknown_refusal_of_all_costs_no_digest(stage, daemon, provider):
    stage.have(5)
    provider.peer.refused = {to: UNKNOWN for to in addresses(1, 5)}
    for number in (1, 2, 3):
        done = daemon("digest", "send")
        assert done.returncode == 1 and "5 digests were refused and none was accepted" in done.stderr
        assert "400 (the account is under review)" in done.stderr
        assert stage.states() == {"queued": 5} and stage.attempts() == 0
        assert len(provider.peer.requests) == 5 * number
        ((detail, is_over),) = stage.alerts()
        assert "the account is under review" in detail and not is_over
    provider.peer.refused = {}
    all_go_out_once(stage, daemon, provider, 5)


@pytest.mark.parametrize("number", [1, 2])
def test_an_unknown_refusal_where_there_are_only_a_few(stage, daemon, provider, number):
    stage.have(number)
    provider.peer.refused = {to: UNKNOWN for to in addresses(1, number)}
    for passes in (1, 2):
        assert daemon("digest", "send").returncode == 1
        assert stage.states() == {"queued": number} and len(provider.peer.requests) == number * passes
    provider.peer.refused = {}
    all_go_out_once(stage, daemon, provider, number)


@pytest.mark.parametrize("place", [1, 3, 5])
def test_an_unknown_refusal_of_one_fails_alone(stage, daemon, provider, place):
    stage.have(5)
    provider.peer.refused = {address(place): UNKNOWN}
    done = daemon("digest", "send")
    assert done.returncode == 1 and "1 digests failed and 0 are in doubt" in done.stderr
    assert stage.emails("failed") == [address(place)] and stage.states() == {"failed": 1, "sent": 4}
    assert stage.db.execute("SELECT attempts, error FROM timesheet.digests WHERE state = 'failed'").fetchone() == (
        1,
        f"{provider.name.capitalize()} answered 400 (the account is under review); "
        "correct that and send it again with timesheet.resend_digest()",
    )
    assert stage.alerts() == []
    daemon.must("digest", "send")
    assert len(provider.peer.requests) == 5


def test_ten_bad_addresses_do_not_stop_the_sixteen_others(stage, daemon, provider):
    stage.have(26)
    provider.peer.refused = {to: UNKNOWN for to in addresses(1, 10)}
    assert daemon("digest", "send").returncode == 1
    assert asked(provider) == addresses(1, 10) and stage.states() == {"queued": 26}
    done = daemon("digest", "send")
    assert done.returncode == 1 and "10 digests failed" in done.stderr
    assert asked(provider, 10)[:16] == addresses(11, 26)  # first those that were not tried yet
    assert stage.emails("sent") == addresses(11, 26) and stage.emails("failed") == addresses(1, 10)
    daemon.must("digest", "send")
    assert len(provider.peer.requests) == 36


@only("mailgun")
def test_each_pass_tries_ten_others_where_all_are_refused(stage, daemon, provider):
    stage.have(26)
    provider.peer.refused = {to: UNKNOWN for to in addresses(1, 26)}
    for _ in range(4):
        assert daemon("digest", "send").returncode == 1
    # Ten, ten, the last six and the four of longest ago, then the next ten.
    assert asked(provider) == addresses(1, 26) + addresses(1, 4) + addresses(5, 14)
    assert stage.states() == {"queued": 26} and stage.attempts() == 0


@only("resend")
def test_an_account_that_is_blocked_within_a_pass_costs_ten_digests_at_most(stage, daemon, provider):
    stage.have(26)
    provider.peer.refused = {to: UNKNOWN for to in addresses(4, 26)}
    done = daemon("digest", "send")
    assert done.returncode == 1 and "the last 10 e-mails were refused" in done.stderr
    assert stage.states() == {"sent": 3, "failed": 10, "queued": 13}
    daemon("digest", "send")
    assert stage.states() == {"sent": 3, "failed": 10, "queued": 13} and len(provider.peer.requests) == 23


def test_a_crash_after_unknown_refusals_loses_and_doubles_nothing(stage, daemon, provider):
    stage.have(5)
    provider.peer.refused = {to: UNKNOWN for to in addresses(1, 2)}
    provider.peer.next(None, None, AcceptThenHang())
    process = daemon.start("digest", "send")
    wait_until(lambda: provider.peer.mails)
    process.kill()
    process.communicate()
    assert stage.emails("queued") == addresses(1, 2) + addresses(4, 5) and stage.emails("sending") == [address(3)]
    done = daemon("digest", "send")
    assert done.returncode == 1
    assert asked(provider, 3)[:2] == addresses(4, 5) and recipients(provider) == addresses(3, 5)
    assert stage.emails("failed") == addresses(1, 2)  # once another was accepted
    assert stage.emails("sent") == (addresses(3, 5) if provider.repeats else addresses(4, 5))
    assert stage.emails("in_doubt") == ([] if provider.repeats else [address(3)])


@only("resend")
def test_a_repeated_answer_is_no_proof_that_the_sender_is_in_order(stage, daemon, provider):
    """Accepted, and the sender died before it knew; then the account is blocked. The old answer is repeated."""
    stage.have(5)
    provider.peer.next(AcceptThenHang())
    process = daemon.start("digest", "send")
    wait_until(lambda: provider.peer.mails)
    process.kill()
    process.communicate()
    provider.peer.refused = {to: UNKNOWN for to in addresses(2, 5)}
    done = daemon("digest", "send")
    assert done.returncode == 1 and "perhaps by an earlier attempt" in done.stderr
    assert stage.states() == {"sent": 1, "queued": 4} and len(stage.alerts()) == 1
    provider.peer.refused = {}
    daemon.must("digest", "send")
    assert recipients(provider) == addresses(1, 5) and stage.states() == {"sent": 5}


@pytest.mark.parametrize("status", [201, 202, 204])
def test_another_success_is_no_refusal(stage, daemon, provider, status):
    """Where it has all that a success has, the e-mail is accepted; else it may have been, and is not sent twice."""
    stage.have(1)
    accepted = {"id": "<1@mg.example>", "message": "Queued. Thank you.", "success": True}
    provider.peer.next(Status(status, {} if status == 204 else accepted), Status(status, {}))
    for _ in range(3):
        daemon("digest", "send")
    if status == 204:
        assert stage.states() == ({"sent": 1} if provider.repeats else {"in_doubt": 1})
    else:
        assert stage.states() == {"sent": 1} and len(provider.peer.requests) == 1
    assert len(provider.peer.mails) <= 1 and stage.alerts() == []


@pytest.mark.parametrize("how", ["unsubscribed", "too old"])
@only("resend")
def test_the_alert_ends_where_no_digest_is_refused_any_more(stage, daemon, provider, how):
    stage.have(1)
    provider.peer.refused = {address(1): UNKNOWN}
    assert daemon("digest", "send").returncode == 1 and [is_over for _, is_over in stage.alerts()] == [False]
    if how == "unsubscribed":
        stage.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = now()")
    else:
        stage.db.execute("UPDATE timesheet.digest_deliveries SET created_at = now() - interval '9 days'")
    daemon("digest", "send")
    stage.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = NULL")  # for the tests after this one
    assert stage.states() == {"failed": 1} and [is_over for _, is_over in stage.alerts()] == [True]


@only("resend")
def test_a_crash_before_anything_is_accepted_keeps_all(stage, daemon, provider):
    stage.have(3)
    provider.peer.refused = {to: UNKNOWN for to in addresses(1, 2)}
    provider.peer.next(None, None, Hang())
    process = daemon.start("digest", "send")
    wait_until(lambda: len(provider.peer.requests) == 3)
    process.kill()
    process.communicate()
    provider.peer.refused = {to: UNKNOWN for to in addresses(1, 3)}
    assert daemon("digest", "send").returncode == 1
    assert stage.states() == {"queued": 3}
    provider.peer.refused = {}
    daemon.must("digest", "send")
    assert recipients(provider) == addresses(1, 3) and stage.states() == {"sent": 3}


@only("mailgun")
def test_two_senders_at_once_settle_an_unknown_refusal_once(stage, daemon, provider):
    stage.have(4)
    provider.peer.refused = {address(1): UNKNOWN}
    processes = [daemon.start("digest", "send") for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 0, 1], errors
    assert stage.emails("failed") == [address(1)] and recipients(provider) == addresses(2, 4)
    assert len(provider.peer.requests) == 4


@only("resend")
def test_what_may_have_been_accepted_is_in_doubt_when_refused_alone(stage, daemon, provider):
    stage.have(2)
    provider.peer.next(Hang())
    process = daemon.start("digest", "send")
    wait_until(lambda: provider.peer.requests)
    process.kill()
    process.communicate()
    provider.peer.refused = {address(1): UNKNOWN}
    done = daemon("digest", "send")
    assert done.returncode == 1 and "0 digests failed and 1 are in doubt" in done.stderr
    assert stage.emails("in_doubt") == [address(1)] and stage.emails("sent") == [address(2)]


@only("resend")
def test_a_pause_of_one_is_waited_for_before_the_refused_are_settled(stage, daemon, provider):
    """The one that was asked to wait is accepted in the same pass, so that the refused one failed alone."""
    stage.have(2)
    provider.peer.next(Resend.RATE_LIMITED)
    provider.peer.refused = {address(2): UNKNOWN}
    assert daemon("digest", "send").returncode == 1
    assert stage.emails("sent") == [address(1)] and stage.emails("failed") == [address(2)]


@only("mailgun")
def test_what_was_refused_for_more_than_a_week_is_no_news(stage, daemon, provider):
    stage.have(1)
    assert daemon("digest", "send", MAIL_FROM=COMMA).returncode == 1
    stage.db.execute("UPDATE timesheet.digest_deliveries SET created_at = created_at - interval '9 days'")
    daemon("digest", "send", MAIL_FROM=QUOTED)
    state, error = stage.db.execute("SELECT state, error FROM timesheet.digests").fetchone()
    assert state == "failed" and "for more than a week" in error and "check MAIL_FROM" in error
    assert provider.peer.mails == []
