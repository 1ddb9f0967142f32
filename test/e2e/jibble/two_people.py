"""A hand-written Jibble of two people, small enough to work out by hand, and a daemon that reads it."""

import random
import re

import psycopg
import pytest

from conftest import ENGINES, Daemon
from peer_server import Peer, Status


LISTS = ("Organizations", "Groups", "People", "Activities", "TimeEntries", "HourEntries")


def connect(daemon):
    return psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True)


# A hand-written Jibble, small enough to work out by hand.

ORG, GROUP, ANN, BEN, CALLS = (f"00000000-0000-4000-8000-0000000000{n}" for n in ("0a", "0b", "0c", "0d", "0e"))


class Jibble(Peer):
    """Lists of objects; a test changes them, and how they are shown."""

    def __init__(self):
        self.lists = {
            "Organizations": [{"id": ORG, "name": "Us", "ICultureSettings/TimeZone": "UTC"}],
            "Groups": [{"id": GROUP, "name": "Acme", "code": "A", "status": "Active"}],
            "People": [
                {
                    "id": one,
                    "fullName": name,
                    "email": f"{name}@example.com",
                    "status": "Joined",
                    "groupId": GROUP,
                    "updatedAt": "2026-01-01T00:00:00Z",
                }
                for one, name in ((ANN, "ann"), (BEN, "ben"))
            ],
            "TimeTrackingPeople": [
                {"id": one, "fullName": name, "timeZone": "Asia/Manila", "timeSheetTimeZone": None}
                for one, name in ((ANN, "ann"), (BEN, "ben"))
            ],
            "Activities": [{"id": CALLS, "name": "Calls", "code": "C", "status": "Active"}],
            "Schedules": [],
            "TimeEntries": [entry(1, ANN, "2026-11-17T01:00:00Z", "In"), entry(2, ANN, "2026-11-17T09:00:00Z", "Out")],
            "HourEntries": [],
        }
        self.without = {}  # members that a list's answers lack
        self.cap = 1000
        self.refuse = lambda name, query: None  # an answer instead
        self.ties = None  # a seed: rows of the same time come in another order for each page
        self.tells_count = True
        self.before_page = lambda name, skip: None
        super().__init__()

    def answer(self, request):
        if request.path == "/connect/token":
            return Status(200, {"access_token": "token", "expires_in": 3600})
        host, _, name = request.path.removeprefix("/").partition("/v1/")
        name = "TimeTrackingPeople" if (host, name) == ("tracking", "People") else name
        query = {key: values[0] for key, values in request.query.items()}
        if (instead := self.refuse(name, query)) is not None:
            return instead
        if "$skip" not in query:
            return Status(404)  # Jibble's own hours, which the service compares once a night
        skip, top = int(query["$skip"]), min(int(query["$top"]), self.cap)
        self.before_page(name, skip)
        rows = list(self.lists[name])
        if (
            since := re.search(r"(?:belongsToDate|date) ge (\S+) and \S+ le (\S+)", query.get("$filter", ""))
        ) is not None:
            rows = [row for row in rows if since[1] <= row.get("belongsToDate", row.get("date")) <= since[2]]
        elif "$filter" in query:
            rows = [row for row in rows if row["id"] == query["$filter"].removeprefix("id eq ")]
        order = query.get("$orderby", "").removesuffix(" asc")
        if self.ties is not None:
            random.Random(f"{self.ties} {skip} {top}").shuffle(rows)
        if order:
            rows.sort(key=lambda row: str(row.get(order)))
        lacking = self.without.get(name, ())
        page = {
            "value": [
                {key: value for key, value in row.items() if key not in lacking} for row in rows[skip : skip + top]
            ]
        }
        return Status(200, ({"@odata.count": len(rows)} if self.tells_count and "$count" in query else {}) | page)

    def asked(self, name):
        return [request for request in self.requests if request.path.endswith("/v1/" + name)]


def entry(n, person, time, kind, **more):
    return {
        "id": f"00000000-0000-4000-9000-{n:012x}",
        "personId": person,
        "type": kind,
        "time": time,
        "belongsToDate": time[:10],
        "activityId": CALLS,
        "clientType": "Web",
        "status": "Active",
        "createdAt": "2026-11-17T00:00:00Z",
    } | more


@pytest.fixture
def peer():
    with Jibble() as it:
        yield it


@pytest.fixture
def reader(migrated_database, peer):
    daemon = Daemon(migrated_database())
    daemon.environment |= {
        "JIBBLE_CLIENT_ID": "demo",
        "JIBBLE_CLIENT_SECRET": "demo-secret",
        "JIBBLE_REQUESTS_PER_SECOND": "1000",
        "JIBBLE_IDENTITY_URL": peer.url,
        "JIBBLE_WORKSPACE_URL": peer.url + "/workspace",
        "JIBBLE_TIME_TRACKING_URL": peer.url + "/tracking",
        "JIBBLE_TIME_ATTENDANCE_URL": peer.url + "/attendance",
    }
    return daemon


DAYS = ("--since", "2026-11-16", "--until", "2026-11-18")


def state(db):
    return [
        db.execute(query).fetchall()
        for query in (
            "SELECT jibble_id, full_name, email, status, time_zone, client_group_id FROM timesheet.agents ORDER BY 1",
            "SELECT name, code, status FROM timesheet.client_groups",
            "SELECT name, code, status FROM timesheet.activities",
            "SELECT agent_id, valid_from::text, client_group_id, time_zone FROM timesheet.agent_history ORDER BY 1, 2",
            "SELECT jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, raw_type, "
            "belongs_to_date, workday, workday_end, deleted_at"
            " FROM timesheet.time_entries ORDER BY 1",
        )
    ]


def work_seconds(db):
    found = set()
    for engine in ENGINES:
        db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        found.add(
            db.execute(
                "SELECT sum(work_seconds)::int FROM timesheet.daily_hours(NULL, NULL, NULL, 'infinity')"
            ).fetchone()[0]
        )
    assert len(found) == 1
    return found.pop()
