"""A client sees what its own sessions, breaks, hours and notes give, and nothing else, whenever its agents moved:
neither more nor less."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest

from conftest import ENGINES
from engine_rows import instant
from oracle import moved_agents as moved
from oracle.workday import iso
from logins import login  # noqa: F401 (a fixture)
from moved_clients import world  # noqa: F401 (fixtures)
from moved_clients import AGENTS, FUNCTIONS, ROLES, SEED, SUMS, WEEK_STARTS, day_row, expected_views


pytestmark = pytest.mark.every_server


def comparable(value):
    if isinstance(value, Decimal):
        return round(value * 3600, 6)  # hours, as the seconds they are made of
    return tuple(value) if isinstance(value, list) else str(value) if type(value).__name__ == "UUID" else value


def rows(db, query, parameters=()):
    cursor = db.execute(query, parameters)
    columns = [c.name for c in cursor.description]
    return [{c: comparable(v) for c, v in zip(columns, row)} for row in cursor]


def must_equal(found, wanted, what):
    """As bags, every column of them."""
    found, wanted = (
        Counter(tuple(sorted(row.items(), key=lambda c: c[0])) for row in some) for some in (found, wanted)
    )
    more, less = list((found - wanted).elements()), list((wanted - found).elements())
    assert (len(more), len(less)) == (
        0,
        0,
    ), f"{what}, seed {SEED}: {len(more)} more, such as {more[:1]}; {len(less)} less, such as {less[:1]}"


def moment(db):
    """The transaction's now(), by which views take what is running."""
    return db.execute("SELECT (extract(epoch FROM now()) * 1000000)::bigint").fetchone()[0]


def days_are(world, engine, state):
    """Which days the views take from what is stored and which they compute, and by which engine."""
    world.db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    world.db.execute("SELECT timesheet.refresh()")
    if state != "stored":
        world.db.execute("SELECT timesheet.mark_all_days()")
    if state == "partly stale":
        world.db.execute(
            "DELETE FROM timesheet.stale_days WHERE (agent_id + extract(day FROM workday))::int % 3 > 0"
            " AND NOT EXISTS (SELECT FROM timesheet.sessions(workday, workday + 1, agent_id) AS r "
            "WHERE r.end_reason = 'running')"
        )


def test_the_histories_are_what_this_is_about(world):
    """Sessions that another client's event ends, days shared between clients, days on which a client has an event and
    nothing else, running sessions."""
    now = moment(world.db)
    everyone = {None, *moved.GROUPS}
    kinds = Counter()
    for a in world.agents:
        of_time = {}
        for e in a.entries:
            if not e.deleted and e.raw_type != "Ping":
                of_time.setdefault(e.start_us, set()).add(e.client_group_id)
        for s in moved.sessions([a], everyone, now):
            kinds["ended by another client's"] += s.is_complete and s.client_group_id not in of_time.get(
                s.ended_at, {s.client_group_id}
            )
            kinds["running"] += s.end_reason == "running"
        for _, day in moved.days([a]):
            its = [e for e in a.entries if e.workday == day and not e.deleted and e.raw_type != "Ping"]
            kinds["shared day"] += len({e.client_group_id for e in its}) > 1
            for g in {e.client_group_id for e in its}:
                kinds["day of nothing but an out"] += moved.client_day(a, day, {g}, now) is None
    assert (
        min(kinds[k] for k in ("ended by another client's", "running", "shared day", "day of nothing but an out")) >= 2
    ), kinds


@pytest.mark.parametrize(
    ("engine", "state", "which"),
    [
        *((ENGINES[0], "stored", which) for which in ROLES),
        (ENGINES[0], "stale", "two"),
        (ENGINES[-1], "partly stale", "zoned"),
    ],
)
def test_every_view_shows_a_client_its_own(world, engine, state, which):
    """All columns of all rows, by view and by function, without bounds and with."""
    days_are(world, engine, state)
    rng = random.Random(f"{SEED} {which} {state}")
    with psycopg.connect(world.roles[which]) as db:
        db.execute("SET timezone = 'UTC'")
        db.commit()
        now = moment(db)
        today = date.fromisoformat(iso(now)[:10])
        since, until = today - timedelta(days=rng.randint(4, 6)), today - timedelta(days=rng.randint(1, 3))
        for bounds in ((None, None), (since, until), *([(since, None), (None, until)] if state == "stored" else [])):
            wanted = expected_views(world, ROLES[which], now, *bounds)
            for view, of_view in wanted.items():
                asked = ("", ()) if view == "client_groups" else ("%s, %s", bounds)
                if bounds != (None, None) or state == "stored":
                    must_equal(
                        rows(db, f"SELECT * FROM timesheet_client.{view}_rows({asked[0]})", asked[1]),
                        of_view,
                        f"{view}_rows {bounds}",
                    )
                if bounds == (None, None):
                    must_equal(rows(db, f"SELECT * FROM timesheet_client.{view}"), of_view, view)
                    assert (of_view != []) == (which != "none"), view


@pytest.mark.parametrize("which", ROLES)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_function_gives_a_client_its_own(world, engine, which):
    """Of all days and of some, of everybody and of each agent by name, now, before and after."""
    rng, groups, ids = random.Random(f"{SEED} {which}"), ROLES[which], world.ids
    world.db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    now = moment(world.db)
    today = date.fromisoformat(iso(now)[:10])
    since, until = today - timedelta(days=rng.randint(4, 6)), today - timedelta(days=rng.randint(1, 3))
    questions = [
        (None, None, None, now + 10**6),
        (None, None, None, now - rng.randrange(8 * 24) * moved.HOUR),
        (None, None, None, now + 400 * 24 * moved.HOUR),
        (since, until, None, now),
    ]
    questions += [(None, until, a, now) for a in range(1, AGENTS + 1, 4)]
    with psycopg.connect(world.roles[which], autocommit=True) as db:
        db.execute("SET timezone = 'UTC'")
        for since, until, agent, as_of in questions:
            agents = [a for a in world.agents if agent in (None, a.number)]

            def hours(h, period):
                return {
                    period: getattr(h, period),
                    "agent_id": ids["agent"][h.agent_id],
                    "client_group_id": ids["group"][h.client_group_id],
                    "activity_id": h.activity_id and ids["activity"][h.activity_id],
                    **{s: getattr(h, s) for s in (*SUMS.split(), "session_count", "incomplete_count")},
                }

            wanted = {
                "sessions": [
                    {
                        "agent_id": ids["agent"][s.agent_id],
                        "client_group_id": ids["group"][s.client_group_id],
                        "activity_id": s.activity_id and ids["activity"][s.activity_id],
                        "workday": s.workday,
                        "kind": s.kind,
                        "started_at": instant(s.started_at),
                        "ended_at": instant(s.ended_at),
                        "seconds": s.seconds,
                        "end_reason": s.end_reason,
                        "is_complete": s.is_complete,
                        "jibble_activity_id": str(s.jibble_activity_id),
                    }
                    for s in moved.sessions(agents, groups, as_of, since, until)
                ],
                "daily_hours": [hours(h, "workday") for h in moved.daily_hours(agents, groups, as_of, since, until)],
                "weekly_hours": [
                    hours(h, "week_start") for h in moved.weekly_hours(agents, groups, as_of, since, until, WEEK_STARTS)
                ],
                "notes": [
                    {
                        "workday": n.workday,
                        "agent_id": ids["agent"][n.agent_id],
                        "client_group_id": ids["group"][n.client_group_id],
                        "code": n.code,
                        "at": instant(n.at),
                        "detail": detail,
                        "jibble_activity_id": str(n.jibble_activity_id),
                    }
                    for n, detail in moved.notes(agents, groups, as_of, since, until)
                ],
            }
            for function in FUNCTIONS:
                must_equal(
                    rows(
                        db,
                        f"SELECT * FROM timesheet_client.{function}(%s, %s, %s, %s)",
                        (since, until, agent and ids["agent"][agent], instant(as_of)),
                    ),
                    wanted[function],
                    f"{function} {since} {until} {agent} {iso(as_of)}",
                )


@pytest.mark.parametrize(("engine", "state"), [(ENGINES[0], "stored"), (ENGINES[-1], "partly stale")])
def test_staff_see_whose_the_day_is_and_everybody_who_got_hours_of_it(world, engine, state):
    """timesheet_client.attendance (R9): a row a day, the group and the zone of its last session,
    the names of all that got hours."""
    days_are(world, engine, state)
    with psycopg.connect(world.uri) as db:
        db.execute("SET timezone = 'UTC'")
        now = moment(db)
        wanted = [day_row(world, d) for a, day in moved.days(world.agents) for d in [moved.staff_day(a, day, now)] if d]
        assert any(len(row["client_groups"]) > 1 for row in wanted)
        must_equal(rows(db, "SELECT * FROM timesheet.attendance"), wanted, "attendance")
