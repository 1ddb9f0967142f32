"""Random histories of time entries, dense at the edges of the rules.

A batch has its own settings, and its agents' events lie on and one microsecond next to what these
settings make an edge: ties, workday_end, max_session, overnight_switch, long_session; on nights on
which clocks change; with unknown types, deleted entries and missing groups and activities. Half of
the agents stay with a client group, on Jibble's date, and have many breaks.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from oracle.session_rules import Entry, HourEntry, Settings, place
from oracle.workday import HOUR, MINUTE, instant, iso, microseconds

ZONES = ["Asia/Manila", "America/New_York", "Europe/London", "America/Havana", "Asia/Beirut"]
CUTOFFS = [0, 3 * HOUR, 12 * HOUR]
# Shortly before the nights on which a clock in one of the zones changes in 2026, and one quiet night.
EVES = [date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 31), date(2026, 6, 15)]
GROUPS = [1, 2, 3]
ACTIVITIES = [1, 2]
EVENTS_OF_AN_AGENT = 12
DEFAULTS = Settings(
    day_cutoff_us=0,
    max_session_us=16 * HOUR,
    overnight_switch_us=6 * HOUR,
    long_session_us=12 * HOUR,
    missing_clock_out="day_end",
    week_starts_on=1,
)


@dataclass(frozen=True)
class Question:
    """What both engines and the oracle are asked: workdays in [since, until), seen at as_of."""

    since: date | None
    until: date | None
    as_of_us: int


@dataclass(frozen=True)
class Batch:
    settings: Settings
    week_starts: dict  # client group: ISO weekday or None
    questions: list
    entries: dict  # agent: its entries
    hour_entries: dict  # agent: its hour entries


def random_settings(rng):
    limit = rng.choice([8 * HOUR + 1, 12 * HOUR, 16 * HOUR, 24 * HOUR, 48 * HOUR])
    return Settings(
        day_cutoff_us=0,
        max_session_us=limit,
        overnight_switch_us=rng.choice([1, HOUR, 6 * HOUR, limit]),
        long_session_us=rng.choice([HOUR, 8 * HOUR, limit]),
        missing_clock_out=rng.choice(["day_end", "zero"]),
        week_starts_on=rng.randint(1, 7),
        activity_after_break=rng.choice(["as_sent", "carried_on"]),
    )


def history(agent, settings, rng):
    """Some events of one agent, each a telling gap after the one before it."""
    zone, cutoff, is_overridden = rng.choice(ZONES), rng.choice(CUTOFFS), rng.random() < 0.5
    is_steady, group = rng.random() < 0.5, rng.choice([None, *GROUPS])
    edges = [settings.max_session_us, settings.overnight_switch_us, settings.long_session_us]
    at = microseconds(datetime.combine(rng.choice(EVES), datetime.min.time())) + rng.randrange(48) * HOUR // 2
    workday_end = at
    for _ in range(EVENTS_OF_AN_AGENT):
        draw = rng.random()
        if is_steady and draw < 0.5:
            at += rng.choice([0, 0, 1, MINUTE, 59 * MINUTE])
        elif draw < 0.15:
            at = max(at, workday_end) + rng.choice([0, 0, 1])
        elif draw < 0.5:
            at += max(0, rng.choice(edges) + rng.choice([-1, 0, 0, 1]))
        else:
            at += rng.choice([0, 0, 1, 59 * MINUTE, HOUR, 2 * HOUR + 999_999, 5 * HOUR, 8 * HOUR, 30 * HOUR])
        belongs = None
        if rng.random() < 0.9 and not (is_steady and rng.random() < 0.9):
            belongs = date.fromisoformat(iso(at)[:10]) + timedelta(days=rng.randint(-2, 2))
        if not (is_steady and rng.random() < 0.9):
            group = rng.choice([None, *GROUPS])
        workday, workday_end, _, odd = place(at, belongs, zone, cutoff, is_overridden)
        yield Entry(
            jibble_activity_id=UUID(int=rng.getrandbits(128)),
            agent_id=agent,
            client_group_id=group,
            activity_id=rng.choice([None, *([None] if is_steady else []), *ACTIVITIES]),
            start_us=at,
            raw_type=rng.choice(
                [
                    "In",
                    "In",
                    "In",
                    "StartBreak",
                    *(["StartBreak", "StartBreak", "In"] if is_steady else ["Out"]),
                    "Out",
                    "Ping",
                ]
            ),
            client_type=rng.choice(["Web", "Web", "AutoOut", None]),
            belongs_to_date=belongs,
            workday=workday,
            workday_end_us=workday_end,
            deleted=rng.random() < 0.07,
            time_zone=zone,
            odd_workday=odd,
            unknown_time_zone=rng.choice([None, None, None, "Mars/Olympus"]),
        )


def random_hour_entry(agent, entries, rng):
    """Half of them are for what the agent did that day as well, so that they are summed with it."""
    if rng.random() < 0.5:
        e = rng.choice(entries)
        return HourEntry(
            agent_id=agent,
            client_group_id=e.client_group_id,
            activity_id=e.activity_id,
            date=e.workday,
            seconds=rng.randrange(40000),
            deleted=rng.random() < 0.1,
        )
    return HourEntry(
        agent_id=agent,
        client_group_id=rng.choice([None, *GROUPS]),
        activity_id=rng.choice([None, *ACTIVITIES]),
        date=rng.choice(EVES) + timedelta(days=rng.randrange(9)),
        seconds=rng.randrange(40000),
        deleted=rng.random() < 0.1,
    )


def batch(seed, agents, settings=None):
    """Agents 1 to `agents`, all drawn from the seed; the settings too, unless given."""
    rng = random.Random(seed)
    settings = settings or random_settings(rng)
    entries = {agent: list(history(agent, settings, rng)) for agent in range(1, agents + 1)}
    hour_entries = {
        agent: [random_hour_entry(agent, entries[agent], rng) for _ in range(rng.choice([0, 0, 1, 3]))]
        for agent in entries
    }
    eve = rng.choice(EVES)
    on_the_hour = (
        microseconds(datetime.combine(eve, datetime.min.time())) + rng.randrange(72) * HOUR
    )  # as many events are
    last_work = max(
        (e for e in entries[rng.randint(1, agents)]), key=lambda e: (e.raw_type == "In" and not e.deleted, e.start_us)
    )
    moments = [on_the_hour + 500_000, instant("2027-01-01T00:00:00Z")]
    return Batch(
        settings=settings,
        week_starts=dict(zip(GROUPS, rng.sample([None, 1, 3, 7], 3))),
        questions=[
            Question(None, None, rng.choice(moments)),
            Question(None, None, last_work.start_us + settings.max_session_us),
            Question(eve + timedelta(days=1), eve + timedelta(days=rng.randint(2, 4)), on_the_hour),
        ],
        entries=entries,
        hour_entries=hour_entries,
    )
