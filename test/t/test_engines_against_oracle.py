"""Both engines against the independent calculation of test/oracle, row for row.

Histories are random and dense at the edges: ties, exactly workday_end, exactly max_session and
overnight_switch, one microsecond beside them, DST nights, unknown types, deleted entries.
"""

import os
import random
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import psycopg
import pytest

from oracle import session_rules as oracle

URI = os.environ["TIMESHEET_TEST_URI"]
AGENTS = int(os.environ.get("TIMESHEET_TEST_AGENTS", "400"))
SEED = int(os.environ.get("TIMESHEET_TEST_SEED", "20261124"))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
ZONES = ["Asia/Manila", "America/New_York", "Europe/London", "America/Havana", "Asia/Beirut"]
CUTOFFS = [0, 3 * HOUR, 12 * HOUR]
# The nights on which a clock in one of the zones changes, in 2026.
STARTS = [datetime(2026, m, d, 10, tzinfo=timezone.utc) for m, d in [(3, 7), (3, 28), (10, 24), (10, 31), (6, 15)]]
SETTINGS = oracle.Settings(day_cutoff_us=0, max_session_us=16 * HOUR, overnight_switch_us=6 * HOUR,
                           long_session_us=12 * HOUR, missing_clock_out="day_end", week_starts_on=1)
GROUP_WEEK_STARTS = {1: None, 2: 7, 3: 3}


def micros(instant):
    return (instant - EPOCH) // MICROSECOND


def instant(us):
    return EPOCH + timedelta(microseconds=us)


def history(agent, rng):
    """A dozen events of one agent, each a telling gap after the one before it."""
    zone = ZONES[agent % len(ZONES)]
    cutoff = CUTOFFS[agent % len(CUTOFFS)]
    is_overridden = rng.random() < 0.5
    at = micros(rng.choice(STARTS)) + rng.randrange(24) * HOUR
    workday_end = at
    for _ in range(12):
        gap = rng.choice([0, 1, 59 * 60_000_000, HOUR, 2 * HOUR + 999_999, 5 * HOUR, 6 * HOUR - 1, 6 * HOUR, 6 * HOUR + 1,
                          8 * HOUR, 12 * HOUR, 12 * HOUR + 1, 16 * HOUR - 1, 16 * HOUR, 16 * HOUR + 1, 30 * HOUR, None])
        at = at + gap if gap is not None else max(at, workday_end) + rng.choice([0, 0, 1])
        belongs = None if rng.random() < 0.1 else instant(at).date() + timedelta(days=rng.randrange(-2, 3))
        workday, workday_end, _, odd = oracle.place(at, belongs, zone, cutoff, is_overridden)
        yield oracle.Entry(
            jibble_activity_id=UUID(int=rng.getrandbits(128)), agent_id=agent,
            client_group_id=rng.choice([None, 1, 2, 3]), activity_id=rng.choice([None, 1, 2]), start_us=at,
            raw_type=rng.choice(["In", "In", "In", "StartBreak", "Out", "Out", "Ping"]),
            client_type=rng.choice(["Web", "Web", "AutoOut", None]), belongs_to_date=belongs, workday=workday,
            workday_end_us=workday_end, deleted=rng.random() < 0.07, time_zone=zone, odd_workday=odd)


@pytest.fixture(scope="module")
def entries():
    rng = random.Random(SEED)
    rows = [e for agent in range(1, AGENTS + 1) for e in history(agent, rng)]
    rng.shuffle(rows)  # nothing may depend on arrival order
    return rows


@pytest.fixture(scope="module")
def hour_entries():
    rng = random.Random(SEED + 1)
    return [oracle.HourEntry(agent_id=rng.randint(1, AGENTS), client_group_id=rng.choice([None, 1, 2, 3]),
                             activity_id=rng.choice([None, 1, 2]), date=date(2026, 3, 7) + timedelta(days=rng.randrange(9)),
                             seconds=rng.randrange(40000), deleted=rng.random() < 0.1) for _ in range(AGENTS)]


@pytest.fixture(scope="module")
def connection(entries, hour_entries):
    """A transaction that holds the histories and is rolled back at the end."""
    with psycopg.connect(URI) as db:
        db.execute("SET LOCAL timezone = 'UTC'")
        for group, week_start in GROUP_WEEK_STARTS.items():
            db.execute("INSERT INTO timesheet.client_groups (client_group_id, jibble_id, week_starts_on) VALUES (%s, gen_random_uuid(), %s)",
                       (group, week_start))
        for activity in (1, 2):
            db.execute("INSERT INTO timesheet.activities (activity_id, jibble_id) VALUES (%s, gen_random_uuid())", (activity,))
        db.execute("INSERT INTO timesheet.agents (agent_id, jibble_id) SELECT n, gen_random_uuid() FROM generate_series(1, %s) AS n", (AGENTS,))
        with db.cursor().copy("COPY timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,"
                              " time_zone, raw_type, client_type, belongs_to_date, workday, workday_end, is_odd_workday, deleted_at) FROM STDIN") as copy:
            for e in entries:
                copy.write_row((e.jibble_activity_id, e.agent_id, e.client_group_id, e.activity_id, instant(e.start_us), e.time_zone,
                                e.raw_type, e.client_type, e.belongs_to_date, e.workday, instant(e.workday_end_us), e.odd_workday,
                                EPOCH if e.deleted else None))
        with db.cursor().copy("COPY timesheet.hour_entries (jibble_id, agent_id, client_group_id, activity_id, workday, seconds, deleted_at) FROM STDIN") as copy:
            for n, h in enumerate(hour_entries):
                copy.write_row((UUID(int=n + 1), h.agent_id, h.client_group_id, h.activity_id, h.date, h.seconds, EPOCH if h.deleted else None))
        yield db
        db.rollback()


def rows_of(expected):
    """The oracle's dataclasses as the server's tuples; instants stay microseconds."""
    return sorted((tuple(vars(row).values()) for row in expected), key=repr)


def asked(db, engine, function, since, until, as_of):
    columns = {"sessions": "agent_id, client_group_id, activity_id, workday, kind, (extract(epoch FROM started_at) * 1000000)::bigint,"
                           " (extract(epoch FROM ended_at) * 1000000)::bigint, seconds, end_reason, is_complete, jibble_activity_id",
               "notes": "workday, agent_id, client_group_id, code, (extract(epoch FROM at) * 1000000)::bigint, jibble_activity_id"}
    db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    found = db.execute(f"SELECT {columns.get(function, '*')} FROM timesheet.{function}(%s, %s, NULL, %s)",
                       (since, until, instant(as_of))).fetchall()
    return sorted(found, key=repr)


def assert_equal(found, expected):
    """On a difference, shows the few rows that differ and not all that do not."""
    wrong, missing = sorted(set(found) - set(expected), key=repr), sorted(set(expected) - set(found), key=repr)
    assert (wrong[:5], missing[:5], len(found)) == ([], [], len(expected)), f"seed {SEED}"


WINDOWS = [(None, None), (date(2026, 3, 8), date(2026, 3, 10)), (date(2026, 10, 25), None)]
MOMENTS = [micros(datetime(2026, 3, 9, 4, 30, 0, 500000, tzinfo=timezone.utc)), micros(datetime(2027, 1, 1, tzinfo=timezone.utc))]


@pytest.mark.parametrize("as_of", MOMENTS)
@pytest.mark.parametrize("since, until", WINDOWS)
@pytest.mark.parametrize("engine", ["native", "sql"])
class TestAgainstOracle:
    def test_sessions(self, connection, entries, engine, since, until, as_of):
        assert_equal(asked(connection, engine, "sessions", since, until, as_of),
                     rows_of(oracle.sessions(entries, since, until, None, as_of, SETTINGS)))

    def test_daily_hours(self, connection, entries, hour_entries, engine, since, until, as_of):
        assert_equal(asked(connection, engine, "daily_hours", since, until, as_of),
                     rows_of(oracle.daily_hours(entries, hour_entries, since, until, None, as_of, SETTINGS)))

    def test_weekly_hours(self, connection, entries, hour_entries, engine, since, until, as_of):
        assert_equal(asked(connection, engine, "weekly_hours", since, until, as_of),
                     rows_of(oracle.weekly_hours(entries, hour_entries, since, until, None, as_of, SETTINGS, GROUP_WEEK_STARTS)))

    def test_notes(self, connection, entries, engine, since, until, as_of):
        assert_equal(asked(connection, engine, "notes", since, until, as_of),
                     rows_of(oracle.notes(entries, since, until, None, as_of, SETTINGS)))
