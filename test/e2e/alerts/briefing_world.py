"""What the tests of the briefing stand on: an office in which it is a little after noon, so that it has been due since
08:00; two clients, and entries by the office's clock."""

import datetime

import pytest

from alert_world import ANN, World, subject_of
from conftest import create_database, drop_databases, uri_of
from stage import UTC, Stage, guid

NOW = datetime.datetime.now(UTC)
ZONE = f"Etc/GMT{NOW.hour - 12:+d}"  # the signs of POSIX
AHEAD = datetime.timedelta(hours=12 - NOW.hour)  # of UTC
TODAY = (NOW + AHEAD).date()
BLUEFIN, NORTHWIND = 1, 2
CLIENTS = {BLUEFIN: "Bluefin & Daughters", NORTHWIND: "Northwind Traders"}
MARIA, TOM, BEA = 1, 2, 3
AGENTS = {MARIA: ("Maria Santos", BLUEFIN), TOM: ("Tom Cruz", NORTHWIND), BEA: ("Bea Quiambao", BLUEFIN)}


def person(n, name, group, **more):
    return {
        "id": guid("agent", n),
        "fullName": name,
        "status": "Joined",
        "groupId": guid("group", group),
        "ICultureSettings/TimeZone": ZONE,
        **more,
    }


class Office(World):
    """Nothing has been briefed yet."""

    def __init__(self, uri, provider=None, webhook=None):
        super().__init__(uri, provider, webhook)
        self.db.execute("TRUNCATE timesheet.briefings")
        self.db.execute("UPDATE timesheet.settings SET default_time_zone = %s", (ZONE,))
        self.fed = 0

    def entry(self, agent, days_ago, clock, kind="In", **more):
        """One entry of an agent, by the office's clock."""
        day = TODAY - datetime.timedelta(days=days_ago)
        at = datetime.datetime.combine(day, datetime.time.fromisoformat(clock), UTC) - AHEAD
        self.fed += 1
        self.feed(
            "TimeEntries",
            {
                "id": guid("entry", self.fed),
                "personId": guid("agent", agent),
                "type": kind,
                "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "belongsToDate": str(day),
                "status": "Active",
                **more,
            },
        )

    def shift(self, agent, days_ago, begin="09:00", end="17:00"):
        self.entry(agent, days_ago, begin)
        self.entry(agent, days_ago, end, "Out")

    def a_night_passes(self, nights=1):
        """What was briefed today was briefed on a day before."""
        self.db.execute(
            "UPDATE timesheet.briefings SET day = day - %s::int, made_at = made_at - %s * interval '24 hours'",
            (nights, nights),
        )

    def briefings(self, to=ANN):
        return [
            mail
            for mail in self.provider.peer.mails
            if mail.to == [to] and not subject_of(mail).startswith(("Problem", "Over"))
        ]

    def recorded(self):
        """(whether it is of today, whether it was empty) of each briefing."""
        return self.db.execute("SELECT day = %s, is_empty FROM timesheet.briefings ORDER BY day", (TODAY,)).fetchall()


@pytest.fixture(scope="module")
def original(migrated_database):
    uri = migrated_database()
    stage = Stage(uri)
    for n, name in CLIENTS.items():
        stage.client_group(n, name)
    stage.feed("People", *(person(n, name, group) for n, (name, group) in AGENTS.items()))
    stage.close()
    return uri


@pytest.fixture
def office(original, provider):  # noqa: F811
    """A copy for each test, as entries are not easily taken back."""
    name = create_database(original.rsplit("/", 1)[1])
    it = Office(uri_of(name), provider)
    yield it
    it.close()
    drop_databases([name])
