"""timesheetd sync beside a replay: it waits for a step at most, or says at once for whom it waits;
and what it stored is right afterwards."""

import time

import psycopg
import pytest

from agency import (  # noqa: F401 (fixtures)
    WINDOW,
    Sync,
    agency_template,
    agents_in_window,
    agents_with_entries,
    copies,
    damage_every_day,
    edit,
    entries_in_window,
    is_stored,
    jibble,
    replays_left,
    slow_down,
    until_some_are_done,
)
from background import InTheBackground
from conftest import Daemon, uri_of
from locks import with_lock_timeout
from normalised_tables import STORED, contents, unlike
from odd_history import connect, guid
from reports import differences

CALL = "CALL timesheet.replay_in_steps()"
WEEKS = 8
STEP = 3  # seconds: a step is about one, on a machine that does nothing else


@pytest.fixture
def daemon(copies, jibble):  # noqa: F811
    return Daemon(uri_of(copies()), jibble)


@pytest.fixture
def db(daemon):
    with connect(daemon.environment["DATABASE_URL"]) as it:
        yield it


@pytest.fixture
def cut(daemon, db):
    """A replay that was ended in the middle: (agents that are finished, agents that are left)."""
    damage_every_day(db)
    slow_down(db, share=0.6)
    with connect(daemon.environment["DATABASE_URL"]) as call:
        thread = InTheBackground(call.execute, CALL)
        until_some_are_done(db)
        call.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            thread.join()
    left = {agent for agent, in db.execute("SELECT agent_id FROM timesheet.replay_agents")}
    agents = agents_in_window(db)
    return [a for a in agents if a not in left], [a for a in agents if a in left]


def person(n, group):
    return {
        "id": guid(f"new person {n}"),
        "fullName": f"New Person {n}",
        "groupId": group,
        "status": "Joined",
        "ICultureSettings/TimeZone": "Asia/Manila",
        "updatedAt": "2026-11-20T00:00:00Z",
    }


def join(jibble, db, n):  # noqa: F811
    """A new agent at Jibble with two entries; their ids."""
    (group,) = db.execute("SELECT min(jibble_id::text) FROM timesheet.client_groups").fetchone()
    jibble.admin("PUT", "objects/People", person(n, group))
    for kind, at in (("In", "01:00"), ("Out", "09:00")):
        jibble.admin(
            "PUT",
            "objects/TimeEntries",
            {
                "id": guid(f"{kind} of new person {n}"),
                "personId": guid(f"new person {n}"),
                "type": kind,
                "time": f"2026-11-23T{at}:00Z",
                "belongsToDate": "2026-11-23",
                "status": "Active",
            },
        )
    return [guid(f"{kind} of new person {n}") for kind in ("In", "Out")]


def is_a_function_of_what_is_raw(db):
    """Nothing is left to mend for a replay in one transaction, and the reports are exact."""
    db.execute("DROP TRIGGER IF EXISTS slow_down ON timesheet.time_entries")
    assert replays_left(db) == (0, 0)
    assert differences(db) == {}
    db.execute("SELECT timesheet.refresh()")
    found = contents(db)
    db.execute("SELECT timesheet.replay()")
    db.execute("SELECT timesheet.refresh()")
    assert unlike(found, contents(db)) == {}


def test_a_sync_waits_for_a_step_at_most(daemon, db, jibble):  # noqa: F811
    alone = time.monotonic()
    daemon.must("sync", *WINDOW)
    alone = time.monotonic() - alone
    damage_every_day(db)
    db.execute("SELECT timesheet.refresh()")  # else the sync would store all that first
    slow_down(db, share=0.6)
    agents = agents_in_window(db)
    replay = daemon.start("replay")
    until_some_are_done(db)
    edits = [edit(jibble, db, agent, 1) for agent in (agents[0], agents[-1])]
    began = time.monotonic()
    daemon.must("sync", *WINDOW)
    took = time.monotonic() - began
    assert replay.poll() is None and replays_left(db)[0] == 1, "the replay was over before the sync"
    assert took < alone + STEP, (took, alone)
    assert all(is_stored(db, *one) for one in edits)
    _, log = replay.communicate(timeout=60)
    assert replay.returncode == 0, log
    assert all(is_stored(db, *one) for one in edits)
    is_a_function_of_what_is_raw(db)


def test_what_a_sync_stores_between_two_steps_is_right_then_and_afterwards(daemon, db, jibble, cut):  # noqa: F811
    finished, left = cut
    assert finished and left
    edits = [edit(jibble, db, agent, 0) for agent in (finished[0], left[-1])]
    gone = [entries_in_window(db, agent)[1] for agent in (finished[-1], left[0])]
    moved = [entries_in_window(db, agent)[2] for agent in (finished[0], left[-1])]
    new = join(jibble, db, 1)
    for id in gone:
        jibble.admin("DELETE", f"objects/TimeEntries/{id}")
    whose = "SELECT a.jibble_id::text FROM timesheet.agents AS a WHERE a.agent_id = %s"
    people = [db.execute(whose, (agent,)).fetchone()[0] for agent in (left[-1], finished[0])]
    for id, to in zip(moved, people):  # from a finished agent to one that is left, and the other way
        jibble.admin("PATCH", f"objects/TimeEntries/{id}", {"personId": to})

    def is_right():
        assert all(is_stored(db, *one) for one in edits)
        of_entries = "SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE deleted_at IS {} AND " + (
            "jibble_activity_id::text = ANY (%s)"
        )
        assert {id for id, in db.execute(of_entries.format("NOT NULL"), (gone,))} == set(gone)
        assert {id for id, in db.execute(of_entries.format("NULL"), (new,))} == set(new)
        assert [
            db.execute(
                "SELECT a.jibble_id::text FROM timesheet.time_entries JOIN timesheet.agents AS a USING (agent_id) "
                "WHERE jibble_activity_id = %s",
                (id,),
            ).fetchone()[0]
            for id in moved
        ] == people
        assert differences(db) == {}

    daemon.must("sync", *WINDOW)
    assert replays_left(db)[0] == 1
    is_right()
    db.execute(CALL)
    is_right()
    is_a_function_of_what_is_raw(db)


def test_another_version_of_a_person_in_the_middle_is_effective(daemon, db, jibble, cut):  # noqa: F811
    finished, left = cut
    for agent in (finished[0], left[-1]):
        (id,) = db.execute("SELECT jibble_id FROM timesheet.agents WHERE agent_id = %s", (agent,)).fetchone()
        jibble.admin("PATCH", f"objects/People/{id}", {"fullName": f"Renamed {agent}"})
    daemon.must("sync", *WINDOW)
    names = "SELECT full_name FROM timesheet.agents WHERE agent_id = ANY (%s) ORDER BY 1"
    wanted = sorted((f"Renamed {agent}",) for agent in (finished[0], left[-1]))
    assert db.execute(names, ([finished[0], left[-1]],)).fetchall() == wanted
    db.execute(CALL)
    assert db.execute(names, ([finished[0], left[-1]],)).fetchall() == wanted
    is_a_function_of_what_is_raw(db)


def test_corrections_in_the_middle_hold_in_the_end(daemon, db, cut):
    finished, left = cut
    for agent in (finished[0], left[-1]):
        db.execute("SELECT timesheet.set_working_time('2026-08-01', for_agent => %s, day_cutoff => '12:00')", (agent,))
        db.execute("SELECT timesheet.assign_client_group(%s, 1, '2026-08-01')", (agent,))
    db.execute(CALL)
    for agent in (finished[0], left[-1]):
        assert db.execute(
            "SELECT count(*) FROM timesheet.time_entries WHERE agent_id = %s AND client_group_id <> 1 "
            "AND start_time_utc >= '2026-08-01'",
            (agent,),
        ).fetchone() == (0,)
    is_a_function_of_what_is_raw(db)


def test_beside_a_replay_in_one_transaction_a_sync_says_for_whom_it_waits(daemon, db, jibble):  # noqa: F811
    change = edit(jibble, db, agents_in_window(db)[0], 1)
    with psycopg.connect(daemon.environment["DATABASE_URL"], application_name="by hand") as holding:
        holding.execute("SELECT timesheet.replay()")
        sync = Sync(daemon, db)
        sync.until_it_waits()
        said = sync.says("held by role timesheet", 10)
        assert said - sync.waited_since < 1, sync.log()
        assert f"(by hand, server process {holding.info.backend_pid})" in sync.log()
        assert sync.process.poll() is None and not is_stored(db, *change)
        holding.commit()
    status, _ = sync.end()
    assert status == 0, sync.log()
    assert is_stored(db, *change)
    is_a_function_of_what_is_raw(db)


def test_the_second_of_two_replays_gives_up_with_75_and_names_the_first(daemon, db):
    damage_every_day(db)
    slow_down(db, share=0.6)
    first = daemon.start("replay")
    until_some_are_done(db)
    second = daemon("replay", DATABASE_URL=with_lock_timeout(daemon.environment["DATABASE_URL"], "300ms"))
    assert second.returncode == 75, second.stderr
    assert "the replay lock could not be taken within 300ms" in second.stderr
    assert f"process {first.pid}" in second.stderr
    _, log = first.communicate(timeout=60)
    assert first.returncode == 0, log
    is_a_function_of_what_is_raw(db)


def test_neither_lock_of_a_pass_is_in_the_way_of_the_other(daemon, db):
    """A replay holds up no pass, and a pass no replay."""
    uri = daemon.environment["DATABASE_URL"]
    impatient = with_lock_timeout(uri, "5s")
    with psycopg.connect(uri) as holding:
        holding.execute("SELECT timesheet.take_ingest_lock()")
        daemon.must("replay", DATABASE_URL=impatient)
        holding.rollback()
        holding.execute("SELECT timesheet.take_replay_lock()")
        daemon.must("sync", *WINDOW, DATABASE_URL=impatient)
        assert daemon("replay", DATABASE_URL=with_lock_timeout(uri, "300ms")).returncode == 75


def test_everything_at_once_ends_right(daemon, db, jibble):  # noqa: F811
    """Syncs with news of each agent, one after another, beside a replay of the whole."""
    damage_every_day(db)
    slow_down(db, share=0.6)
    replay = InTheBackground(lambda: connect(daemon.environment["DATABASE_URL"]).execute(CALL))
    edits, n = {}, 0
    for agent in agents_in_window(db)[:5]:
        edits[agent] = edit(jibble, db, agent, 1, 120 + n)
        n += 1
        daemon.must("sync", *WINDOW)
        assert is_stored(db, *edits[agent])
    replay.join()
    assert all(is_stored(db, *one) for one in edits.values())
    is_a_function_of_what_is_raw(db)
    assert len(agents_with_entries(db)) == 12 and contents(db, *STORED)["session_rollup"]
