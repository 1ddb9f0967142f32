"""Two contacts whose clients share agents and days, and the words to open the portal as one of them.

Ann has Bluefin and Bluefin Labs, Bob has Northwind; Una has Bluefin and has unsubscribed. Two agents of Ann's have one
name, and a third of that name is Bob's alone. Tom works for both: on Wednesday, his hours until noon are Ann's and the
others Bob's, and on Friday he is Bob's for good.
"""

import base64
import copy
import datetime
import hashlib
import os

import psycopg
import pytest

from conftest import create_database, drop_databases, uri_of
from stage import Stage, guid

BLUEFIN, NORTHWIND, LABS = 1, 2, 3
MARIA, NAMESAKE, BOBS_MARIA, TOM, BEA = 1, 2, 3, 4, 5
ANN, BOB, UNA = "ann@bluefin.example", "bob@northwind.example", "una@bluefin.example"
GROUPS = {BLUEFIN: "Bluefin", NORTHWIND: "Northwind Traders", LABS: "Bluefin Labs"}
AGENTS = {
    MARIA: ("Maria Santos", "maria.one@agency.example", BLUEFIN),
    NAMESAKE: ("Maria Santos", "maria.two@agency.example", BLUEFIN),
    BOBS_MARIA: ("Maria Santos", "maria.three@agency.example", NORTHWIND),
    TOM: ("Tom Cruz", "tom@agency.example", BLUEFIN),
    BEA: ("Bea Quiambao", "bea@agency.example", NORTHWIND),
}
ACTIVITIES = {1: "Support", 2: "Invoices", 3: "Secret merger"}

# (agent, day of the last week, from, until, activity): the end is the beginning of the next one, or a clock-out.
SHIFTS = [
    (MARIA, 0, "09:00:00", "13:00:10", 1),
    (MARIA, 0, "13:00:10", "17:10:33", 2),
    (MARIA, 1, "09:00:00", "17:07:41", 1),
    (NAMESAKE, 0, "08:00:00", "12:33:20", 1),
    (NAMESAKE, 2, "08:00:00", "12:20:50", None),
    (TOM, 0, "09:00:00", "16:01:01", 2),
    (TOM, 2, "08:00:00", "11:11:11", 1),  # Ann's
    (TOM, 2, "12:30:00", "15:47:53", 3),  # Bob's, on the same day
    (TOM, 4, "09:41:00", "15:24:29", 3),  # Bob's
    (BOBS_MARIA, 0, "09:00:00", "18:19:37", 3),
    (BOBS_MARIA, 2, "09:00:00", "18:23:01", 1),
    (BEA, 0, "07:00:00", "13:57:43", 3),
]
# What can only come from Bob's: names, ids, and seconds of his sessions, days and weeks, with their hours.
BOBS_SHIFTS = [s for s in SHIFTS if s[0] in (BOBS_MARIA, BEA) or s in SHIFTS[7:9]]


def seconds(shift):
    _, _, begin, end, _ = shift
    clocks = [
        datetime.timedelta(**dict(zip(("hours", "minutes", "seconds"), map(int, c.split(":"))))) for c in (begin, end)
    ]
    return int((clocks[1] - clocks[0]).total_seconds())


def new_token():
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def digest_of(token):
    return hashlib.sha256(token.encode()).digest()


class World:
    """A database with all of that, refreshed, and no link yet."""

    def __init__(self, uri, login):
        self.stage = Stage(uri)
        self.uri, self.db, self.week = uri, self.stage.db, self.stage.week
        self.db.execute("SET timezone = 'UTC'")
        _, self.portal_uri = login(uri, "timesheet_portal")
        _, self.ingest_uri = login(uri, "timesheet_ingest")
        for n, name in GROUPS.items():
            self.stage.client_group(n, name)
        self.stage.feed("Activities", *({"id": guid("activity", n), "name": name} for n, name in ACTIVITIES.items()))
        self.stage.feed(
            "People",
            *(
                {
                    "id": guid("agent", n),
                    "fullName": name,
                    "email": email,
                    "phoneNumber": "+63 917 555 0100",
                    "status": "Joined",
                    "groupId": guid("group", group),
                    "ICultureSettings/TimeZone": "Asia/Manila" if n == NAMESAKE else "UTC",
                }
                for n, (name, email, group) in AGENTS.items()
            ),
        )
        self.ids = {
            kind: {
                n: self.db.execute(
                    f"SELECT {column} FROM timesheet.{table} WHERE jibble_id = %s", (guid(word, n),)
                ).fetchone()[0]
                for n in of
            }
            for kind, table, column, word, of in (
                ("group", "client_groups", "client_group_id", "group", GROUPS),
                ("agent", "agents", "agent_id", "agent", AGENTS),
                ("activity", "activities", "activity_id", "activity", ACTIVITIES),
            )
        }
        self.db.execute("UPDATE timesheet.client_groups SET time_zone = 'America/Chicago' WHERE name LIKE 'Bluefin%'")
        for day, clock, group in ((2, "12:00", NORTHWIND), (3, "00:00", BLUEFIN), (4, "00:00", NORTHWIND)):
            self.db.execute(
                "SELECT timesheet.assign_client_group(%s, %s, %s::timestamptz)",
                (self.ids["agent"][TOM], self.ids["group"][group], f"{self.day(day)} {clock}+00"),
            )
        self.feed(SHIFTS)
        self.stage.contact(ANN, BLUEFIN, LABS, more=((BOB, NORTHWIND), (UNA, BLUEFIN)))
        self.db.execute("UPDATE timesheet.contacts SET unsubscribed_at = now() WHERE email = %s", (UNA,))
        self.db.execute("SELECT timesheet.refresh()")

    def at(self, uri):
        """The same in a copy of its database."""
        it = copy.copy(self)
        it.stage = copy.copy(self.stage)
        it.uri = it.stage.uri = uri
        it.db = it.stage.db = psycopg.connect(uri, autocommit=True)
        it.db.execute("SET timezone = 'UTC'")
        it.portal_uri, it.ingest_uri = (
            its.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1] for its in (self.portal_uri, self.ingest_uri)
        )
        return it

    def close(self):
        self.db.close()

    def day(self, n):
        return self.week + datetime.timedelta(days=n)

    def feed(self, shifts, first=1):
        """Entries for these: a clock-out where no session of the agent's begins as one ends."""
        begins = {(agent, day, begin) for agent, day, begin, _, _ in shifts}
        entries = []
        for n, (agent, day, begin, end, activity) in enumerate(shifts, first):
            entries.append(self.event(2 * n, agent, day, begin, "In", activity))
            if (agent, day, end) not in begins:
                entries.append(self.event(2 * n + 1, agent, day, end, "Out", None))
        self.stage.feed("TimeEntries", *entries)

    def event(self, n, agent, day, clock, kind, activity):
        its = self.stage.event(
            n, agent, day, "00:00", kind, note="typed in Jibble", activityId=activity and guid("activity", activity)
        )
        # Midnight by the agent's own clock does not matter here: no session crosses it.
        return {**its, "time": f"{self.day(day)}T{clock}Z"}

    def contact_id(self, email):
        return self.db.execute("SELECT timesheet.contact_id(%s)", (email,)).fetchone()[0]

    def send(self, delivery, token, html="<p>no link</p>", body="no link", outcome="sent"):
        """As timesheetd does: an attempt that names the hash of the link's token, and its end."""
        with psycopg.connect(self.ingest_uri, autocommit=True) as db:
            (begun,) = db.execute(
                "SELECT timesheet.begin_attempt(%s, 'resend', %s, %s, %s)",
                (delivery, html, body, token and digest_of(token)),
            ).fetchone()
            if begun:
                db.execute("SELECT timesheet.end_attempt(%s, %s, 'id', NULL)", (delivery, outcome))
        return begun

    def digest(self, email, week=None, html=None):
        """Sends the digest of a week, for anybody once more; its number and the token of its link."""
        week = week or self.week
        (delivery,) = self.db.execute(
            "SELECT timesheet.snapshot_digest(%s, timesheet.contact_week(%s, %s))",
            (self.contact_id(email), self.contact_id(email), week),
        ).fetchone()
        key, unsubscribe = self.db.execute(
            "SELECT d.idempotency_key, c.unsubscribe_token FROM timesheet.digest_deliveries AS d "
            "JOIN timesheet.contacts AS c USING (contact_id) WHERE d.delivery_id = %s",
            (delivery,),
        ).fetchone()
        token = new_token()
        html = html or (
            "<p>8.00 h of Maria Santos (maria.one@agency.example)</p>"
            '<a class="portal-link" href="https://hours.example/portal?token=token-of-{key}">See your hours</a>'
            '<a class="unsubscribe-link" href="https://hours.example/unsubscribe?token={unsubscribe}">Unsubscribe</a>'
        )
        html = html.format(key=key, unsubscribe=unsubscribe)
        self.db.execute(
            "UPDATE timesheet.contacts SET unsubscribed_at = NULL WHERE email = %s AND email <> %s", (email, UNA)
        )
        assert self.send(delivery, token, html, html)
        return delivery, token

    def link(self, email):
        """The token of a link to the portal of this contact, also of one that has unsubscribed."""
        (delivery,) = self.db.execute(
            "INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, contact_id, agent_ids) "
            "SELECT 'portal_link', email, 'Your link', timesheet.portal_link_content(contact_id), contact_id, '{}' "
            "FROM timesheet.contacts WHERE email = %s RETURNING delivery_id",
            (email,),
        ).fetchone()
        token = new_token()
        assert self.send(delivery, token)
        return token

    def asks(self):
        """A session in the role of the portal."""
        return psycopg.connect(self.portal_uri, autocommit=True)


# Each function of the portal that returns rows, with an argument for the token.
READS = {
    "portal_session": "SELECT * FROM timesheet.portal_session(%(token)s)",
    "portal_weekly": "SELECT * FROM timesheet.portal_weekly(%(token)s, %(since)s, %(until)s)",
    "portal_daily": "SELECT * FROM timesheet.portal_daily(%(token)s, %(since)s, %(until)s)",
    "portal_attendance": "SELECT * FROM timesheet.portal_attendance(%(token)s, %(since)s, %(until)s)",
    "portal_notes": "SELECT * FROM timesheet.portal_notes(%(token)s, %(since)s, %(until)s)",
    "portal_digests": "SELECT * FROM timesheet.portal_digests(%(token)s)",
}


def read(db, name, token, since=None, until=None):
    """The rows of a function of the portal, as dictionaries."""
    cursor = db.execute(READS[name], {"token": token, "since": since, "until": until})
    columns = [c.name for c in cursor.description]
    return [dict(zip(columns, row)) for row in cursor.fetchall()]


def answers(db, token):
    return {name: read(db, name, token) for name in READS}


@pytest.fixture(scope="module")
def original(migrated_database, login):  # noqa: F811
    it = World(migrated_database(), login)
    it.close()
    return it


@pytest.fixture
def world(original):
    """A copy for each test, as making it takes longer."""
    name = create_database(original.uri.rsplit("/", 1)[1])
    it = original.at(uri_of(name))
    yield it
    it.close()
    drop_databases([name])
