"""Agents who move between clients, and what each client's views hold of them by an independent calculation."""

import pytest

from stage import Stage, guid
from engine_rows import instant
from oracle import moved_agents as moved
from oracle.workday import iso, to_local, week_start


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
def world(migrated_database, login):  # noqa: F811
    uri = migrated_database()
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
