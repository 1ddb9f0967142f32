"""The views are exact at every moment: whatever changed, before a refresh and after it, by both engines."""

import contextlib
import time

import psycopg
import pytest

from conftest import Daemon, FakeJibble
from reports import PAIRS, contents, differences

pytestmark = pytest.mark.every_server

WINDOW = ("--since", "2026-11-09", "--until", "2026-11-25")


@pytest.fixture(scope="module")
def organisation(tmp_path_factory):
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "2")
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def ingested(migrated_database, organisation):
    daemon = Daemon(migrated_database(), organisation)
    daemon.must("sync", *WINDOW)
    return daemon


@pytest.fixture(scope="module")
def db(ingested):
    with psycopg.connect(ingested.environment["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def one(db, query, *parameters):
    return db.execute(query, parameters).fetchone()[0]


def stale(db):
    return one(db, "SELECT count(*) FROM timesheet.stale_agent_days")


def refreshed(db):
    """Refreshes until only what is running is left to the engine."""
    db.execute("SELECT timesheet.refresh()")
    return stale(db)


def is_exact(db):
    """Before a refresh, after it, and after another one, which has nothing to change."""
    before = differences(db)
    refreshed(db)
    after = differences(db)
    rows = one(db, "SELECT count(*) FROM timesheet.daily_rollup")
    refreshed(db)
    assert one(db, "SELECT count(*) FROM timesheet.daily_rollup") == rows
    return (before, after) == ({}, {}) or pytest.fail(f"{before}\n{after}")


@contextlib.contextmanager
def without_refresh(db):
    """timesheetd refreshes after each pass; here it finds a procedure that does not."""
    db.execute("ALTER PROCEDURE timesheet.refresh_in_steps() RENAME TO refresh_kept")
    db.execute("CREATE PROCEDURE timesheet.refresh_in_steps() LANGUAGE sql AS ''")
    yield
    db.execute("DROP PROCEDURE timesheet.refresh_in_steps()")
    db.execute("ALTER PROCEDURE timesheet.refresh_kept() RENAME TO refresh_in_steps")


def test_a_pass_leaves_nothing_stale_but_what_is_running(db):
    assert one(db, "SELECT count(*) FROM timesheet.daily_rollup") > 500
    assert stale(db) == one(
        db,
        "SELECT count(DISTINCT (agent_id, workday)) FROM timesheet.sessions(NULL, NULL) WHERE end_reason = 'running'",
    )


def test_after_the_first_ingest(db):
    db.execute("SELECT timesheet.mark_all_days()")
    assert stale(db) > 300
    assert is_exact(db)
    assert stale(db) == one(
        db,
        "SELECT count(DISTINCT (agent_id, workday)) FROM timesheet.sessions(NULL, NULL) WHERE end_reason = 'running'",
    )
    assert one(db, "SELECT count(*) FROM timesheet.daily_report") > 500


# Each leaves the organisation as another one, so they stand on each other in this order.
def change_late(fake, entries):
    fake.admin(
        "PUT",
        "objects/TimeEntries",
        entries["break"]
        | {
            "id": "00000000-0000-4000-8000-00000000a001",
            "type": "In",
            "time": entries["break"]["time"].replace(":00Z", ":30Z"),
        },
    )


def change_edited(fake, entries):
    fake.admin(
        "PATCH", f"objects/TimeEntries/{entries['in']['id']}", {"time": entries["in"]["time"][:11] + "00:00:00Z"}
    )


def change_archived(fake, entries):
    fake.admin("PATCH", f"objects/TimeEntries/{entries['out']['id']}", {"status": "Archived"})


def change_vanished(fake, entries):
    fake.admin("DELETE", f"objects/TimeEntries/{entries['break']['id']}")


def change_returned(fake, entries):
    fake.admin("PUT", "objects/TimeEntries", entries["break"])
    fake.admin("PATCH", f"objects/TimeEntries/{entries['out']['id']}", {"status": "Active"})


def change_moved_to_another_agent(fake, entries):
    fake.admin("PATCH", f"objects/TimeEntries/{entries['out']['id']}", {"personId": entries["other"]["personId"]})


def change_of_group(fake, entries):
    fake.admin("PATCH", f"objects/People/{entries['in']['personId']}", {"groupId": entries["group"]})


def change_of_an_unknown_type(fake, entries):
    fake.admin("PATCH", f"objects/TimeEntries/{entries['in']['id']}", {"type": "Teleport"})


@pytest.fixture(scope="module")
def entries(db):
    """An agent's day with a break in it, and somebody else's entry and group."""
    agent, day = db.execute(
        "SELECT agent_id, workday FROM timesheet.time_entries WHERE raw_type = 'StartBreak' "
        "AND workday BETWEEN '2026-11-12' AND '2026-11-18'"
        " AND client_group_id IS NOT NULL ORDER BY workday, jibble_activity_id LIMIT 1"
    ).fetchone()

    def payload(raw_type, condition="e.agent_id = %s AND e.workday = %s"):
        return one(
            db,
            "SELECT r.payload FROM timesheet.time_entries AS e JOIN timesheet.raw_events AS r "
            "ON r.jibble_id = e.jibble_activity_id"
            f" WHERE e.raw_type = %s AND {condition} ORDER BY e.start_time_utc LIMIT 1",
            raw_type,
            agent,
            day,
        )

    return {
        "in": payload("In"),
        "out": payload("Out"),
        "break": payload("StartBreak"),
        "other": payload("In", "e.agent_id <> %s AND e.workday = %s"),
        "group": one(
            db,
            "SELECT g.jibble_id::text FROM timesheet.client_groups AS g JOIN timesheet.agents AS a "
            "ON a.client_group_id <> g.client_group_id"
            " WHERE a.agent_id = %s AND g.name IS NOT NULL ORDER BY 1 LIMIT 1",
            agent,
        ),
    }


@pytest.mark.parametrize(
    "change",
    [
        change_late,
        change_edited,
        change_archived,
        change_vanished,
        change_returned,
        change_moved_to_another_agent,
        change_of_group,
        change_of_an_unknown_type,
    ],
    ids=lambda change: change.__name__,
)
def test_after_each_change_that_ingest_can_bring(ingested, organisation, db, entries, change):
    refreshed(db)
    before = contents(db, "session_log")
    change(organisation, entries)
    with without_refresh(db):
        ingested.must("sync", *WINDOW)
    assert change is change_of_group or stale(db) > one(
        db,
        "SELECT count(DISTINCT (agent_id, workday)) FROM timesheet.sessions(NULL, NULL) WHERE end_reason = 'running'",
    )
    assert is_exact(db)
    # A group move holds from now on, where there is no entry yet.
    assert change is change_of_group or contents(db, "session_log") != before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE timesheet.settings SET missing_clock_out = 'zero'",
        "UPDATE timesheet.settings SET activity_after_break = 'carried_on'",
        "UPDATE timesheet.settings SET overnight_switch = '2 hours', long_session = '3 hours'",
        "UPDATE timesheet.settings SET max_session = '5 hours'",
        "UPDATE timesheet.settings SET week_starts_on = 7",
        "UPDATE timesheet.settings SET day_cutoff = '06:00'",
        "UPDATE timesheet.settings SET default_time_zone = 'America/New_York'",
        "UPDATE timesheet.client_groups SET week_starts_on = 3 WHERE client_group_id = (SELECT client_group_id "
        "FROM timesheet.daily_report WHERE client_group_id IS NOT NULL ORDER BY 1 LIMIT 1)",
        "SELECT timesheet.set_working_time('2026-11-12', for_client_group => (SELECT client_group_id "
        "FROM timesheet.daily_report WHERE client_group_id IS NOT NULL ORDER BY 1 LIMIT 1),"
        " time_zone => 'Europe/London', day_cutoff => '12:00')",
        "SELECT timesheet.assign_client_group((SELECT min(agent_id) "
        "FROM timesheet.time_entries), (SELECT max(client_group_id) FROM timesheet.client_groups), '2026-11-11')",
        "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '9 hours' "
        "WHERE jibble_activity_id IN (SELECT jibble_activity_id FROM timesheet.time_entries ORDER BY 1 LIMIT 30)",
        "UPDATE timesheet.time_entries SET jibble_activity_id = gen_random_uuid() "
        "WHERE jibble_activity_id IN (SELECT jibble_activity_id FROM timesheet.time_entries ORDER BY 1 LIMIT 5)",
        "DELETE FROM timesheet.time_entries WHERE jibble_activity_id IN (SELECT jibble_activity_id "
        "FROM timesheet.time_entries ORDER BY 1 DESC LIMIT 30)",
        "UPDATE timesheet.hour_entries SET seconds = seconds + 60, workday = workday + 1",
        "DELETE FROM timesheet.hour_entries",
        "SELECT timesheet.replay()",
        "TRUNCATE timesheet.time_entries",
    ],
)
def test_after_each_change_that_a_person_can_make(db, statement):
    refreshed(db)
    before = contents(db, *PAIRS)
    db.execute(statement)
    assert is_exact(db)
    assert "default_time_zone" in statement or contents(db, *PAIRS) != before


@pytest.fixture
def empty_db(migrated_database):
    """Migrated, and with nothing in it."""
    uri = migrated_database()
    with psycopg.connect(uri, autocommit=True) as connection:
        yield connection


def test_what_is_running_stays_exact_as_the_clock_goes_on(empty_db):
    empty_db.execute("INSERT INTO timesheet.agents (agent_id, jibble_id) VALUES (1, gen_random_uuid())")
    empty_db.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
        "workday_end)"
        " SELECT gen_random_uuid(), 1, now() - a * interval '1 second', t, "
        "(now() - a * interval '1 second')::date, date_trunc('day', now()) + interval '1 day'"
        " FROM (VALUES (200000, 'In'), (199000, 'Out'), (100, 'In')) AS v (a, t)"
    )
    assert refreshed(empty_db) == 1
    first = one(empty_db, "SELECT sum(work_seconds) FROM timesheet.daily_report")
    time.sleep(1.1)
    assert one(empty_db, "SELECT sum(work_seconds) FROM timesheet.daily_report") > first
    assert differences(empty_db) == {}
    # A mark for it again and again does not pile up.
    for _ in range(3):
        empty_db.execute(
            "UPDATE timesheet.time_entries SET activity_id = NULL, is_manual = NOT coalesce(is_manual, false), "
            "start_time_utc = start_time_utc - interval '1 second' WHERE raw_type = 'In'"
        )
        empty_db.execute("SELECT timesheet.refresh()")
    assert one(empty_db, "SELECT count(*) FROM timesheet.stale_days") == 1
    empty_db.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
        "workday_end)"
        " VALUES (gen_random_uuid(), 1, now(), 'Out', now()::date, date_trunc('day', now()) + interval '1 day')"
    )
    assert refreshed(empty_db) == 0 and differences(empty_db) == {}


def test_the_zone_of_a_day_of_typed_in_hours_is_the_agents_and_a_far_day_stops_nothing(empty_db):
    empty_db.execute("INSERT INTO timesheet.agents (agent_id, jibble_id) VALUES (1, gen_random_uuid())")
    empty_db.execute("SELECT timesheet.rebuild_agent_history(ARRAY[1])")
    empty_db.execute(
        "INSERT INTO timesheet.hour_entries (jibble_id, agent_id, workday, seconds) "
        "SELECT gen_random_uuid(), 1, d, 60 FROM unnest(ARRAY['2026-03-02', '2999-12-31']::date[]) AS d"
    )
    refreshed(empty_db)
    empty_db.execute("SELECT timesheet.set_working_time('2020-01-01', 1, NULL, 'Europe/London')")
    assert (
        empty_db.execute("SELECT time_zone, work_seconds FROM timesheet.attendance").fetchall()
        == [("Europe/London", 60)] * 2
    )
    assert empty_db.execute("SELECT count(*) FROM timesheet.explain('2999-12-31', 1)").fetchone() == (2,)
    empty_db.execute("SELECT count(*) FROM timesheet.explain('300000-01-01', 1)")  # later than any entry can be


def test_names_stand_where_something_is_missing(empty_db):
    empty_db.execute(
        "INSERT INTO timesheet.agents (agent_id, jibble_id, full_name) "
        "VALUES (1, gen_random_uuid(), 'Ana'), (2, gen_random_uuid(), NULL)"
    )
    empty_db.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
        "workday_end)"
        " SELECT gen_random_uuid(), a, timestamptz '2026-03-02 09:00Z' + h * interval '1 hour', t, '2026-03-02', "
        "'2026-03-03 00:00Z'"
        " FROM unnest(ARRAY[1, 2]) AS a, (VALUES (0, 'In'), (1, 'Out')) AS v (h, t)"
    )
    for _ in ("before a refresh", "after it"):
        for view in ("daily_report", "weekly_report"):
            assert empty_db.execute(
                f"SELECT client_group, agent, activity, trim_scale(hours) FROM timesheet.{view} ORDER BY agent"
            ).fetchall() == [
                ("(no client group)", "(unnamed agent)", "(no activity)", 1),
                ("(no client group)", "Ana", "(no activity)", 1),
            ]
        assert empty_db.execute(
            "SELECT agent, client_group, activity FROM timesheet.session_log ORDER BY agent"
        ).fetchall() == [
            ("(unnamed agent)", "(no client group)", "(no activity)"),
            ("Ana", "(no client group)", "(no activity)"),
        ]
        empty_db.execute("SELECT timesheet.refresh()")


def test_attendance_shows_both_zones_across_a_change_of_the_clocks(empty_db):
    """New York's clocks go back in the night to 2026-11-01: a shift of ten hours from 22:00 ends at 07:00 there, in
    Manila it is 10:00 to 20:00."""
    empty_db.execute(
        "INSERT INTO timesheet.client_groups (client_group_id, jibble_id, name, time_zone) "
        "VALUES (1, gen_random_uuid(), 'Client', 'America/New_York')"
    )
    empty_db.execute(
        "INSERT INTO timesheet.agents (agent_id, jibble_id, full_name) VALUES (1, gen_random_uuid(), 'Ana')"
    )
    empty_db.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, "
        "time_zone, raw_type, workday, workday_end)"
        " SELECT gen_random_uuid(), 1, 1, at, 'Asia/Manila', t, '2026-11-01', '2026-11-01 16:00Z'"
        " FROM (VALUES ('2026-11-01 02:00Z'::timestamptz, 'In'), ('2026-11-01 12:00Z', 'Out')) AS v (at, t)"
    )
    for _ in ("before a refresh", "after it"):
        assert empty_db.execute(
            "SELECT clock_in_local::text, clock_out_local::text, clock_in_client::text, clock_out_client::text, "
            "last_activity_client::text,"
            " trim_scale(work_hours) FROM timesheet.attendance"
        ).fetchall() == [
            (
                "2026-11-01 10:00:00",
                "2026-11-01 20:00:00",
                "2026-10-31 22:00:00",
                "2026-11-01 07:00:00",
                "2026-11-01 07:00:00",
                10,
            )
        ]
        empty_db.execute("SELECT timesheet.refresh()")
