"""What a service may answer: however deep, large or endless, it ends in a message, and names,
ids and tokens bring nothing of their own."""

import base64
import json
import os
import subprocess
import sys

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import TIMESHEETD, Daemon
from stage import Stage, guid
from mail_peers import Mailgun, Resend
from peer_server import JibblePeer, Peer, Status

TOKEN, KEY = "pat-hush-hush", "key-hush-hush"
MIB = 1 << 20


@pytest.fixture(scope="module")
def uri(migrated_database):
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.contact("ann@example.com", 1)
    stage.close()
    return uri


@pytest.fixture
def db(uri):
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("TRUNCATE timesheet.digest_deliveries CASCADE")
        yield connection


class Flood(Peer):
    """An Airtable of `pages` pages, each the same text with another offset; offsets may come again."""

    def __init__(self, text, pages, offsets=None):
        self.text, self.pages, self.offsets = text, pages, offsets
        super().__init__()

    def answer(self, request):
        n = len(self.requests)
        offset = self.offsets[n % len(self.offsets)] if self.offsets else f"itr{n}"
        return Status(200, '{"records":[%s]%s}' % (self.text, f',"offset":"{offset}"' if n < self.pages else ""))


# A process counts as its own peak what the one that started it had in memory, so one of little memory starts it.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def contacts(uri, peer):
    """Exit status, last line of the log, and peak memory in MiB."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": uri,
        "AIRTABLE_TOKEN": TOKEN,
        "AIRTABLE_BASE_ID": "appBase",
        "AIRTABLE_API_URL": peer.url,
    }
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, TIMESHEETD, "contacts"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return done.returncode, done.stderr.splitlines()[-1], int(done.stdout.splitlines()[-1]) / 1024


HOSTILE = {  # a page's records, how many pages, the offsets, what is said
    "deep lists": ("[" * MIB + "]" * MIB, 1, None, "the JSON is nested more than 32 deep"),
    "deep fields": (
        '{"id":"rec1","fields":{"Email":' + '{"a":' * 200_000 + "1" + "}" * 200_000 + "}}",
        1,
        None,
        "the JSON is nested more than 32 deep",
    ),
    "many values": ("1," * (3 * MIB) + "1", 1, None, "the JSON has more than 200000 values"),
    "one page too large": (
        '{"id":"rec1","fields":{"Email":"%s"}}' % ("x" * 9 * MIB),
        1,
        None,
        "an answer of Airtable is larger than 8 MiB",
    ),
    "many large pages": (
        '{"id":"rec1","fields":{"Email":"%s"}}' % ("x" * 7 * MIB),
        40,
        None,
        "more than 32 MiB in all",
    ),
    "an offset that comes again": (
        '{"id":"rec1","fields":{}}',
        9999,
        ["itr1", "itr2", "itr3"],
        "the same page came twice",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_airtable_costs_neither_memory_nor_a_contact(uri, db, kind):
    text, pages, offsets, said = HOSTILE[kind]
    with Flood(text, pages, offsets) as peer:
        code, last, peak = contacts(uri, peer)
    assert code == 1 and said in last and "Airtable" in last, last
    assert peak < 128, f"{peak} MiB"
    assert db.execute("SELECT email FROM timesheet.contacts WHERE removed_at IS NULL").fetchall() == [
        ("ann@example.com",)
    ]


def test_endless_headers_are_not_kept(uri, db):
    with Airtable(TOKEN, "appBase", "Clients", requests_per_second=1000) as peer:
        peer.next(Status(200, {"records": []}, {f"X-Filler-{n}": "x" * 1000 for n in range(280)}))
        code, last, _ = contacts(uri, peer)
    assert code == 1 and "the headers of an answer of Airtable are larger than 256 KiB" in last, last


class Identity(JibblePeer):
    """An identity service whose token is this one; everything else that is asked lands here too."""

    def __init__(self, token):
        self.token = token
        super().__init__()

    def answer(self, request):
        return Status(200, {"@odata.count": 0, "value": []})


@pytest.mark.parametrize(
    "token",
    ["good\r\nX-Own: mine", "good\nX-Own: mine", "good mine", "good\x00mine", "goodé", "x" * 20_000],
    ids=["line end", "line feed", "blank", "NUL", "not ASCII", "too long"],
)
def test_a_token_brings_no_header_of_its_own(uri, token):
    with Identity(token) as peer:
        it = Daemon(uri)
        it.environment |= peer.environment()
        process = it.start("sync")
        line = next((line for line in process.stderr if "bearer token" in line), "")
        process.kill()
        process.communicate()
        assert "good" not in line and "mine" not in line and "JIBBLE_IDENTITY_URL" in line
        assert {request.path for request in peer.requests} == {"/connect/token"}


def send(uri, peer, **environment):
    it = Daemon(uri)
    name = type(peer).__name__.lower()
    it.environment |= {
        "MAIL_PROVIDER": name,
        "MAIL_FROM": "hours@example.com",
        f"{name.upper()}_API_KEY": KEY,
        f"{name.upper()}_API_URL": peer.url,
        "MAILGUN_DOMAIN": "mg.example.com",
        **environment,
    }
    return it("digest", "send", LOG_LEVEL="trace")


@pytest.mark.parametrize(
    "given, kept",
    [("x" * 100_000, "x" * 200), ("a\x1b[31m\u202e\nb", "a [31m b"), (KEY, "***"), ("a\x00b", "a\ufffdb")],
    ids=["too long", "controls", "the key", "NUL"],
)
def test_the_id_that_a_provider_gives_is_bounded_and_plain(uri, db, given, kept):
    with Resend(KEY, requests_per_second=1000) as peer:
        peer.next(Status(200, {"id": given}))
        done = send(uri, peer)
    assert done.returncode == 0, done.stderr
    assert db.execute("SELECT state, provider_message_id FROM timesheet.digests").fetchall() == [("sent", kept)]


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000 + "]" * 100_000, '{"id":' + "[" * 100_000, "x" * MIB, '{"id":"%s"}' % ("x" * MIB)],
    ids=["deep", "deep and cut", "no JSON", "large"],
)
def test_a_providers_hostile_answer_leaves_the_mail_to_another_attempt(uri, db, body):
    with Resend(KEY, requests_per_second=1000) as peer:
        peer.next(Status(200, body))
        done = send(uri, peer)
        assert (
            done.returncode == 0 and len({request.key for request in peer.requests}) == 1 and len(peer.requests) == 2
        ), done.stderr
    assert db.execute("SELECT state FROM timesheet.digests").fetchall() == [("sent",)]


def test_a_key_is_hidden_however_it_is_written(uri, db):
    """Mailgun gets it as base64 of api:KEY; a service that echoes what it was sent must not bring it into log or
    database."""
    echo = base64.b64encode(f"api:{KEY}".encode()).decode()
    with Mailgun(KEY, "mg.example.com") as peer:
        peer.next(Status(400, {"message": f"Basic {echo} is wrong, {KEY} too"}))
        done = send(uri, peer)
    (error,) = db.execute("SELECT error FROM timesheet.digests").fetchone()
    for text in (done.stderr, done.stdout, error):
        assert (
            echo.rstrip("=") not in text
            and KEY not in text
            and base64.b64encode(KEY.encode()).decode()[:-4] not in text
        )
    assert "Basic *** is wrong, *** too" in error


NAME = "Ann\u202e\u2028\u009b31m\x1b]0;x\x07\r\nBcc: eve\u200b\U000E0041 Lee"
HIDDEN = ["\u202e", "\u2028", "\u009b", "\x1b", "\x07", "\r", "\u200b", "\U000E0041"]


def test_names_lose_what_is_not_seen_in_digests_and_previews(uri, db):
    stage = Stage(uri)
    stage.client_group(1, NAME)
    stage.agent(1, 1, NAME)
    try:
        with Resend(KEY, requests_per_second=1000) as peer:
            assert send(uri, peer).returncode == 0
            (sent,) = peer.mails
        it = Daemon(uri)
        shown = [
            it.must("digest", "preview", "--contact", "ann@example.com", "--format", form).stdout
            for form in ("text", "html", "json")
        ]
        for text in [sent.subject, sent.html, sent.text, *shown]:
            assert "Bcc: eve" in text and not [hex(ord(c)) for c in HIDDEN if c in text]
        assert "\n" not in sent.subject
    finally:
        stage.client_group(1)
        stage.agent(1, 1)
        stage.close()


@pytest.mark.parametrize("format", ["text", "json"])
def test_names_lose_what_is_not_seen_in_the_log(uri, format):
    with Airtable(TOKEN, "appBase", "Clients", requests_per_second=1000) as airtable:
        airtable.records = [
            ("rec1", {"Email": NAME, "Jibble Group ID": guid("group", 1)}),
            ("rec2", {"Email": "ann@example.com", "Jibble Group ID": guid("group", 1)}),
        ]
        it = Daemon(uri)
        it.environment |= {
            "AIRTABLE_TOKEN": TOKEN,
            "AIRTABLE_BASE_ID": "appBase",
            "AIRTABLE_API_URL": airtable.url,
            "LOG_FORMAT": format,
        }
        log = it.must("contacts").stderr
    (line,) = [line for line in log.splitlines() if "bcc: eve" in line]
    message = json.loads(line)["message"] if format == "json" else line
    assert "ann 31m ]0;x bcc: eve lee" in message and not [hex(ord(c)) for c in HIDDEN if c in log]
