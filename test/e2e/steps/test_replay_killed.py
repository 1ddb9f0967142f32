"""A replay that is ended at any moment goes on where it was: what is finished is not done again, and the
end is right."""

import random
import signal
import time

import psycopg
import pytest

from agency import (  # noqa: F401 (fixtures)
    agency_template,
    agents_with_entries,
    copies,
    damage_every_day,
    replays_left,
    slow_down,
    until_some_are_done,
)
from background import InTheBackground
from conftest import SUPERUSER_URI, Daemon, uri_of, wait_until
from normalised_tables import contents, unlike
from odd_history import connect

SEED = 20261201
WEEKS = 12
CALL = "CALL timesheet.replay_in_steps()"


@pytest.fixture
def world(copies):  # noqa: F811
    """(URI of a damaged, slow database, what it holds in the end)."""
    name = copies()
    with connect(uri_of(name)) as db:
        db.execute("SELECT timesheet.refresh()")
        right = contents(db)
        damage_every_day(db)
        slow_down(db)
    return uri_of(name), right


def is_right(db, right):
    assert replays_left(db) == (0, 0)
    db.execute("SELECT timesheet.refresh()")
    assert unlike(contents(db) | {"ingest_runs": right["ingest_runs"]}, right) == {}


def left(db):
    return {agent for agent, in db.execute("SELECT agent_id FROM timesheet.replay_agents")}


def backends(uri):
    """Those that are at work in the database for timesheetd."""
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        return [
            pid
            for pid, in db.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name LIKE 'timesheetd%%'",
                (uri.rsplit("/", 1)[1],),
            )
        ]


def until_it_is_gone(uri):
    """The server's processes of a timesheetd that was killed; how long they took to notice."""
    began = time.monotonic()
    wait_until(lambda: not backends(uri), 60)
    return time.monotonic() - began


def test_a_call_ended_by_the_server_goes_on_where_it_was(world, record_property):
    uri, right = world
    dice = random.Random(SEED)
    ended = 0
    with connect(uri) as db:
        agents, before = agents_with_entries(db), None
        for _ in range(8):
            call = connect(uri)
            thread = InTheBackground(call.execute, CALL)
            thread.ends_within(dice.uniform(0.05, 0.9))
            db.execute("SELECT pg_terminate_backend(%s, 10000)", (call.info.backend_pid,))
            try:
                thread.join()
                break
            except psycopg.OperationalError:
                ended += 1
            finally:
                call.close()
            now = left(db) & set(agents) if replays_left(db)[0] else None
            if before is not None and now is not None:
                assert now <= before, "a finished agent is to be done again"
            before = now if now is not None else before
        db.execute(CALL)
        record_property("summary", f"replay_in_steps() ended {ended} times, seed {SEED}")
        assert ended >= 1
        is_right(db, right)


def test_what_is_finished_is_not_done_again(world):
    """What is changed by hand in an agent that is finished stays until the next replay."""
    uri, right = world
    with connect(uri) as db, connect(uri) as call:
        thread = InTheBackground(call.execute, CALL)
        until_some_are_done(db)
        call.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            thread.join()
        rest = left(db)
        done = [agent for agent in agents_with_entries(db) if agent not in rest]
        assert done and rest
        (id,) = db.execute(
            "SELECT jibble_activity_id FROM timesheet.time_entries WHERE agent_id = %s AND raw_type = 'In' LIMIT 1",
            (done[0],),
        ).fetchone()
        db.execute("UPDATE timesheet.time_entries SET client_type = 'by hand' WHERE jibble_activity_id = %s", (id,))
        of_entry = "SELECT client_type, xmin::text FROM timesheet.time_entries WHERE jibble_activity_id = %s"
        written = db.execute(of_entry, (id,)).fetchone()
        histories = dict(
            db.execute(
                "SELECT agent_id, string_agg(xmin::text, ' ' ORDER BY valid_from) FROM timesheet.agent_history "
                "WHERE agent_id = ANY (%s) GROUP BY 1",
                (done,),
            ).fetchall()
        )
        db.execute(CALL)
        assert replays_left(db) == (0, 0)
        assert db.execute(of_entry, (id,)).fetchone() == written and written[0] == "by hand"
        assert (
            dict(
                db.execute(
                    "SELECT agent_id, string_agg(xmin::text, ' ' ORDER BY valid_from) FROM timesheet.agent_history "
                    "WHERE agent_id = ANY (%s) GROUP BY 1",
                    (done,),
                ).fetchall()
            )
            == histories
        )
        db.execute(CALL)
        is_right(db, right)


def test_timesheetd_killed_again_and_again_loses_nothing(world, record_property):
    uri, right = world
    daemon = Daemon(uri)
    dice = random.Random(SEED + 1)
    kills, slowest = 0, 0
    with connect(uri) as db:
        agents, before = agents_with_entries(db), None
        while replays_left(db)[0] or not kills:
            assert kills < 60, "it does not get on"
            process = daemon.start("replay")
            time.sleep(dice.uniform(0.1, 1.0))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            slowest = max(slowest, until_it_is_gone(uri))
            now = left(db) & set(agents) if replays_left(db)[0] else None
            if before is not None and now is not None:
                assert now <= before, "a finished agent is to be done again"
            before = now if now is not None else before
            if kills == 6:
                break
        daemon.must("replay")
        record_property(
            "summary",
            f"timesheetd replay killed {kills} times, its session ended within {slowest:.1f} s, seed {SEED + 1}",
        )
        is_right(db, right)


def test_timesheetd_stopped_ends_soon_and_goes_on(world):
    uri, right = world
    daemon = Daemon(uri)
    with connect(uri) as db:
        process = daemon.start("replay")
        until_some_are_done(db)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert time.monotonic() - began < 5
        until_it_is_gone(uri)
        assert replays_left(db)[0] == 1
        done = daemon.must("replay")
        assert "replay" in done.stderr
        is_right(db, right)


def test_its_log_shows_how_far_it_is(world):
    uri, right = world
    log = Daemon(uri).must("replay").stderr
    assert len([line for line in log.splitlines() if "replay" in line]) >= 2, log
    with connect(uri) as db:
        is_right(db, right)
