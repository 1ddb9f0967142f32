"""What the tests of alerts stand on: a database with something wrong in it, who hears of it, and words for both."""

import datetime
import json

import pytest

from conftest import Daemon, FakeJibble, wait_until
from mail_provider import Provider
from stage import UTC, Stage, guid
from webhook_peer import Webhook

ANN, BOB = "ann@example.com", "bob@example.com"
KIND = "deletions_held"  # an alert of this kind stays as a test leaves it: no pass looks at its cause
NO_WAY = {"ALERT_EMAILS": None, "ALERT_WEBHOOK_URL": None}

# Not TRUNCATE, which takes longer where there is little.
EMPTY = "".join(
    f"DELETE FROM timesheet.{table};"
    for table in (
        "alert_notifications",
        "alerts",
        "notification_ways",
        "webhook_messages",
        "pass_failures",
        "outbox_messages",
        "digest_deliveries",
        "contacts",
        "contact_problems",
        "supervisors",
        "briefings",
        "briefed_sessions",
        "briefed_silences",
    )
) + (
    "UPDATE timesheet.settings SET alert_pause = '1 hour', pass_silence = '10 minutes', stale_after = '1 hour', "
    "default_time_zone = 'UTC', briefing_time = '08:00'"
)


class World(Stage):
    """A database, who hears by which way, and timesheetd, whose pass that costs least is `digest send`."""

    def __init__(self, uri, provider=None, webhook=None, jibble=None):
        super().__init__(uri)
        self.provider, self.webhook = provider, webhook
        self.daemon = Daemon(uri, jibble)
        self.daemon.environment["SYNC_LOOKBACK_DAYS"] = "1"
        if provider:
            self.daemon.environment |= provider.environment | {"ALERT_EMAILS": ANN}
        if webhook:
            self.daemon.environment |= {"ALERT_WEBHOOK_URL": webhook.address}
        self.db.execute(EMPTY)
        self.no_briefing_is_due()

    def no_briefing_is_due(self):
        self.db.execute(
            "INSERT INTO timesheet.briefings (day, made_at, is_empty) "
            "SELECT current_date + n, now(), true FROM generate_series(-1, 1) AS n"
        )

    def begins(self, subject="agent 12", kind=KIND, detail="2 entries of Maria Santos are missing"):
        """The number of an alert that is open from now on."""
        return self.db.execute("SELECT timesheet.raise_alert(%s, %s, %s)", (kind, subject, detail)).fetchone()[0]

    def ends(self, subject="agent 12", kind=KIND):
        assert self.db.execute("SELECT timesheet.resolve_alert(%s, %s)", (kind, subject)).fetchone() == (True,)

    def notify(self, *command, **environment):
        """A pass to its end. Nothing that goes wrong in telling people fails it."""
        return self.daemon.must(*(command or ("digest", "send")), **environment)

    def notify_killed(self, is_so, **environment):
        """A pass that dies by kill -9 at this moment; a variable given as None is unset."""
        unset = {name: "" for name, value in environment.items() if value is None}
        process = self.daemon.start("digest", "send", **environment | unset)
        wait_until(is_so, 20)
        process.kill()
        process.communicate()

    def an_hour_passes(self):
        """No message of before counts for the limit any more, and whatever waits for another attempt is due."""
        self.db.execute("UPDATE timesheet.settings SET alert_pause = '1 millisecond'")
        self.attempts_are_due()

    def six_minutes_pass(self):
        """For how long a way has failed."""
        self.db.execute("UPDATE timesheet.notification_ways SET failing_since = failing_since - interval '6 minutes'")

    def attempts_are_due(self):
        self.db.execute("UPDATE timesheet.webhook_messages SET next_attempt_at = now() WHERE state = 'queued'")
        self.db.execute("UPDATE timesheet.outbox_messages SET next_attempt_at = now() WHERE state = 'queued'")

    def title(self, kind=KIND):
        return self.db.execute("SELECT title FROM timesheet.alert_texts(%s)", (kind,)).fetchone()[0]

    def open_alerts(self, kind):
        """{subject: detail}"""
        return dict(
            self.db.execute(
                "SELECT subject, detail FROM timesheet.alerts WHERE kind = %s AND resolved_at IS NULL", (kind,)
            ).fetchall()
        )

    def posted(self):
        """The numbers of the alerts in each message that the webhook accepted."""
        return [post.alerts for post in self.webhook.posts]

    def mailed(self, to=None):
        """(recipient, subject) of each e-mail that was accepted, in order."""
        return [(mail.to[0], subject_of(mail)) for mail in self.provider.peer.mails if to is None or mail.to == [to]]

    def contacts(self, *addresses, group=1):
        """Makes these the contacts that there are, to whom no digest is due."""
        records = [
            {"id": f"rec{n}", "fields": {"Email": email, "Jibble Group ID": guid("group", group)}}
            for n, email in enumerate(addresses)
        ]
        self.db.execute("SELECT timesheet.store_contacts(%s, 'Email', 'Jibble Group ID', true)", (json.dumps(records),))
        self.no_digest_is_due()

    def no_digest_is_due(self):
        self.db.execute("UPDATE timesheet.contacts SET subscribed_since = now() + interval '8 days'")

    def checked(self, piece, **environment):
        """[(state, text)] of the lines of check about a piece."""
        return [
            (line[:8].strip(), line[18:])
            for line in self.daemon("check", **environment).stdout.splitlines()
            if line[8:18].strip() == piece
        ]


def subject_of(mail):
    return mail.variables["subject"] if mail.variables else mail.subject


def text_of(mail):
    """What a person reads, in the part without markup."""
    return mail.variables["digest"] if mail.variables else mail.text


by_resend = pytest.mark.parametrize("provider", ["resend"], indirect=True)


@pytest.fixture(scope="module")
def template(migrated_database):
    """A client group with an agent, and a feed that is fresh."""
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1, "Bluefin & Daughters")
    stage.agent(1, 1, "Maria Santos")
    stage.close()
    return uri


@pytest.fixture(params=["resend", "loops", "mailgun"])
def provider(request):
    it = Provider(request.param)
    yield it
    it.peer.release()
    it.peer.stop()


@pytest.fixture(scope="module")
def jibble_now(tmp_path_factory):
    """A fake whose history ends now."""
    now = datetime.datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "1", "--now", now)
    yield fake
    fake.stop()


@pytest.fixture
def webhook():
    it = Webhook()
    yield it
    it.release()
    it.stop()


@pytest.fixture
def world(template, provider, webhook):
    """Ann hears by e-mail, and a channel by webhook."""
    it = World(template, provider, webhook)
    yield it
    it.close()
