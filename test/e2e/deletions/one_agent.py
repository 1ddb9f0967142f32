"""One agent's Wednesday at a fake Jibble, and what the database says of it."""

import itertools

import pytest

from conftest import ENGINES, Daemon, FakeJibble, create_database, drop_databases, uri_of

WINDOW = ("--since", "2026-11-17", "--until", "2026-11-19")
PERSON = "00000000-0000-4000-8000-0000000000a1"
GROUPS = ["00000000-0000-4000-8000-0000000000b1", "00000000-0000-4000-8000-0000000000b2"]
H = 3600
NOTHING = '{"@odata.count": 0, "value": []}'
LIVE = "SELECT count(*) FROM timesheet.time_entries WHERE deleted_at IS NULL"
ACTIVITY = "00000000-0000-4000-8000-0000000000c1"


def entry_id(n):
    return f"00000000-0000-4000-8000-0000000000{n:02x}"


def event(n, clock, kind, date="2026-11-18", **more):
    """At a time in Manila, eight hours east."""
    hour, minute = (int(part) for part in clock.split(":"))
    return {
        "id": entry_id(n),
        "personId": PERSON,
        "type": kind,
        "time": f"{date}T{hour - 8:02}:{minute:02}:00Z",
        "belongsToDate": date,
        "clientType": "Web",
        "status": "Active",
        "activityId": None,
    } | more


def add_agent(jibble):
    """In 09:00, Out 17:00, in the first group; beside everybody else."""
    for n, group in enumerate(GROUPS):
        jibble.admin("PUT", "objects/Groups", {"id": group, "name": f"Group {n}", "status": "Active"})
    jibble.admin(
        "PUT",
        "objects/People",
        {
            "id": PERSON,
            "fullName": "Test Person",
            "groupId": GROUPS[0],
            "status": "Joined",
            "ICultureSettings/TimeZone": "Asia/Manila",
            "updatedAt": "2026-11-01T00:00:00Z",
        },
    )
    for one in (event(1, "09:00", "In"), event(2, "17:00", "Out")):
        jibble.admin("PUT", "objects/TimeEntries", one)


@pytest.fixture(scope="session")
def agent_template(migrated_template, tmp_path_factory):
    """A database into which the agent was read: the same for each test, so it is read once and copied."""
    fake = FakeJibble(tmp_path_factory.mktemp("agent") / "truth.json", "--weeks", "2")
    name = create_database(migrated_template)
    try:
        add_agent(fake)
        Daemon(uri_of(name), fake).must("sync", *WINDOW)
    finally:
        fake.stop()
    yield name
    drop_databases([name])


@pytest.fixture
def daemon(request, migrated_template, jibble):
    """timesheetd before a fake of two weeks and a migrated database, which has the agent if the test takes it."""
    template = request.getfixturevalue("agent_template") if "agent" in request.fixturenames else migrated_template
    name = create_database(template)
    yield Daemon(uri_of(name), jibble)
    drop_databases([name])


@pytest.fixture
def agent(daemon, jibble):
    """Who add_agent() is; the database has already read it."""
    add_agent(jibble)
    return PERSON


def hours(db, day="2026-11-18"):
    """(work, break) of the agent by both engines, which must agree; None if there is no row."""
    found = set()
    for engine in ENGINES:
        db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        found.add(
            db.execute(
                "SELECT sum(h.work_seconds)::int, sum(h.break_seconds)::int FROM timesheet.agents AS a"
                " CROSS JOIN LATERAL timesheet.daily_hours(%s::date, %s::date + 1, a.agent_id, 'infinity') AS h"
                " WHERE a.jibble_id = %s",
                (day, day, PERSON),
            ).fetchone()
        )
    assert len(found) == 1
    return found.pop()


def versions(db, n):
    """The kept versions of an entry: its status, or None for a tombstone."""
    return [
        status
        for status, in db.execute(
            "SELECT payload ->> 'status' FROM timesheet.raw_events WHERE jibble_id = %s ORDER BY raw_event_id",
            (entry_id(n),),
        )
    ]


def fault(jibble, contains, skip=0, **more):
    jibble.admin(
        "POST",
        "faults",
        {"path_contains": contains, "skip": skip, "times": 9999, "action": "body", "body": NOTHING} | more,
    )


def last_run(db):
    return db.execute(
        "SELECT status, coalesce(error, '') FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
    ).fetchone()


def alerts(db):
    return db.execute("SELECT kind, subject, resolved_at IS NULL FROM timesheet.alerts ORDER BY alert_id").fetchall()


def status(db, table, jibble_id):
    return db.execute(f"SELECT status FROM timesheet.{table} WHERE jibble_id = %s", (jibble_id,)).fetchone()[0]


def raw(db, resource, jibble_id):
    """The statuses as they changed. Time tracking does not list the person,
    so one answer more says which zones they have."""
    statuses = db.execute(
        "SELECT payload ->> 'status' FROM timesheet.raw_events WHERE resource = %s AND jibble_id = %s "
        "ORDER BY raw_event_id",
        (resource, jibble_id),
    )
    return [status for (status,), _ in itertools.groupby(statuses)]


def held(db):
    return db.execute("SELECT deletions_held FROM timesheet.feed_health").fetchone()[0]


def reasons(db):
    return {reason for reason, in db.execute("SELECT reason FROM timesheet.held_deletions")}


def erase(jibble, person=PERSON):
    jibble.admin("POST", f"people/{person}/erase")


def asked(jibble, resource="TimeEntries"):
    """The ids asked for one by one, in their order."""
    return [r["query"].split("id eq ")[1][:36] for r in jibble.requests(resource) if "id eq" in r["query"]]
