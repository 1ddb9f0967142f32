"""Both engines against the independent calculation of test/oracle, row for row.

TIMESHEET_TEST_AGENTS histories (20,000) from TIMESHEET_TEST_SEED, in batches that each have their own
settings and questions; the first batch has the default settings. A failure prints the shortest part
of a history that shows it, as a line for KEPT.
"""

import datetime
import os
from dataclasses import replace
from uuid import UUID  # noqa: F401

import psycopg
import pytest

import engine_rows
from conftest import ENGINES
from engine_rows import FUNCTIONS
from oracle import histories
from oracle.histories import Batch, Question  # noqa: F401 - the words of KEPT
from oracle.session_rules import Entry, HourEntry, Settings  # noqa: F401
from oracle.workday import HOUR

pytestmark = pytest.mark.every_server

AGENTS = int(os.environ.get("TIMESHEET_TEST_AGENTS", "20000"))
SEED = int(os.environ.get("TIMESHEET_TEST_SEED", "20261124"))
AGENTS_OF_A_BATCH = 1000
# Histories that once showed a difference, as printed.
KEPT = [
    # From an engine that took a switch at exactly the workday's end, after more than six hours, for a new shift.
    Batch(
        settings=Settings(
            day_cutoff_us=0,
            max_session_us=57600000000,
            overnight_switch_us=21600000000,
            long_session_us=43200000000,
            missing_clock_out="day_end",
            week_starts_on=1,
        ),
        week_starts={1: 1, 2: 3, 3: None},
        questions=[Question(since=None, until=None, as_of_us=1772928000500000)],
        entries={
            8: [
                Entry(
                    jibble_activity_id=UUID("9fee0e9b-4adc-4ddc-a594-8f26dcd189b6"),
                    agent_id=8,
                    client_group_id=2,
                    activity_id=2,
                    start_us=1793586601000000,
                    raw_type="In",
                    client_type=None,
                    belongs_to_date=datetime.date(2026, 11, 1),
                    workday=datetime.date(2026, 11, 2),
                    workday_end_us=1793635200000000,
                    deleted=False,
                    time_zone="Asia/Manila",
                    odd_workday=False,
                ),
                Entry(
                    jibble_activity_id=UUID("8cce9950-2a9e-6e04-0ed1-c13e82f44bf5"),
                    agent_id=8,
                    client_group_id=1,
                    activity_id=None,
                    start_us=1793635200000000,
                    raw_type="In",
                    client_type=None,
                    belongs_to_date=datetime.date(2026, 11, 3),
                    workday=datetime.date(2026, 11, 3),
                    workday_end_us=1793721600000000,
                    deleted=False,
                    time_zone="Asia/Manila",
                    odd_workday=False,
                ),
            ]
        },
        hour_entries={8: []},
    ),
]


@pytest.fixture(scope="module")
def uri(migrated_database):
    """A schema of their own: the jobs of pg_cron, tried meanwhile, leave rows in the cluster's first database."""
    uri = migrated_database()
    return uri


@pytest.fixture
def db(uri):
    """An empty schema; what the test puts there is rolled back."""
    with psycopg.connect(uri) as connection:
        yield connection
        connection.rollback()


def compare(db, batch):
    engine_rows.load(db, batch)
    rows = 0
    for question in batch.questions:
        for function in FUNCTIONS:
            wanted = engine_rows.expected(batch, function, question)
            for engine in ENGINES:
                found = engine_rows.asked(db, engine, function, question)
                wrong = engine_rows.differing_agents(function, found, wanted)
                assert not wrong, f"{len(wrong)} agents of {len(batch.entries)}: " + engine_rows.disagreement(
                    db, batch, engine, function, question, wrong[0]
                )
                for agent in list(batch.entries)[:2]:
                    assert sorted(engine_rows.asked(db, engine, function, question, agent), key=repr) == sorted(
                        engine_rows.expected(batch, function, question, [agent]), key=repr
                    ), (engine, function, question, agent)
            rows += len(wanted)
    return rows


@pytest.mark.parametrize("number", range(max(1, AGENTS // AGENTS_OF_A_BATCH)))
def test_random_histories(db, number):
    batch = histories.batch(
        f"{SEED}/{number}", min(AGENTS, AGENTS_OF_A_BATCH), histories.DEFAULTS if number == 0 else None
    )
    assert compare(db, batch) > len(batch.entries)  # it was about something


@pytest.mark.parametrize("setting", ["as_sent", "carried_on"])
@pytest.mark.parametrize("engine", ENGINES)
def test_the_public_functions_say_the_same(db, engine, setting):
    """They look up the setting themselves, where the engine would; together with R8 it is read in two places."""
    batch = histories.batch(f"{SEED}/public", 200, replace(histories.DEFAULTS, activity_after_break=setting))
    engine_rows.load(db, batch)
    db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    for question in batch.questions:
        for function in ("sessions", "daily_hours", "weekly_hours"):
            found = db.execute(
                f"SELECT {engine_rows.COLUMNS.get(function, '*')} FROM timesheet.{function}(%s, %s, NULL, %s)",
                (question.since, question.until, engine_rows.instant(question.as_of_us)),
            ).fetchall()
            assert not engine_rows.differing_agents(function, found, engine_rows.expected(batch, function, question))


@pytest.mark.parametrize("batch", KEPT, ids=range(len(KEPT)))
def test_kept_histories(db, batch):
    compare(db, batch)


def test_workdays(db):
    """timesheet.assign_workday() is R3 and R4 of the oracle's."""
    batch = histories.batch(f"{SEED}/workdays", 1)
    rng = histories.random.Random(SEED)
    cases = []
    for agent in range(2000):
        zone, cutoff, is_overridden = (
            rng.choice(histories.ZONES),
            rng.choice([*histories.CUTOFFS, 24 * HOUR - 1]),
            rng.random() < 0.5,
        )
        for e in histories.history(agent, batch.settings, rng):
            cases.append((e.start_us, e.belongs_to_date, zone, cutoff, is_overridden))
    found = db.execute(
        """
        SELECT p.workday, (extract(epoch FROM p.workday_end) * 1000000)::bigint, p.is_odd
        FROM unnest(%s::timestamptz[], %s::date[], %s::text[], %s::time[], %s::boolean[]) WITH ORDINALITY AS c (at,
          belongs, zone, cutoff, over, n)
        CROSS JOIN LATERAL timesheet.assign_workday(c.at, c.belongs, c.zone, c.cutoff, c.over) AS p ORDER BY c.n""",
        (
            [engine_rows.instant(c[0]) for c in cases],
            [c[1] for c in cases],
            [c[2] for c in cases],
            [(datetime.datetime.min + datetime.timedelta(microseconds=c[3])).time() for c in cases],
            [c[4] for c in cases],
        ),
    ).fetchall()
    wrong = []
    for case, row in zip(cases, found, strict=True):
        workday, end_us, _, odd = histories.place(*case)
        if row != (workday, end_us, odd):
            wrong.append((case, row, (workday, end_us, odd)))
    assert wrong[:3] == []
