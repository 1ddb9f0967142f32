"""What holds of the hours whatever the events are: order and repetition of arrival, cuts of time, replay.

Random histories are fed as Jibble's objects, through the same functions that timesheetd calls.
"""

import json
import random
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from conftest import ENGINES
from engine_rows import FUNCTIONS
from oracle import histories
from oracle.workday import iso

SEED = 20261124
AGENTS = 150
AS_OF = "2026-10-25 10:00:00.5Z"
# Every row in words that two databases share: Jibble's ids for ours.
ROWS = """
    SELECT (to_jsonb(r) - 'agent_id' - 'client_group_id' - 'activity_id'
      || jsonb_build_object('agent', a.jibble_id, 'group', g.jibble_id, 'activity', v.jibble_id))::text
    FROM timesheet.{function}(%s, %s, NULL, %s) AS r
    JOIN timesheet.agents AS a ON a.agent_id = r.agent_id
    LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = r.client_group_id
    LEFT JOIN timesheet.activities AS v ON v.activity_id = (to_jsonb(r) ->> 'activity_id')::int"""
SUMS = "work_seconds unconfirmed_seconds break_seconds manual_seconds session_count incomplete_count".split()


def guid(kind, n):
    return None if n is None else str(UUID(int=(kind << 64) + n))


def objects():
    """{resource: [object]} of a random organisation; every entry in one version only."""
    rng = random.Random(SEED)
    batch = histories.batch(SEED, AGENTS, histories.DEFAULTS)
    group_of = {agent: rng.choice([None, *histories.GROUPS]) for agent in batch.entries}
    return {
        "Groups": [{"id": guid(1, g), "name": f"Group {g}"} for g in histories.GROUPS],
        "Activities": [{"id": guid(2, v), "name": f"Activity {v}"} for v in histories.ACTIVITIES],
        "People": [
            {
                "id": guid(3, a),
                "fullName": f"Agent {a}",
                "groupId": guid(1, group_of[a]),
                "status": "Joined",
                "ICultureSettings/TimeZone": rng.choice(histories.ZONES),
            }
            for a in batch.entries
        ],
        "TimeEntries": [
            {
                "id": str(e.jibble_activity_id),
                "personId": guid(3, e.agent_id),
                "type": e.raw_type,
                "time": iso(e.start_us),
                "belongsToDate": e.belongs_to_date and e.belongs_to_date.isoformat(),
                "activityId": guid(2, e.activity_id),
                "clientType": e.client_type,
                "status": "Archived" if e.deleted else "Active",
            }
            for of_agent in batch.entries.values()
            for e in of_agent
        ],
        "HourEntries": [
            {
                "id": guid(4, 10 * h.agent_id + n),
                "personId": guid(3, h.agent_id),
                "date": h.date.isoformat(),
                "duration": f"PT{h.seconds}S",
                "activityId": guid(2, h.activity_id),
                "status": "Archived" if h.deleted else "Active",
            }
            for of_agent in batch.hour_entries.values()
            for n, h in enumerate(of_agent)
        ],
    }


def feed(db, pages):
    """One ingest run of (resource, objects)."""
    (run,) = db.execute("SELECT timesheet.begin_run('test')").fetchone()
    for resource, page in pages:
        db.execute(
            "SELECT timesheet.store_page(%s::bigint, %s, %s::text[], %s::text[])",
            (run, resource, [o["id"] for o in page], [json.dumps(o) for o in page]),
        )
    db.execute("SELECT timesheet.finish_run(%s::bigint)", (run,))


@pytest.fixture(scope="module")
def orderly(migrated_database):
    """Everything once, dimensions first, in one run."""
    uri = migrated_database()
    with psycopg.connect(uri, autocommit=True) as db:
        feed(db, objects().items())
        yield db


def all_rows(db, function, since=None, until=None):
    return Counter(row for row, in db.execute(ROWS.format(function=function), (since, until, AS_OF)))


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_arrival_and_any_repetition_give_the_same_rows(orderly, migrated_database, seed):
    """Entries before the people and groups they name, old ones after new ones, and many of them again."""
    rng = random.Random(f"{SEED}/{seed}")
    arrivals = [(resource, o) for resource, of_resource in objects().items() for o in of_resource]
    arrivals += rng.choices(arrivals, k=len(arrivals) // 2)
    rng.shuffle(arrivals)
    uri = migrated_database()
    with psycopg.connect(uri, autocommit=True) as db:
        while arrivals:
            some = [arrivals.pop() for _ in range(min(len(arrivals), rng.randrange(1, 1500)))]
            pages = {}
            for resource, o in some:
                pages.setdefault(resource, []).append(o)
            feed(db, rng.sample(list(pages.items()), len(pages)))
        for engine in ENGINES:
            db.execute("SELECT timesheet.use_engine(%s)", (engine,))
            for function in FUNCTIONS:
                found, wanted = all_rows(db, function), all_rows(orderly, function)
                assert sum(wanted.values()) > AGENTS
                assert (list((found - wanted).elements())[:3], list((wanted - found).elements())[:3]) == ([], []), (
                    engine,
                    function,
                )
        # A, again A: nothing was stored twice.
        assert db.execute(
            "SELECT count(*) = count(DISTINCT (resource, jibble_id)) FROM timesheet.raw_events"
        ).fetchone() == (True,)


def summed(rows, period):
    """Rows of hours, as JSON texts, added up by everything but the sums."""
    sums = {}
    for text, times in rows.items():
        row = json.loads(text)
        values = [row.pop(name) * times for name in SUMS]
        row[period[0]] = period[1](row.pop(period[2]))
        key = json.dumps(row, sort_keys=True)
        sums[key] = [a + b for a, b in zip(sums.get(key, [0] * len(SUMS)), values)]
    return sums


def same(day):
    return day


@pytest.mark.parametrize("engine", ENGINES)
def test_two_adjoining_ranges_are_one(orderly, engine):
    orderly.execute("SELECT timesheet.use_engine(%s)", (engine,))
    rng = random.Random(SEED)
    for _ in range(15):
        eve = rng.choice(histories.EVES)
        a, b, c = sorted(eve + timedelta(days=rng.randrange(8)) for _ in range(3))
        a, c = rng.choice([(a, c), (None, c), (a, None)])
        for function in FUNCTIONS:
            whole, parts = all_rows(orderly, function, a, c), all_rows(orderly, function, a, b) + all_rows(
                orderly, function, b, c
            )
            if function == "weekly_hours":  # the week that is cut has a part on each side
                whole, parts = (summed(rows, ("week", same, "week_start")) for rows in (whole, parts))
            assert whole == parts, (function, a, b, c)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("week_starts_on", [1, 4, 7])
def test_sums_over_days_are_the_weeks(orderly, engine, week_starts_on):
    def week_of(day):
        day = date.fromisoformat(day)
        while day.isoweekday() != week_starts_on:
            day -= timedelta(days=1)
        return day.isoformat()

    orderly.execute("SELECT timesheet.use_engine(%s)", (engine,))
    orderly.execute("UPDATE timesheet.settings SET week_starts_on = %s", (week_starts_on,))
    days = summed(all_rows(orderly, "daily_hours"), ("week", week_of, "workday"))
    weeks = summed(all_rows(orderly, "weekly_hours"), ("week", same, "week_start"))
    orderly.execute("UPDATE timesheet.settings SET week_starts_on = 1")
    assert len(weeks) > AGENTS and days == weeks


def test_replay_changes_nothing(orderly):
    tables = ("time_entries", "hour_entries", "agents", "client_groups", "activities", "agent_history")

    def state():
        return {
            table: Counter(row for row, in orderly.execute(f"SELECT t::text FROM timesheet.{table} AS t"))
            for table in tables
        }

    orderly.execute(
        "SELECT timesheet.assign_client_group(min(a.agent_id), 1, '2026-03-08 00:00Z') FROM timesheet.agents AS a"
    )
    orderly.execute(
        "SELECT timesheet.set_working_time('2026-10-25', for_client_group => 2, day_cutoff => '12:00', "
        "time_zone => 'America/Havana')"
    )
    before, rows = state(), {function: all_rows(orderly, function) for function in FUNCTIONS}
    orderly.execute("SELECT timesheet.replay()")
    assert state() == before
    assert {function: all_rows(orderly, function) for function in FUNCTIONS} == rows
