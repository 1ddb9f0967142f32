"""kill -9 at any moment, and a server that goes away: begun again, everything is there, once, and equals the truth."""

import pathlib
import random
import signal
import statistics
import subprocess
import time

import psycopg
import pytest

from conftest import (
    TIMESHEETD,
    Daemon,
    FakeJibble,
    create_database,
    drop_databases,
    set_cutoffs,
    uri_of,
    wait_until,
)
from test_truth import assert_same, expected

SEED = 20261124
PARTS = 3  # any process runs the next one
MOMENTS = 20  # of each part
WINDOW = ("--since", "2026-10-25", "--until", "2026-11-25")
ROOT = pathlib.Path(__file__).parents[3]
KEYS = [
    "workday",
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


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    """An organisation of two weeks and the days since then: in two slices of a backfill."""
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "2")
    yield fake
    fake.stop()


@pytest.fixture
def copy(migrated_template, weeks):
    """Makes a migrated database, in place of the one before, and timesheetd before it."""
    made = []

    def make():
        drop_databases(made)
        made[:] = [create_database(migrated_template)]
        daemon = Daemon(uri_of(made[0]), weeks)
        daemon.environment["JIBBLE_PAGE_SIZE"] = "125"
        return daemon

    yield make
    drop_databases(made)


def place(db):
    """Where the daemon was: what its run log shows."""
    runs = db.execute(
        "SELECT ingest_run_id, status, pages, rows FROM timesheet.ingest_runs ORDER BY ingest_run_id"
    ).fetchall()
    if not runs:
        return "before the first run", False
    # A slice may be read while the one before is derived: then two are open.
    told = "; ".join(
        f"run {number} {'open' if status == 'running' else status}, {pages} pages, {rows} rows"
        for number, status, pages, rows in runs
    )
    return told, any(status == "running" for _, status, _, _ in runs)


def hours(db):
    return db.execute(
        """
        SELECT h.workday::text, g.jibble_id::text, a.jibble_id::text, v.jibble_id::text, work_seconds,
          unconfirmed_seconds, break_seconds, manual_seconds, session_count, incomplete_count
        FROM timesheet.daily_hours('2026-10-26', '2026-11-23', NULL, 'infinity') AS h
        JOIN timesheet.agents AS a USING (agent_id) LEFT JOIN timesheet.client_groups AS g
          ON g.client_group_id = h.client_group_id
        LEFT JOIN timesheet.activities AS v USING (activity_id)"""
    ).fetchall()


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_moment_it_loses_and_doubles_nothing(copy, weeks, record_property, part):
    wanted = [tuple(row[key] for key in KEYS) for row in expected(weeks, "--daily") if row["workday"] >= "2026-10-26"]
    assert len(wanted) > 1000
    durations = []
    for _ in range(3):
        daemon = copy()
        begin = time.monotonic()
        daemon.must("backfill", *WINDOW)
        durations.append(time.monotonic() - begin)
    duration = statistics.median(durations)
    rng = random.Random(f"{SEED}/{part}")
    open_runs = 0
    # So many, and as many more as it takes to meet an open run in half as many: a busy machine starts a process late.
    for number in range(3 * MOMENTS):
        if number >= MOMENTS and open_runs >= MOMENTS / 2:
            break
        daemon = copy()
        moment = rng.uniform(0, duration)
        process = daemon.start("backfill", *WINDOW)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
            where, is_open = place(db)
            open_runs += is_open
            record_property("summary", f"kill {part}.{number} at {moment:.3f} s of {duration:.3f} s: {where}")
            daemon.must("backfill", *WINDOW)
            set_cutoffs(db, weeks)
            assert_same(hours(db), wanted)
            assert db.execute(
                "SELECT count(*) FROM (SELECT FROM timesheet.raw_events GROUP BY resource, jibble_id "
                "HAVING count(*) > 1) AS twice"
            ).fetchone() == (0,)
            # The server finishes what it was asked before it notices that the client is gone,
            # so an open run may still have succeeded.
            left = db.execute("SELECT status, error FROM timesheet.ingest_runs WHERE status <> 'succeeded'").fetchall()
            interrupted = ("failed", "interrupted: the process ended without closing the run")
            assert left in ([], [interrupted], [interrupted] * 2)  # it may even have opened one just now
    assert open_runs >= MOMENTS / 2, f"only {open_runs} kills met an open run"


def test_a_server_restarted_in_the_middle_of_a_pass(tmp_path, weeks):
    """The pass is lost and closed as failed; the service goes on with the next one."""
    stage = pathlib.Path(TIMESHEETD).parents[1] / "stage"

    def cluster(*arguments):
        return subprocess.run(
            [ROOT / "test" / "cluster.sh", *arguments], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    directory = tmp_path / "cluster"
    uri = cluster("scratch", directory, stage)
    try:
        daemon = Daemon(uri, weeks)
        daemon.must("migrate")
        weeks.admin("POST", "faults", {"path_contains": "Activities", "times": 1, "action": "slow", "seconds": 3})
        process = daemon.start("run", SYNC_INTERVAL="1", SYNC_LOOKBACK_DAYS="366")
        with psycopg.connect(uri, autocommit=True) as db:
            wait_until(
                lambda: db.execute(
                    "SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'running' AND pages > 0"
                ).fetchone()[0]
            )
        cluster("stop", directory)
        wait_until(lambda: "cannot connect to PostgreSQL" in process.stderr.readline())
        assert process.poll() is None
        assert cluster("start", directory, stage) == uri
        with psycopg.connect(uri, autocommit=True) as db:
            wait_until(
                lambda: db.execute("SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'succeeded'").fetchone()[
                    0
                ]
            )
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=20)
            assert process.returncode == 0, log
            assert db.execute(
                "SELECT status, error FROM timesheet.ingest_runs ORDER BY ingest_run_id LIMIT 1"
            ).fetchone() == ("failed", "interrupted: the process ended without closing the run")
            daemon.must("backfill", *WINDOW)  # the service's window moves on with the clock
            set_cutoffs(db, weeks)
            assert_same(
                hours(db),
                [
                    tuple(row[key] for key in KEYS)
                    for row in expected(weeks, "--daily")
                    if row["workday"] >= "2026-10-26"
                ],
            )
    finally:
        cluster("stop", directory)
