"""The main path: a whole organisation by HTTP through timesheetd; the hours equal the fake's own truth.

The expected hours come from intervals that were written down before any event was derived from
them, added up by another process that has no database.
"""

import psycopg
import pytest

from conftest import ENGINES, Daemon, set_cutoffs, truth_rows

pytestmark = pytest.mark.every_server


@pytest.fixture(scope="module")
def ingested(organisation, migrated_database):
    """The organisation's twelve weeks, by backfill, with the night groups' cut-off at noon."""
    daemon = Daemon(migrated_database(), organisation)
    daemon.must("backfill", "--since", "2026-08-30", "--until", "2026-11-25")
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        set_cutoffs(db, organisation)
        db.commit()
        yield daemon, db


def expected(organisation, *options):
    return truth_rows(organisation, "2026-08-31", "2026-11-23", *options)


def assert_same(found, wanted):
    wrong, missing = set(found) - set(wanted), set(wanted) - set(found)
    assert (sorted(wrong, key=repr)[:5], sorted(missing, key=repr)[:5], len(found)) == ([], [], len(wanted))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "function, period, option", [("weekly_hours", "week_start", []), ("daily_hours", "workday", ["--daily"])]
)
def test_hours_equal_the_truth(ingested, organisation, engine, function, period, option):
    _, db = ingested
    keys = [
        period,
        "group_id",
        "agent_id",
        "activity_id",
        "work_seconds",
        "unconfirmed_seconds",
        "break_seconds",
        "manual_seconds",
        "session_count",
        "incomplete_count",
    ]
    wanted = [tuple(row[key] for key in keys) for row in expected(organisation, *option)]
    assert len(wanted) > 1000
    db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    assert_same(
        db.execute(
            f"""
        SELECT h.{period}::text, g.jibble_id::text, a.jibble_id::text, v.jibble_id::text, work_seconds,
          unconfirmed_seconds, break_seconds, manual_seconds, session_count, incomplete_count
        FROM timesheet.{function}('2026-08-31', '2026-11-23', NULL, 'infinity') AS h
        JOIN timesheet.agents AS a USING (agent_id) LEFT JOIN timesheet.client_groups AS g
          ON g.client_group_id = h.client_group_id
        LEFT JOIN timesheet.activities AS v USING (activity_id)"""
        ).fetchall(),
        wanted,
    )


def test_notes_of_incomplete_sessions_equal_the_truth(ingested, organisation):
    _, db = ingested
    assert_same(
        db.execute(
            """SELECT a.jibble_id::text, n.code, to_char(n.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                      FROM timesheet.notes('2026-08-31', '2026-11-23', NULL, 'infinity') AS n
                      JOIN timesheet.agents AS a USING (agent_id)
                      WHERE n.code IN ('missing_clock_out', 'break_left_open', 'auto_clock_out')"""
        ).fetchall(),
        [(n["agent_id"], n["code"], n["at"]) for n in expected(organisation, "--notes")],
    )


def test_everything_the_api_shows_is_there_once(ingested, organisation):
    _, db = ingested
    counts = dict(db.execute("SELECT resource, count(*) FROM timesheet.raw_events GROUP BY resource").fetchall())
    assert counts | {"TimeEntries": 0, "HourEntries": 0} == {
        "Organizations": 1,
        "Groups": 26,
        "People": 76,
        "TimeTrackingPeople": 76,
        "Activities": 139,
        "Schedules": 3,
        "TimeEntries": 0,
        "HourEntries": 0,
    }
    (entries,) = db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone()
    assert counts["TimeEntries"] == entries > 13000


def test_a_second_pass_writes_nothing(ingested):
    daemon, db = ingested
    before = db.execute("SELECT count(*), max(raw_event_id) FROM timesheet.raw_events").fetchone()
    daemon.must("sync", "--since", "2026-11-01", "--until", "2026-11-25")
    assert db.execute("SELECT count(*), max(raw_event_id) FROM timesheet.raw_events").fetchone() == before
    assert db.execute(
        "SELECT status, new, changed, deleted FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
    ).fetchone() == ("succeeded", 0, 0, 0)


def test_no_pin_and_no_face_is_stored(ingested):
    _, db = ingested
    found = db.execute(
        r"SELECT payload::text FROM timesheet.raw_events WHERE payload::text ~* "
        r"'\"(pin|face|isFace|picture)\w*\"\s*:' LIMIT 1"
    ).fetchall()
    assert found == []
