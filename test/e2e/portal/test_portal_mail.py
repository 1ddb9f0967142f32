"""The link to the portal in a client's e-mails: its token is sent and never kept, and without the portal nothing
changes."""

import base64
import hashlib
import hmac
import quopri
import re
import subprocess

import psycopg
import pytest

from conftest import SUPERUSER_URI, Daemon, wait_until
from mail_provider import Provider
from peer_server import AcceptThenHang, Reset, Status
from stage import Stage, read_html, texts

URL = "https://hours.example.com/portal"
SECRET = "a secret of the daemon's alone, 0123"
PORTAL = {"PORTAL_URL": URL, "PORTAL_SECRET": SECRET}
NO_PORTAL = dict.fromkeys(PORTAL)
FORM = "token-of-"  # how a place holder begins


@pytest.fixture(scope="module")
def template(migrated_database):
    """A week of one agent for a client, and its contact."""
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1, name="Altamere & Sons")
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.contact("ann@example.com", 1)
    stage.close()
    return uri


@pytest.fixture
def stage(template):
    it = Stage(template)
    it.db.execute("TRUNCATE timesheet.digest_deliveries, timesheet.outbox_messages, timesheet.portal_links CASCADE")
    it.db.execute("TRUNCATE timesheet.portal_requests")
    it.db.execute("UPDATE timesheet.settings SET portal_link_days = 35")
    it.db.execute(
        "UPDATE timesheet.contacts SET unsubscribed_at = NULL, removed_at = NULL, missing_since = NULL, "
        "subscribed_since = now()"
    )
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
    it.environment |= provider.environment | PORTAL
    return it


by_resend = pytest.mark.parametrize("provider", ["resend"], indirect=True)


def no_digest_is_due(stage):
    stage.db.execute("UPDATE timesheet.contacts SET subscribed_since = now() + interval '8 days'")


def token_of(key):
    """By Python's own hmac, from the key as text."""
    code = hmac.new(SECRET.encode(), str(key).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()


def delivery(stage):
    """(delivery_id, idempotency_key, html, body) of the only e-mail."""
    (row,) = stage.db.execute(
        "SELECT delivery_id, idempotency_key, html, body FROM timesheet.outgoing_emails"
    ).fetchall()
    return row


def links(stage):
    return stage.db.execute(
        "SELECT l.token_sha256, l.delivery_id, c.email FROM timesheet.portal_links AS l JOIN timesheet.contacts AS c "
        "USING (contact_id)"
    ).fetchall()


def clients_of(stage, token):
    """What the token opens."""
    return [
        name
        for (name,) in stage.db.execute("SELECT client_group FROM timesheet.portal_session(%s)", (token,)).fetchall()
    ]


def ask(stage, address="ann@example.com"):
    stage.db.execute("SELECT timesheet.portal_request_link(%s)", (address,))


def everything(mail):
    """All that the provider was given."""
    return str(mail.raw)


def must_carry(provider, mail, link):
    """The e-mail has this link wherever it has one to the portal."""
    assert set(re.findall(r"https://hours\.example\.com/portal[^\s\"'\\<>]*", everything(mail))) == {link}
    assert FORM not in everything(mail)
    if provider.name == "loops":
        assert mail.variables["page_url"] == link and link in mail.variables["digest"]
    else:
        assert f'href="{link}"' in mail.html and f"\n{link}\n" in mail.text + "\n"


def test_a_digest_has_a_link_whose_token_only_its_reader_has(stage, daemon, provider):
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    number, key, html, body = delivery(stage)
    token = token_of(key)
    assert len(token) == 43
    must_carry(provider, mail, f"{URL}?token={token}")
    assert links(stage) == [(hashlib.sha256(token.encode()).digest(), number, "ann@example.com")]
    for stored in (html, body):
        assert f"{URL}?token={FORM}{key}" in stored and token not in stored
    assert clients_of(stage, token) == ["Altamere & Sons"]
    (shown,) = stage.db.execute("SELECT html FROM timesheet.portal_digests(%s)", (token,)).fetchone()
    assert "8.50" in shown
    assert not [part for part in ("See your hours", "needs no password", 'class="button"', URL) if part in shown]
    for wrong in (f"{FORM}{key}", str(key), token[:-1], token.swapcase()):
        assert clients_of(stage, wrong) == []


def test_a_digest_shows_its_link_and_none_to_the_dashboard(stage, daemon, provider):
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    if provider.name != "loops":
        found, tags = read_html(mail.html)
        assert texts(found, "portal-link") == ["See your hours"] and texts(found, "page-link") == []
        assert "The link needs no password" in mail.html and "See your hours." in mail.text
        assert texts(found, "unsubscribe-link") == ["Unsubscribe from this digest"]
    assert '"https://hours.example.com"' not in everything(mail)


def test_a_repeated_attempt_sends_the_same(stage, daemon, provider):
    busy = Status(429, "slow down")
    provider.peer.next(busy, Reset() if provider.repeats else busy)
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    assert len(provider.peer.requests) == 3
    assert len({request.body for request in provider.peer.requests}) == 1
    assert len(links(stage)) == 1


def test_killed_and_begun_again_it_sends_the_same(stage, daemon, provider):
    provider.peer.next(AcceptThenHang())
    process = daemon.start("digest", "send")
    wait_until(lambda: provider.peer.mails)
    process.kill()
    process.communicate()
    provider.peer.release()
    assert len(links(stage)) == 1
    # The portal's closure meanwhile does not change what was sent.
    stage.db.execute("UPDATE timesheet.settings SET portal_link_days = 0")
    daemon("digest", "send")
    assert len(provider.peer.mails) == 1
    if provider.repeats:
        first, second = provider.peer.requests
        assert first.body == second.body
        assert stage.deliveries() == [("ann@example.com", 1, "sent")]
    else:
        assert stage.deliveries() == [("ann@example.com", 1, "in_doubt")]


@by_resend
def test_a_digest_stored_with_a_link_leads_to_the_portal_alone_once_the_secret_is_gone(stage, daemon, provider):
    provider.peer.next(Status(401, {"statusCode": 401, "name": "missing_api_key", "message": "no key"}))
    assert daemon("digest", "send").returncode == 1
    daemon.must("digest", "send", **NO_PORTAL)
    (mail,) = provider.peer.mails
    must_carry(provider, mail, URL)


@by_resend
def test_without_the_portal_the_digest_is_what_it_was(stage, daemon, provider):
    """The same content, sent with the portal, without it, and while it is closed: what the portal adds is one button,
    one line of style and two lines of text."""
    as_before = {"MAIL_PAGE_URL": None}
    again = (
        "UPDATE timesheet.digest_deliveries SET state = 'queued', html = NULL, body = NULL, attempts = 0, "
        "provider_message_id = NULL, idempotency_key = gen_random_uuid()"
    )
    daemon.must("digest", "send", **as_before)
    stage.db.execute(again)
    daemon.must("digest", "send", **as_before, **NO_PORTAL)
    stage.db.execute(again)
    stage.db.execute("UPDATE timesheet.settings SET portal_link_days = 0")
    daemon.must("digest", "send", **as_before)
    opened, without, closed = provider.peer.mails
    assert len(links(stage)) == 1
    assert closed.raw == without.raw and "portal" not in everything(without)
    added = r'\n<tr><td style="padding-top:20px">\n<table [^\n]*<td class="button"[^\n]*\n<div [^\n]*\n</td></tr>'
    html, buttons = re.subn(added, "", opened.html)
    html, styles = re.subn(r"\n\.button a\{[^\n]*", "", html)
    assert (html, buttons, styles) == (without.html, 1, 1)
    longer = len(quopri.encodestring(opened.html.encode())) - len(quopri.encodestring(html.encode()))
    assert longer < 1_000  # for which the largest e-mail leaves room: test_digest_content.py
    text, lines = re.subn(r"\n\nSee your hours\.[^\n]*\nhttps[^\n]*", "", opened.text)
    assert (text, lines) == (without.text, 1)
    assert {**opened.raw, "html": html, "text": text} == without.raw


@by_resend
@pytest.mark.parametrize("environment", [PORTAL, NO_PORTAL], ids=["portal", "none"])
def test_without_the_portal_the_dashboards_link_is_what_it_was(stage, daemon, provider, environment):
    stage.db.execute("UPDATE timesheet.settings SET portal_link_days = 0")
    daemon.must("digest", "send", **environment)
    (mail,) = provider.peer.mails
    found, _ = read_html(mail.html)
    assert texts(found, "page-link") == ["See this week on the web"]
    assert "See this week on the web:\nhttps://hours.example.com\n" in mail.text
    assert "?token=" not in mail.html.replace("unsubscribe?token=", "") and links(stage) == []


def test_a_preview_has_no_link(stage, daemon, provider):
    no_digest_is_due(stage)
    stage.db.execute(
        "SELECT timesheet.operate_send_preview('staff@agency.example', 'ann@example.com', %s, 'staff@agency.example')",
        (stage.week,),
    )
    daemon.must("digest", "send")
    (mail,) = provider.peer.mails
    said = everything(mail)
    assert "8.50" in said and "portal" not in said and FORM not in said and "https://" not in said
    assert token_of(delivery(stage)[1]) not in said and links(stage) == []


@by_resend
def test_a_digest_that_is_only_printed_has_no_link(stage, daemon, provider):
    for form in ("html", "text", "json"):
        said = daemon.must("digest", "preview", "--contact", "ann@example.com", "--format", form).stdout
        assert "8.50" in said and "portal" not in said and "See your hours" not in said
    assert links(stage) == []


def test_who_asks_for_a_link_is_sent_one(stage, daemon, provider):
    no_digest_is_due(stage)
    stage.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = now()")  # who may still look
    for address in ("ann@example.com", " Ann@Example.COM ", "nobody@example.com"):
        ask(stage, address)
    done = daemon.must("digest", "send")
    assert "1 links to the portal queued" in done.stderr
    (mail,) = provider.peer.mails
    assert mail.to == ["ann@example.com"]
    number, key, html, body = delivery(stage)
    token = token_of(key)
    must_carry(provider, mail, f"{URL}?token={token}")
    assert links(stage) == [(hashlib.sha256(token.encode()).digest(), number, "ann@example.com")]
    assert FORM in html and FORM in body and token not in html + body
    assert clients_of(stage, token) == ["Altamere & Sons"]
    assert not any(name.lower().startswith("list-") for name in mail.headers)
    if provider.name == "loops":
        assert mail.variables["subject"] == mail.variables["title"] == "Your link to your hours"
        assert "Altamere & Sons" in mail.variables["digest"] and mail.variables["unsubscribe_url"] == ""
    else:
        found, _ = read_html(mail.html)
        assert mail.subject == "Your link to your hours" and texts(found, "portal-link") == ["See your hours"]
        assert texts(found, "client") == ["Altamere & Sons"] and texts(found, "days-valid") == ["35"]
        assert "Altamere & Sons\n" in mail.text and "It works for 35 days." in mail.text
        assert "portal_link" in everything(mail) and "weekly_digest" not in everything(mail)
    assert stage.db.execute("SELECT kind, recipient, state FROM timesheet.outbox").fetchall() == [
        ("portal_link", "ann@example.com", "sent")
    ]


@by_resend
def test_no_more_than_three_an_hour_are_sent(stage, daemon, provider):
    no_digest_is_due(stage)
    for _ in range(5):
        for _ in range(3):
            ask(stage)
        daemon.must("digest", "send")
    assert len(provider.peer.mails) == 3 and len({mail.html for mail in provider.peer.mails}) == 3


@by_resend
@pytest.mark.parametrize(
    "environment, days, why",
    [
        (NO_PORTAL, 35, "PORTAL_URL and PORTAL_SECRET are not set"),
        (PORTAL, 0, "the portal is closed, as settings.portal_link_days is 0"),
    ],
    ids=["not configured", "closed"],
)
def test_where_there_is_no_portal_nobody_is_sent_a_link(stage, daemon, provider, environment, days, why):
    no_digest_is_due(stage)
    ask(stage)
    stage.db.execute("SELECT timesheet.queue_portal_links(true)")  # queued while there was one
    ask(stage)
    ask(stage, "nobody@example.com")
    stage.db.execute("UPDATE timesheet.settings SET portal_link_days = %s", (days,))
    done = daemon.must("digest", "send", **environment)
    assert f"2 requests for a link to the portal were refused: {why}" in done.stderr
    assert provider.peer.mails == [] and links(stage) == []
    assert stage.db.execute("SELECT state, error FROM timesheet.outbox").fetchall() == [("failed", why)]
    assert daemon.must("digest", "send", **environment).stderr.count("refused") == 0


def dump(uri):
    return subprocess.run(["pg_dump", "--inserts", uri], check=True, stdout=subprocess.PIPE, text=True).stdout


def server_log():
    with psycopg.connect(SUPERUSER_URI) as db:
        return db.execute("SELECT pg_read_file('server.log')").fetchone()[0]


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("kind", ["digest", "portal_link"])
@pytest.mark.parametrize("provider", ["resend", "mailgun"], indirect=True)
def test_neither_the_secret_nor_a_token_is_in_the_log_or_the_database(stage, daemon, provider, kind, format):
    """Also where the provider answers with what it was sent."""
    if kind == "portal_link":
        no_digest_is_due(stage)
        ask(stage)
    stage.db.execute("SELECT timesheet.queue_digests(), timesheet.queue_portal_links(true)")
    key = delivery(stage)[1]
    token = token_of(key)
    echo = f"I do not like {token}, nor {SECRET}"
    provider.peer.next(
        Status(429, {"statusCode": 429, "name": "oops", "message": echo}),
        Status(400, {"statusCode": 400, "name": "validation_error", "message": f"Invalid `to` field: {echo}"}),
    )
    done = daemon("digest", "send", LOG_LEVEL="trace", LOG_FORMAT=format)
    assert all(token in str(request.body) for request in provider.peer.requests)
    assert done.stderr.count("I do not like ***, nor ***") >= 2
    kept = dump(daemon.environment["DATABASE_URL"])
    assert hashlib.sha256(token.encode()).hexdigest() in kept and f"{FORM}{key}" in kept and "I do not like" in kept
    encoded = base64.b64encode(SECRET.encode()).decode().rstrip("=")
    for where, text in (
        ("the log", done.stdout + done.stderr),
        ("the database", kept),
        ("the server's log", server_log()),
    ):
        for secret in (token, SECRET, SECRET.replace(" ", "%20"), encoded):
            assert secret not in text, f"{secret} is in {where}"


def checked(daemon, **environment):
    """{piece: [(state, text)]} of the lines about the portal."""
    return [
        (line[:8].strip(), line[18:])
        for line in daemon("check", **environment).stdout.splitlines()
        if line[8:18].strip() == "portal"
    ]


@by_resend
def test_check_says_where_links_lead_and_for_how_long(stage, daemon, provider):
    assert checked(daemon, **NO_PORTAL) == []
    assert checked(daemon) == [("ok", f"e-mails link to {URL}, and a link works for 35 days")]
    elsewhere = checked(daemon, PORTAL_URL="https://hours.example.com/")
    assert elsewhere[0] == ("ok", "e-mails link to https://hours.example.com, and a link works for 35 days")
    assert elsewhere[1][0] == "warning" and "does not end with /portal" in elsewhere[1][1]
    stage.db.execute("UPDATE timesheet.settings SET portal_link_days = 0")
    ((state, text),) = checked(daemon)
    assert state == "ok" and text.startswith("closed, as settings.portal_link_days is 0")


@by_resend
def test_check_names_the_role_that_is_missing(stage, daemon, provider):
    stage.db.execute("REVOKE EXECUTE ON FUNCTION timesheet.portal_session(text) FROM timesheet_portal")
    try:
        ((state, text),) = checked(daemon)
        assert state == "failed" and "timesheet_portal" in text and "timesheetd migrate" in text
    finally:
        stage.db.execute("GRANT EXECUTE ON FUNCTION timesheet.portal_session(text) TO timesheet_portal")


@by_resend
@pytest.mark.parametrize(
    "environment, said",
    [
        ({"PORTAL_SECRET": None}, "PORTAL_SECRET: not set, but PORTAL_URL is; make one with: openssl"),
        ({"PORTAL_URL": None}, "PORTAL_URL: not set, but PORTAL_SECRET is; give its address"),
        ({"PORTAL_SECRET": SECRET[:31]}, "PORTAL_SECRET: it has fewer than 32 characters (not shown); make one with"),
        ({"PORTAL_SECRET": SECRET + "\nX: y"}, "PORTAL_SECRET: it holds a line end"),
        ({"PORTAL_URL": URL + "?token=hush"}, f'PORTAL_URL: "{URL}" has a query'),
        ({"PORTAL_URL": URL + "?"}, f'PORTAL_URL: "{URL}" has a query'),
        ({"PORTAL_URL": URL + "#hush"}, f'PORTAL_URL: "{URL}" has a query'),
        ({"PORTAL_URL": "http://hours.example.com/portal"}, "is not https"),
        ({"PORTAL_URL": "https://ann:hush@hours.example.com/portal"}, "PORTAL_URL: the URL holds a user name"),
        ({"PORTAL_URL": "javascript:alert(1)"}, "PORTAL_URL: "),
        ({"PORTAL_URL": "hours"}, "PORTAL_URL: "),
    ],
)
def test_a_wrong_configuration_is_said_and_nothing_is_sent(stage, daemon, provider, environment, said):
    for command in (("digest", "send"), ("check",)):
        done = daemon(*command, **environment)
        assert done.returncode == 2 and said in done.stderr
        assert SECRET[:31] not in done.stdout + done.stderr and "hush" not in done.stdout + done.stderr
    assert provider.peer.requests == [] and links(stage) == []


@by_resend
def test_the_portal_of_this_machine_may_be_without_https(stage, daemon, provider):
    daemon.must("digest", "send", PORTAL_URL="http://127.0.0.1:3000/portal/")
    (mail,) = provider.peer.mails
    assert f'href="http://127.0.0.1:3000/portal?token={token_of(delivery(stage)[1])}"' in mail.html
