"""Random organisations whose agents move between client groups at random instants, and what of their days is whose.

Everything is worked out from the moves and the events alone: in which group and zone each entry was, and
from the session rules on an agent's whole history, which rows a client's own entries give.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from oracle import session_rules as rules
from oracle.histories import DEFAULTS
from oracle.workday import EPOCH, HOUR, MINUTE, iso, place, to_instant, to_local

DAYS = 7
# Working zone and cut-off that a client group sets for those who work for it; None leaves the agent's own.
GROUPS = {1: (None, 0), 2: ("America/New_York", 0), 3: (None, 12 * HOUR), 4: ("Europe/London", 3 * HOUR)}
ZONES = ["Asia/Manila", "America/Havana", "UTC"]
ACTIVITIES = [1, 2]
# The notes that a client sees of its own entries.
CLIENT_CODES = {
    "missing_clock_out",
    "break_left_open",
    "auto_clock_out",
    "long_session",
    "clock_out_without_clock_in",
    "unknown_type",
    "odd_workday",
}
FIRST = -(10**18)  # before every instant


@dataclass(frozen=True)
class Move:
    """The group, or none, from an instant on. Of two at once the correction wins, then the later one."""

    at: int
    is_correction: bool
    number: int
    group: int | None


@dataclass
class Agent:
    number: int
    zone: str
    moves: list = field(default_factory=list)  # the first is from the beginning of time
    entries: list = field(default_factory=list)  # rules.Entry
    hour_entries: list = field(default_factory=list)  # rules.HourEntry
    hour_ids: list = field(default_factory=list)

    def group_at(self, us):
        return max((m for m in self.moves if m.at <= us), key=lambda m: (m.at, m.is_correction, m.number)).group

    def zone_of(self, group):
        return (group and GROUPS[group][0]) or self.zone

    def at_noon(self, day):
        """(group, zone) at local noon, by the zone of that time."""
        noon = datetime(day.year, day.month, day.day, 12)
        held = [
            self.group_at(at)
            for at in sorted({m.at for m in self.moves})
            if at <= to_instant(noon, self.zone_of(self.group_at(at)))
        ]
        return held[-1], self.zone_of(held[-1])

    def place(self, us, belongs):
        """(group, zone, workday, workday end, odd) of an event."""
        group = self.group_at(us)
        zone, cutoff = self.zone_of(group), GROUPS[group][1] if group else 0
        workday, end, _, odd = place(us, belongs, zone, cutoff, bool(group and (GROUPS[group][0] or cutoff)))
        return group, zone, workday, end, odd


def history(rng, number, now):
    """Some days of one agent up to now, who is moved while at work, on a break, at an event, a microsecond next to it,
    at midnight."""
    agent = Agent(number, rng.choice(ZONES))
    at, times = now - DAYS * 24 * HOUR + rng.randrange(24) * HOUR, []
    while at < now:
        times.append(at)
        at += rng.choice(
            [
                0,
                0,
                1,
                59 * MINUTE,
                HOUR,
                2 * HOUR + 999_999,
                3 * HOUR,
                5 * HOUR,
                6 * HOUR,
                6 * HOUR + 1,
                8 * HOUR,
                16 * HOUR,
                16 * HOUR + 1,
                30 * HOUR,
            ]
        )
    agent.moves.append(Move(FIRST, False, 0, rng.choice([None, *GROUPS])))
    instants = []
    for _ in range(rng.choice([0, 2, 4, 6, 8])):
        i = rng.randrange(len(times))
        following = times[min(i + 1, len(times) - 1)]
        midnight = to_local(times[i], agent.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        instants.append(
            rng.choice(
                [
                    times[i],
                    times[i] + 1,
                    (times[i] + following) // 2,
                    (times[i] + following) // 2,
                    to_instant(midnight, agent.zone),
                ]
            )
        )
    for n, instant in enumerate(sorted(instants), 1):
        # What Jibble shows may say no group; a correction may not. A version of the same group is no move.
        shown = [m for m in agent.moves if not m.is_correction][-1].group
        is_correction = rng.random() < 0.5
        group = rng.choice([g for g in [None, *GROUPS] if g != shown and not (is_correction and g is None)])
        if not is_correction and any(m.at == instant and not m.is_correction for m in agent.moves):
            continue
        agent.moves.append(Move(instant, is_correction, n, group))
    kind = None
    for us in times:
        kind = rng.choice(
            {
                "In": ["In", "StartBreak", "Out", "Out", "Out", "Ping"],
                "Out": ["In", "In", "In", "In", "Out", "StartBreak"],
            }.get(kind, ["In", "In", "In", "StartBreak", "Out", "Out"])
        )
        belongs = (
            date.fromisoformat(iso(us)[:10]) + timedelta(days=rng.choice([-2, -1, 0, 0, 0, 0, 0, 1, 2]))
            if rng.random() < 0.8
            else None
        )
        group, zone, workday, end, odd = agent.place(us, belongs)
        agent.entries.append(
            rules.Entry(
                jibble_activity_id=UUID(int=rng.getrandbits(128)),
                agent_id=number,
                client_group_id=group,
                activity_id=rng.choice([None, *ACTIVITIES]),
                start_us=us,
                raw_type=kind,
                client_type=rng.choice(["Web", "Web", "Web", "AutoOut"]),
                belongs_to_date=belongs,
                workday=workday,
                workday_end_us=end,
                deleted=rng.random() < 0.08,
                time_zone=zone,
                odd_workday=odd,
            )
        )
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        day = (EPOCH + timedelta(microseconds=now)).date() - timedelta(days=rng.randrange(DAYS + 2))
        agent.hour_entries.append(
            rules.HourEntry(
                number,
                agent.at_noon(day)[0],
                rng.choice([None, *ACTIVITIES]),
                day,
                rng.randrange(1, 40000),
                rng.random() < 0.1,
            )
        )
        agent.hour_ids.append(UUID(int=rng.getrandbits(128)))
    return agent


def organisation(seed, agents, now):
    rng = random.Random(seed)
    return [history(rng, n, now) for n in range(1, agents + 1)]


def of_groups(rows, groups):
    return [row for row in rows if row.client_group_id in groups]


def sessions(agents, groups, as_of, since=None, until=None):
    return [
        s for a in agents for s in of_groups(rules.sessions(a.entries, since, until, None, as_of, DEFAULTS), groups)
    ]


def daily_hours(agents, groups, as_of, since=None, until=None):
    return [
        h
        for a in agents
        for h in of_groups(rules.daily_hours(a.entries, a.hour_entries, since, until, None, as_of, DEFAULTS), groups)
    ]


def weekly_hours(agents, groups, as_of, since=None, until=None, week_starts=None):
    return [
        h
        for a in agents
        for h in of_groups(
            rules.weekly_hours(a.entries, a.hour_entries, since, until, None, as_of, DEFAULTS, week_starts), groups
        )
    ]


def length_text(seconds):
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def date_text(day):
    return f"{day:%a} {day.day} {day:%b %Y}" if day else "missing"


def notes(agents, groups, as_of, since=None, until=None, codes=CLIENT_CODES):
    """(note, detail) of these groups' own entries."""
    found = []
    for agent in agents:
        lengths = {
            s.jibble_activity_id: length_text(s.seconds)
            for s in rules.sessions(agent.entries, None, None, None, as_of, DEFAULTS)
        }
        entries = {e.jibble_activity_id: e for e in agent.entries}
        for note in of_groups(rules.notes(agent.entries, since, until, None, as_of, DEFAULTS), groups):
            entry, length = entries[note.jibble_activity_id], lengths.get(note.jibble_activity_id)
            if note.code in codes:
                found.append(
                    (
                        note,
                        {
                            "missing_clock_out": f"no clock-out; counted {length}",
                            "break_left_open": f"the break has no end; counted {length}",
                            "auto_clock_out": f"Jibble clocked out automatically; counted {length}",
                            "long_session": f"work of {length}, longer than 12:00:00",
                            "clock_out_without_clock_in": "nothing was open to clock out of",
                            "unknown_type": f'type "{entry.raw_type}" is not known',
                            "odd_workday": f"Jibble's date {date_text(entry.belongs_to_date)} is more than a day off",
                        }[note.code],
                    )
                )
    return found


@dataclass(frozen=True)
class Day:
    agent: int
    workday: date
    clock_in: int | None
    clock_out: int | None
    last_activity: int | None
    zone: str
    group: int | None
    groups: frozenset
    work_seconds: int
    break_seconds: int
    codes: str


def client_day(agent, day, groups, as_of):
    """R9 over the groups' own sessions, hours and notes of a workday; None where there are none."""
    own = sessions([agent], groups, as_of, day, day + timedelta(days=1))  # in R2 order
    hours = daily_hours([agent], groups, as_of, day, day + timedelta(days=1))
    noted = [note for note, _ in notes([agent], groups, as_of, day, day + timedelta(days=1))]
    live = sorted((n for n in noted if n.code != "unknown_type"), key=lambda n: (n.at, n.jibble_activity_id))
    if not hours and not live:
        return None
    outs = [s.ended_at for s in own if s.end_reason in ("clock_out", "auto_clock_out")]
    of_id = {e.jibble_activity_id: e for e in agent.entries}
    last = of_id[own[-1].jibble_activity_id] if own else of_id[live[-1].jibble_activity_id] if live else None
    return Day(
        agent.number,
        day,
        clock_in=min((s.started_at for s in own if s.kind == "work"), default=None),
        clock_out=own[-1].ended_at if own and own[-1].end_reason in ("clock_out", "auto_clock_out") else None,
        last_activity=max([s.started_at for s in own] + outs + [n.at for n in live], default=None),
        zone=last.time_zone if last else agent.at_noon(day)[1],
        group=own[-1].client_group_id if own else hours[0].client_group_id if hours else last.client_group_id,
        groups=frozenset(h.client_group_id for h in hours),
        work_seconds=sum(h.work_seconds for h in hours),
        break_seconds=sum(h.break_seconds for h in hours),
        codes=", ".join(sorted({n.code for n in noted})),
    )


def staff_day(agent, day, as_of):
    """The same of everybody's: a row for each day with a live entry or manual hours.
    Without an entry the zone is the present one."""
    live = sorted((e for e in agent.entries if rules.is_live(e) and e.workday == day), key=rules.order)
    everyone = {None, *GROUPS}
    hours = daily_hours([agent], everyone, as_of, day, day + timedelta(days=1))
    if not hours and not live:
        return None
    own = sessions([agent], everyone, as_of, day, day + timedelta(days=1))
    opened = [e for e in live if e.raw_type != "Out"]
    last = (opened or live or [None])[-1]
    codes = {n.code for n in rules.notes(agent.entries, day, day + timedelta(days=1), None, as_of, DEFAULTS)}
    return Day(
        agent.number,
        day,
        clock_in=min((s.started_at for s in own if s.kind == "work"), default=None),
        clock_out=own[-1].ended_at if own and own[-1].end_reason in ("clock_out", "auto_clock_out") else None,
        last_activity=live[-1].start_us if live else None,
        zone=last.time_zone if last else agent.zone_of(agent.group_at(as_of)),
        group=own[-1].client_group_id if own else hours[0].client_group_id if hours else last.client_group_id,
        groups=frozenset(h.client_group_id for h in hours),
        work_seconds=sum(h.work_seconds for h in hours),
        break_seconds=sum(h.break_seconds for h in hours),
        codes=", ".join(sorted(codes)),
    )


def days(agents):
    """Every workday on which something of an agent's may stand."""
    return [
        (a, day) for a in agents for day in sorted({e.workday for e in a.entries} | {h.date for h in a.hour_entries})
    ]
