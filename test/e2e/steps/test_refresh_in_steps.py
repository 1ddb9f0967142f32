"""CALL timesheet.refresh_in_steps() after a change that makes every day stale: others see the backlog shrink, reports
stay exact, a sync does not wait for it."""

import datetime
import random
import threading
import time

import psycopg
import pytest

from agency import (  # noqa: F401 (fixtures)
    WINDOW,
    Sync,
    agency_template,
    agents_in_window,
    copies,
    edit,
    is_stored,
    jibble,
    slow_down,
)
from background import InTheBackground
from conftest import Daemon, uri_of, wait_until
from normalised_tables import STORED, contents, unlike
from odd_history import connect, guid
from reports import COMPARED, PAIRS, differences

SEED = 20261202
WEEKS = 12
CALL = "CALL timesheet.refresh_in_steps()"
BACKLOG = "SELECT count(*) FROM (SELECT DISTINCT agent_id, workday FROM timesheet.stale_days) AS s"


def make_every_day_stale(db):
    db.execute("UPDATE timesheet.settings SET missing_clock_out = 'zero'")
    return backlog(db)


def backlog(db):
    return db.execute(BACKLOG).fetchone()[0]


@pytest.fixture
def uri(copies):  # noqa: F811
    """Of a database whose every day is stale, and in which storing takes as long as in a large one."""
    uri = uri_of(copies())
    with connect(uri) as db:
        assert make_every_day_stale(db) > 500
        slow_down(db, "daily_rollup", 0.6)
    return uri


@pytest.fixture
def db(uri):
    with connect(uri) as it:
        yield it


@pytest.fixture
def stored(copies):  # noqa: F811
    """What is stored once it is done."""
    with connect(uri_of(copies())) as db:
        make_every_day_stale(db)
        db.execute("SELECT timesheet.refresh()")
        return contents(db, *STORED)


def until_it_shrank(db, most):
    """Waits until a part of the backlog is done; what is left."""
    return wait_until(lambda: left if 0 < (left := backlog(db)) < most else None, 30)


def test_the_backlog_shrinks_for_everybody_while_it_runs(uri, db, stored):
    seen = [backlog(db)]
    with connect(uri) as call:
        thread = InTheBackground(call.execute, CALL)
        while not thread.ends_within(0.05):
            seen.append(backlog(db))
        thread.join()
    seen.append(backlog(db))
    assert seen == sorted(seen, reverse=True) and seen[-1] == 0
    assert len(set(seen)) >= 4, sorted(set(seen))
    assert unlike(contents(db, *STORED), stored) == {}


def test_a_step_is_short(uri, db):
    """About half a second each, on a machine that does nothing else."""
    with connect(uri) as call:
        changes = [(time.monotonic(), backlog(db))]
        thread = InTheBackground(call.execute, CALL)
        while not thread.ends_within(0.02):
            if (left := backlog(db)) != changes[-1][1]:
                changes.append((time.monotonic(), left))
        thread.join()
    assert max(later - at for (at, _), (later, _) in zip(changes, changes[1:])) < 2


def test_reports_stay_exact_throughout(uri):
    wrong, looked, is_over = [], 0, threading.Event()

    def reader():
        nonlocal looked
        with psycopg.connect(uri, autocommit=True) as db:
            while not is_over.is_set():
                for view, (shown, wanted) in PAIRS.items():
                    counts = db.execute(COMPARED.format(shown=shown, wanted=wanted)).fetchone()
                    if counts[2] or counts[3] or counts[0] != counts[1]:
                        wrong.append((view, counts))
                looked += 1

    thread = InTheBackground(reader)
    try:
        with connect(uri) as call:
            call.execute(CALL)
    finally:
        is_over.set()
        thread.join()
    assert wrong == [] and looked > 0


def test_a_sync_does_not_wait_for_it(uri, jibble):  # noqa: F811
    daemon = Daemon(uri, jibble)
    with connect(uri) as db, connect(uri) as call:
        daemon.must("sync", *WINDOW)  # nothing new; stores what was stale
        make_every_day_stale(db)
        db.execute("UPDATE timesheet.settings SET long_session = '11 hours', missing_clock_out = 'day_end'")
        most = backlog(db)
        assert most > 500
        (change,) = (edit(jibble, db, agents_in_window(db)[0], 1),)
        slow_down(db, "daily_rollup", 1)
        thread = InTheBackground(call.execute, CALL)
        until_it_shrank(db, most)
        began = time.monotonic()
        daemon.must("sync", *WINDOW)
        took = time.monotonic() - began
        assert thread.is_alive() and backlog(db) > 0, "the refresh was over before the sync"
        assert took < 4
        assert is_stored(db, *change)
        thread.join()
        assert backlog(db) == 0
        assert differences(db) == {}


def test_ended_at_any_moment_it_goes_on(uri, db, stored, record_property):
    dice, ended, before = random.Random(SEED), 0, backlog(db)
    for _ in range(12):
        call = connect(uri)
        thread = InTheBackground(call.execute, CALL)
        thread.ends_within(dice.uniform(0.1, 1.2))
        db.execute("SELECT pg_terminate_backend(%s, 10000)", (call.info.backend_pid,))
        try:
            thread.join()
            break
        except psycopg.OperationalError:
            ended += 1
        finally:
            call.close()
        assert backlog(db) <= before
        before = backlog(db)
    db.execute(CALL)
    record_property("summary", f"refresh_in_steps() ended {ended} times, seed {SEED}")
    assert ended >= 1 and backlog(db) == 0
    assert unlike(contents(db, *STORED), stored) == {}


def test_two_at_once_end_right_and_neither_waits_for_the_other(uri, db, stored):
    both = [connect(uri) for _ in range(2)]
    threads = [InTheBackground(both[0].execute, CALL)]
    until_it_shrank(db, backlog(db) + 1)
    began = time.monotonic()
    threads.append(InTheBackground(both[1].execute, CALL))
    threads[1].join()
    assert time.monotonic() - began < 3 or not threads[0].is_alive()
    threads[0].join()
    for call in both:
        call.close()
    db.execute(CALL)  # what was marked meanwhile
    assert backlog(db) == 0
    assert unlike(contents(db, *STORED), stored) == {}


def test_refresh_itself_is_still_one_transaction(uri, db, stored):
    most, seen = backlog(db), set()
    with connect(uri) as call:
        thread = InTheBackground(call.execute, "SELECT timesheet.refresh()")
        while not thread.ends_within(0.05):
            seen.add(backlog(db))
        assert thread.join().fetchone()[0] == most
    assert seen <= {most, 0}
    assert unlike(contents(db, *STORED), stored) == {}


def test_within_a_transaction_nothing_is_done(uri, db):
    most = backlog(db)
    with psycopg.connect(uri) as call:
        call.execute("SELECT 1")
        with pytest.raises(psycopg.errors.InvalidTransactionTermination):
            call.execute(CALL)
    assert backlog(db) == most


def enter_running_shift(db):
    """Agent 1 clocked in an hour ago, and in the week before; the running day's workday."""
    now = datetime.datetime.now(datetime.timezone.utc)
    at = now - datetime.timedelta(hours=1)
    (agent,) = db.execute("SELECT min(agent_id) FROM timesheet.time_entries").fetchone()
    db.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
        "workday_end) VALUES (%s, %s, %s, 'In', %s::date, %s::date + interval '1 day')",
        (guid("running"), agent, at, at.date(), at.date()),
    )
    return agent, at.date()


def test_running_days_stay_marked_and_do_not_loop(uri, db):
    agent, day = enter_running_shift(db)
    with connect(uri) as call:
        thread = InTheBackground(call.execute, CALL)
        assert thread.ends_within(60), "it loops"
        thread.join()
        left = db.execute("SELECT DISTINCT agent_id, workday FROM timesheet.stale_days").fetchall()
        assert left and all(of == agent and abs((on - day).days) <= 1 for of, on in left)
        began = time.monotonic()
        call.execute(CALL)
        assert time.monotonic() - began < 3
    assert differences(db) == {}


def test_the_job_refreshes_in_steps_and_leaves_it_to_another(uri, db):
    """What pg_cron calls; that it really does is shown in test_jobs.py."""
    ((command,),) = db.execute("SELECT command FROM timesheet.jobs() WHERE name = 'timesheet-refresh'").fetchall()
    with psycopg.connect(uri) as holding:
        holding.execute("SELECT timesheet.lock_refresh()")
        most, began = backlog(db), time.monotonic()
        db.execute(command)
        assert time.monotonic() - began < 2 and backlog(db) == most
    thread = InTheBackground(lambda: connect(uri).execute(command))
    until_it_shrank(db, most)
    thread.join()
    assert backlog(db) == 0


def test_a_sync_with_a_backlog_refreshes_in_steps(uri, db, jibble):  # noqa: F811
    most = backlog(db)
    sync = Sync(Daemon(uri, jibble), db)
    until_it_shrank(db, most)
    assert sync.process.poll() is None
    assert sync.end()[0] == 0, sync.log()
    assert backlog(db) == 0
