"""What digest tests stand on: entries of weeks that are over, fed as timesheetd feeds them,
and words to read a mail."""

import datetime
import html.parser
import json
import uuid

import psycopg
import pytest

from conftest import Daemon

UTC = datetime.timezone.utc


def guid(kind, n):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {n}"))


def last_monday():
    """The Monday of the last week that is over, in UTC."""
    today = datetime.datetime.now(UTC).date()
    return today - datetime.timedelta(days=today.weekday() + 7)


class Stage:
    """A database with client groups, agents and entries of ours. Weeks are due as soon as they are over, in UTC."""

    def __init__(self, uri):
        self.uri = uri
        self.db = psycopg.connect(uri, autocommit=True)
        self.db.execute("UPDATE timesheet.settings SET digest_grace = '0', digest_time = '00:00'")
        self.week = last_monday()

    def close(self):
        self.db.close()

    def feed(self, resource, *objects):
        """Stores and derives, as a sync of all there is, up to the present."""
        (run,) = self.db.execute("SELECT timesheet.begin_run('sync', current_date - 120, current_date + 1)").fetchone()
        self.db.execute(
            "SELECT timesheet.store_page(%s, %s, %s, %s)",
            (run, resource, [o["id"] for o in objects], [json.dumps(o) for o in objects]),
        )
        self.db.execute("SELECT timesheet.finish_run(%s)", (run,))

    def client_group(self, n, name=None):
        self.feed("Groups", {"id": guid("group", n), "name": name or f"Client {n}", "status": "Active"})

    def agent(self, n, group, name=None):
        self.feed(
            "People",
            {
                "id": guid("agent", n),
                "fullName": name or f"Agent {n}",
                "status": "Joined",
                "groupId": guid("group", group),
                "ICultureSettings/TimeZone": "UTC",
            },
        )

    def event(self, n, agent, day, clock, kind, **more):
        """One event; day counts from the Monday of the last week that is over."""
        on = self.week + datetime.timedelta(days=day)
        return {
            "id": guid("event", n),
            "personId": guid("agent", agent),
            "type": kind,
            "time": f"{on}T{clock}:00Z",
            "belongsToDate": str(on),
            "status": "Active",
            **more,
        }

    def shift(self, n, agent, day, begin, end, **more):
        self.feed(
            "TimeEntries",
            self.event(2 * n, agent, day, begin, "In", **more),
            self.event(2 * n + 1, agent, day, end, "Out"),
        )

    def contact(self, email, *groups, more=()):
        """Makes this, and `more` (email, groups…), the contacts that there are."""
        records = [
            {"id": f"rec{n}", "fields": {"Email": to, "Jibble Group ID": ",".join(guid("group", g) for g in of)}}
            for n, (to, *of) in enumerate([(email, *groups), *more])
        ]
        self.db.execute("SELECT timesheet.store_contacts(%s, 'Email', 'Jibble Group ID', true)", (json.dumps(records),))

    def deliveries(self):
        """(email, revision, state) in order."""
        return self.db.execute("SELECT email, revision, state FROM timesheet.digests ORDER BY delivery_id").fetchall()


def feed_one_shift(uri):
    """A shift of agent 1, client group 1, from 09:00 to 17:30 into a database that is empty yet, its reports stored."""
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.db.execute("SELECT timesheet.refresh()")
    stage.close()


@pytest.fixture
def stage(migrated_database):
    """One client group, its agent Maria Santos, and a contact; no hours yet."""
    uri = migrated_database()
    it = Stage(uri)
    it.client_group(1)
    it.agent(1, 1, "Maria Santos")
    it.contact("ann@example.com", 1)
    yield it
    it.close()


@pytest.fixture
def daemon(stage):
    return Daemon(stage.uri)


class _Reader(html.parser.HTMLParser):
    void = {"meta", "br", "img", "hr", "link", "input"}

    def __init__(self):
        super().__init__()
        self.open, self.found, self.tags = [], [], set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.tags.update(name for name, _ in attributes if name.startswith("on"))
        if tag not in self.void:
            node = (dict(attributes).get("class"), [])
            self.open.append(node)
            if node[0]:
                self.found.append(node)

    def handle_endtag(self, tag):
        if tag not in self.void:
            self.open.pop()

    def handle_data(self, data):
        for _, texts in self.open:
            texts.append(data)


def read_html(text):
    """[(class, text)] in the order of the mail, and every tag and event attribute that stands in it."""
    reader = _Reader()
    reader.feed(text)
    assert reader.open == [], "a tag is left open"
    return [(name, " ".join("".join(texts).split())) for name, texts in reader.found], reader.tags


def texts(found, name):
    return [text for kind, text in found if kind == name]


class Preview:
    """A digest in its three forms."""

    def __init__(self, daemon, contact, *options):
        self.html, self.text, document = (
            daemon.must("digest", "preview", "--contact", contact, "--format", form, *options).stdout
            for form in ("html", "text", "json")
        )
        self.json = json.loads(document)
        self.found, self.tags = read_html(self.html)

    def texts(self, name):
        return texts(self.found, name)


def shown_week(stage, daemon, days=0):
    return Preview(daemon, "ann@example.com", "--week", str(stage.week + datetime.timedelta(days=days)))


def sent(stage, day=0):
    """Queues the week that holds the day and takes it as sent; what it said."""
    stage.db.execute("SELECT timesheet.queue_digests(%s)", (stage.week + datetime.timedelta(days=day),))
    stage.db.execute("UPDATE timesheet.digest_deliveries SET state = 'sent' WHERE state = 'queued'")
    return stage.db.execute(
        "SELECT content FROM timesheet.digest_deliveries ORDER BY delivery_id DESC LIMIT 1"
    ).fetchone()[0]
