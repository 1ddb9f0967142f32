"""A client sees what its own sessions, breaks, hours and notes give, and nothing else, whenever its agents moved:
neither more nor less."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest

from conftest import ENGINES, Daemon
from stage import Stage, guid
from engine_rows import instant
from logins import login  # noqa: F401 (a fixture)
from oracle import moved_agents as moved
from oracle.workday import ONE_DAY, iso, to_local, week_start

pytestmark = pytest.mark.every_server

SEED = 20261201
AGENTS = 14
ROLES = {"one": {1}, "zoned": {2}, "two": {3, 4}, "none": set()}
REPORTING_ZONES = {1: "Europe/Paris", 2: "Asia/Tokyo", 3: None, 4: "America/Chicago"}
WEEK_STARTS = {1: None, 2: 7, 3: 3, 4: None}
FUNCTIONS = ("sessions", "daily_hours", "weekly_hours", "notes")
SUMS = "work_seconds unconfirmed_seconds break_seconds manual_seconds"


class World:
    """A random organisation, fed as Jibble's objects; versions of people and corrections move the agents."""

    def __init__(self, uri, login):  # noqa: F811
        self.uri = uri
        stage = Stage(uri)
        self.db, self.login = stage.db, login
        self.db.execute("SET timezone = 'UTC'")
        (now,) = self.db.execute("SELECT (extract(epoch FROM now()) * 1000000)::bigint").fetchone()
        self.agents = moved.organisation(SEED, AGENTS, now)
        for g, (zone, cutoff) in moved.GROUPS.items():
            stage.client_group(g)
            self.db.execute(
                "UPDATE timesheet.client_groups SET time_zone = %s, week_starts_on = %s WHERE jibble_id = %s",
                (REPORTING_ZONES[g], WEEK_STARTS[g], guid("group", g)),
            )
            if zone or cutoff:
                self.db.execute(
                    "SELECT timesheet.set_working_time('1990-01-01', for_client_group => g.client_group_id, "
                    "time_zone => %s, day_cutoff => %s)"
                    " FROM timesheet.client_groups AS g WHERE g.jibble_id = %s",
                    (zone, f"{cutoff // moved.HOUR:02}:00" if cutoff else None, guid("group", g)),
                )
        stage.feed("Activities", *({"id": guid("activity", v), "name": f"Activity {v}"} for v in moved.ACTIVITIES))
        shown = {a.number: [m for m in a.moves if not m.is_correction] for a in self.agents}
        for n in range(max(map(len, shown.values()))):
            stage.feed(
                "People",
                *(
                    {
                        "id": guid("agent", a.number),
                        "fullName": f"Agent {a.number}",
                        "status": "Joined",
                        "ICultureSettings/TimeZone": a.zone,
                        "groupId": shown[a.number][n].group and guid("group", shown[a.number][n].group),
                    }
                    for a in self.agents
                    if n < len(shown[a.number])
                ),
            )
            for a in self.agents:
                if n < len(shown[a.number]):
                    at = instant(max(shown[a.number][n].at, 0))
                    self.db.execute(
                        "UPDATE timesheet.raw_events SET fetched_at = %s "
                        "WHERE raw_event_id = (SELECT max(r.raw_event_id) FROM timesheet.raw_events AS r "
                        "WHERE r.jibble_id = %s)",
                        (at, guid("agent", a.number)),
                    )
        stage.feed(
            "TimeEntries",
            *(
                {
                    "id": str(e.jibble_activity_id),
                    "personId": guid("agent", a.number),
                    "type": e.raw_type,
                    "time": iso(e.start_us),
                    "clientType": e.client_type,
                    "belongsToDate": e.belongs_to_date and str(e.belongs_to_date),
                    "activityId": e.activity_id and guid("activity", e.activity_id),
                    "status": "Archived" if e.deleted else "Active",
                }
                for a in self.agents
                for e in a.entries
            ),
        )
        stage.feed(
            "HourEntries",
            *(
                {
                    "id": str(id),
                    "personId": guid("agent", a.number),
                    "date": str(h.date),
                    "duration": f"PT{h.seconds}S",
                    "activityId": h.activity_id and guid("activity", h.activity_id),
                    "status": "Archived" if h.deleted else "Active",
                }
                for a in self.agents
                for id, h in zip(a.hour_ids, a.hour_entries)
            ),
        )
        self.db.execute("SELECT timesheet.replay()")
        self.ids = {
            kind: dict(
                self.db.execute(
                    f"SELECT right({name}, -{len(kind) + 1})::int, {kind}_id FROM timesheet.{table} "
                    f"WHERE {name} LIKE '% %'"
                ).fetchall()
            )
            for kind, table, name in (("agent", "agents", "full_name"), ("activity", "activities", "name"))
        }
        self.ids["group"] = dict(
            self.db.execute("SELECT right(name, 1)::int, client_group_id FROM timesheet.client_groups").fetchall()
        )
        for a in self.agents:
            for m in a.moves:
                if m.is_correction:
                    self.db.execute(
                        "SELECT timesheet.assign_client_group(%s, %s, %s)",
                        (self.ids["agent"][a.number], self.ids["group"][m.group], instant(m.at)),
                    )
        self.roles = {}
        for which, groups in ROLES.items():
            name, its = login(uri, "timesheet_client")
            self.db.execute(
                "SELECT timesheet.set_client_access(%s, %s::int[])", (name, [self.ids["group"][g] for g in groups])
            )
            self.roles[which] = its

    def named(self, kind, n):
        """The columns by which a row names an agent, a group or an activity."""
        column = "client_group" if kind == "group" else kind
        words = {"agent": "Agent", "group": "Client", "activity": "Activity"}
        return {
            column: f"{words[kind]} {n}" if n else f"(no {column.replace('_', ' ')})",
            f"{column}_id": n and self.ids[kind][n],
            f"{column}_jibble_id": n and guid(kind, n),
        }


@pytest.fixture(scope="module")
def world(new_database, login):  # noqa: F811
    uri = new_database()
    Daemon(uri).must("migrate")
    it = World(uri, login)
    print("seed", SEED)
    yield it
    it.db.close()


def local(us, zone):
    return None if us is None else to_local(us, zone)


def at(us):
    return None if us is None else instant(us)


def bare(row, *without):
    return {k: v for k, v in row.items() if not k.endswith(without)}


def hours_row(world, h, period):
    names = {
        **world.named("group", h.client_group_id),
        **world.named("agent", h.agent_id),
        **world.named("activity", h.activity_id),
    }
    return {
        period: getattr(h, period),
        **{s: getattr(h, s) for s in SUMS.split()},
        "sessions": h.session_count,
        "incomplete_sessions": h.incomplete_count,
        "hours": h.work_seconds,
        "unconfirmed_hours": h.unconfirmed_seconds,
        "break_hours": h.break_seconds,
        "client_group_code": None,
        **names,
    }


def day_row(world, d):
    zone, client_zone = d.zone, REPORTING_ZONES.get(d.group) or "UTC"
    clocks = {"clock_in": d.clock_in, "clock_out": d.clock_out, "last_activity": d.last_activity}
    return {
        "workday": d.workday,
        "clock_in": at(d.clock_in),
        "clock_out": at(d.clock_out),
        "last_activity_at": at(d.last_activity),
        "time_zone": zone,
        **{f"{k}_local": local(us, zone) for k, us in clocks.items()},
        "client_group_time_zone": client_zone,
        **{f"{k}_client": local(us, client_zone) for k, us in clocks.items()},
        "work_hours": d.work_seconds,
        "break_hours": d.break_seconds,
        "work_seconds": d.work_seconds,
        "break_seconds": d.break_seconds,
        "notes": d.codes,
        "client_groups": tuple(sorted(f"Client {g}" if g else "(no client group)" for g in d.groups)),
        **world.named("group", d.group),
        **world.named("agent", d.agent),
    }


def expected_views(world, groups, as_of, since=None, until=None):
    """{view: rows}, each a dictionary of all columns."""
    agents, span = world.agents, (as_of, since, until)
    weeks = {g: w for g, w in WEEK_STARTS.items()}
    daily = [
        {**hours_row(world, h, "workday"), "week_start": week_start(h.workday, weeks.get(h.client_group_id) or 1)}
        for h in moved.daily_hours(agents, groups, *span)
    ]
    weekly = [hours_row(world, h, "week_start") for h in moved.weekly_hours(agents, groups, as_of, week_starts=weeks)]
    zones = {e.jibble_activity_id: e.time_zone for a in agents for e in a.entries}
    return {
        "daily_report": daily,
        "weekly_report": [
            w
            for w in weekly
            if (since is None or w["week_start"] >= since) and (until is None or w["week_start"] < until)
        ],
        "session_log": [
            {
                "started_at": instant(s.started_at),
                "ended_at": instant(s.ended_at),
                "seconds": s.seconds,
                "hours": s.seconds,
                "kind": s.kind,
                "end_reason": s.end_reason,
                "is_complete": s.is_complete,
                "workday": s.workday,
                "client_group_code": None,
                "jibble_activity_id": str(s.jibble_activity_id),
                **world.named("agent", s.agent_id),
                **world.named("group", s.client_group_id),
                **world.named("activity", s.activity_id),
            }
            for s in moved.sessions(agents, groups, *span)
        ],
        "notes": [
            {
                "workday": n.workday,
                "code": n.code,
                "at": instant(n.at),
                "at_local": to_local(n.at, zones[n.jibble_activity_id]),
                "detail": detail,
                "jibble_activity_id": str(n.jibble_activity_id),
                **bare({**world.named("agent", n.agent_id), **world.named("group", n.client_group_id)}, "jibble_id"),
            }
            for n, detail in moved.notes(agents, groups, *span)
        ],
        "attendance": [
            day_row(world, d)
            for a, day in moved.days(agents)
            if (since is None or day >= since) and (until is None or day < until)
            for d in [moved.client_day(a, day, groups, as_of)]
            if d
        ],
        "client_groups": [
            {
                "client_group_id": world.ids["group"][g],
                "jibble_id": guid("group", g),
                "name": f"Client {g}",
                "code": None,
                "time_zone": REPORTING_ZONES[g] or "UTC",
                "week_starts_on": WEEK_STARTS[g] or 1,
            }
            for g in groups
        ],
    }


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
            " AND NOT EXISTS (SELECT FROM timesheet.session_rollup AS r "
            "WHERE (r.agent_id, r.workday) = (stale_days.agent_id, stale_days.workday) "
            "AND r.end_reason = 'running')"
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
    """timesheet_client.attendance (R9): a row a day, the group and the zone of its last session, the names of all that got hours."""
    days_are(world, engine, state)
    with psycopg.connect(world.uri) as db:
        db.execute("SET timezone = 'UTC'")
        now = moment(db)
        wanted = [day_row(world, d) for a, day in moved.days(world.agents) for d in [moved.staff_day(a, day, now)] if d]
        assert any(len(row["client_groups"]) > 1 for row in wanted)
        must_equal(rows(db, "SELECT * FROM timesheet.attendance"), wanted, "attendance")


# By hand.

VIEWS = ("weekly_report", "daily_report", "attendance", "session_log", "notes")


@pytest.fixture(scope="module")
def mid_session(new_database, login):  # noqa: F811
    """Agent 1 works 09:00 to 12:00 and, after a break, 13:00 to 17:00, and moves from client 1 to client 2 at 15:00, to
    where the groups' own zone is another;
    agent 2 clocks out of client 1 at 10:00, moves at 11:00, and clocks out once more, of nothing, at 12:00."""
    uri = new_database()
    Daemon(uri).must("migrate")
    stage = Stage(uri)
    for n in (1, 2):
        stage.client_group(n)
        stage.agent(n, 1)
    stage.db.execute("SET timezone = 'UTC'")
    stage.db.execute("UPDATE timesheet.client_groups SET time_zone = 'Europe/Paris' WHERE name = 'Client 1'")
    stage.contact("one@example.com", 1, more=[("two@example.com", 2)])
    stage.feed(
        "TimeEntries",
        stage.event(1, 1, 1, "09:00", "In"),
        stage.event(2, 1, 1, "12:00", "StartBreak"),
        stage.event(3, 1, 1, "13:00", "In"),
        stage.event(4, 1, 1, "17:00", "Out"),
        stage.event(5, 2, 1, "09:00", "In"),
        stage.event(6, 2, 1, "10:00", "Out"),
        stage.event(7, 2, 1, "12:00", "Out"),
    )
    stage.day = stage.week + ONE_DAY
    stage.db.execute(
        "SELECT timesheet.set_working_time('2020-01-01', for_client_group => client_group_id, "
        "time_zone => 'Asia/Kolkata') FROM timesheet.client_groups WHERE name = 'Client 2'"
    )
    stage.db.execute(
        "SELECT timesheet.assign_client_group(a.agent_id, g.client_group_id, m.at) "
        "FROM (VALUES ('Agent 1', %s::timestamptz), ('Agent 2', %s)) AS m (agent, at)"
        " JOIN timesheet.agents AS a ON a.full_name = m.agent, timesheet.client_groups AS g WHERE g.name = 'Client 2'",
        (f"{stage.day} 15:00Z", f"{stage.day} 11:00Z"),
    )
    stage.clients = {}
    for n in (1, 2):
        name, its = login(uri, "timesheet_client")
        stage.db.execute(
            "SELECT timesheet.set_client_access(%s, ARRAY(SELECT client_group_id FROM timesheet.client_groups "
            "WHERE name = %s))",
            (name, f"Client {n}"),
        )
        stage.clients[n] = its
    yield stage
    stage.close()


@pytest.fixture(params=["stale", "stored"])
def either_way(mid_session, request):
    mid_session.db.execute(
        "SELECT timesheet.mark_all_days()" if request.param == "stale" else "SELECT timesheet.refresh()"
    )


CLOCKS = (
    "SELECT agent, client_group, client_groups, clock_in_local::time::text, clock_out_local::time::text, "
    "last_activity_local::time::text, time_zone,"
    " work_seconds, break_seconds, notes FROM {}.attendance ORDER BY agent"
)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_moved_in_the_middle_of_a_session_worked_for_the_old_client(mid_session, either_way, engine):
    """R8: the session is wholly Client 1's, though the clock-out came when the agent was Client 2's."""
    stage = mid_session
    stage.db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    with psycopg.connect(stage.clients[1]) as db:
        assert db.execute(CLOCKS.format("timesheet_client")).fetchall() == [
            ("Agent 1", "Client 1", ["Client 1"], "09:00:00", "17:00:00", "17:00:00", "UTC", 25200, 3600, ""),
            ("Agent 2", "Client 1", ["Client 1"], "09:00:00", "10:00:00", "10:00:00", "UTC", 3600, 0, ""),
        ]
        assert db.execute(
            "SELECT count(*) FROM timesheet_client.attendance_rows(%s, %s)", (stage.day, stage.day + ONE_DAY)
        ).fetchone() == (2,)
        assert db.execute("SELECT * FROM timesheet_client.notes").fetchall() == []
    with psycopg.connect(stage.clients[2]) as db:
        # Of agent 1 nothing at all; of agent 2 the clock-out that closed nothing, by Client 2's zone:
        # 12:00 is 17:30 in Kolkata.
        assert db.execute(CLOCKS.format("timesheet_client")).fetchall() == [
            ("Agent 2", "Client 2", [], None, None, "17:30:00", "Asia/Kolkata", 0, 0, "clock_out_without_clock_in")
        ]
        assert db.execute("SELECT agent, code, at_local::time::text FROM timesheet_client.notes").fetchall() == [
            ("Agent 2", "clock_out_without_clock_in", "17:30:00")
        ]
        for view in VIEWS:
            assert db.execute(
                f"SELECT count(*) FROM timesheet_client.{view}_rows() WHERE agent = 'Agent 1'"
            ).fetchone() == (0,), view
        for function in FUNCTIONS:
            asked = (
                f"SELECT count(*) FROM timesheet_client.{function}(NULL, NULL, (SELECT min(agent_id) "
                "FROM timesheet_client.attendance) - 1, '2040-01-01Z')"
            )
            assert db.execute(asked).fetchone() == (0,), function


def test_staff_find_the_day_by_every_client_that_got_hours_of_it(mid_session, either_way):
    stage = mid_session
    assert stage.db.execute(CLOCKS.format("timesheet")).fetchall() == [
        ("Agent 1", "Client 1", ["Client 1"], "09:00:00", "17:00:00", "17:00:00", "UTC", 25200, 3600, ""),
        (
            "Agent 2",
            "Client 1",
            ["Client 1"],
            "09:00:00",
            "10:00:00",
            "12:00:00",
            "UTC",
            3600,
            0,
            "clock_out_without_clock_in",
        ),
    ]
    assert stage.db.execute(
        "SELECT array_agg(agent ORDER BY agent) FROM timesheet.attendance WHERE 'Client 1' = ANY (client_groups)"
    ).fetchone() == (["Agent 1", "Agent 2"],)


def test_a_digest_names_the_zones_of_its_own_sessions(mid_session, either_way):
    """Paris and UTC are what a digest says where nobody worked."""
    zones = {}
    for email in ("one@example.com", "two@example.com"):
        (content,) = mid_session.db.execute(
            "SELECT timesheet.digest_content(c.contact_id, %s) FROM timesheet.contacts AS c WHERE c.email = %s",
            (mid_session.week, email),
        ).fetchone()
        zones[email] = [(g["name"], g["hours"], g["day_zones"]) for g in content["client_groups"]]
        assert content["time_zones"] == "UTC"
    assert zones == {"one@example.com": [("Client 1", "8.00", "UTC")], "two@example.com": [("Client 2", "0.00", "UTC")]}
