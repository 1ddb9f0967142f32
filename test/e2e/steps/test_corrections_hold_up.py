"""A correction holds up only who writes of the agents that it touches, and no reader."""

import threading
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
    edit,
    is_stored,
    jibble,
)
from background import InTheBackground, waits_for_a_lock
from conftest import Daemon, uri_of
from locks import with_lock_timeout
from odd_history import connect, entries_of, feed, latest
from reports import PAIRS, differences

WEEKS = 3
# Each corrects agent %(agent)s.
CORRECTIONS = {
    "set_working_time": "SELECT timesheet.set_working_time('2026-08-01', for_agent => %(agent)s, "
    "day_cutoff => '12:00')",
    "assign_client_group": "SELECT timesheet.assign_client_group(%(agent)s, 1, '2026-08-01')",
    "revoke_correction": "SELECT timesheet.revoke_correction(max(correction_id)) FROM timesheet.corrections",
    "operate_set_working_time": "SELECT timesheet.operate_set_working_time('jo', '2026-08-01', for_agent => %(agent)s, "
    "day_cutoff => '12:00')",
    "operate_assign_client_group": "SELECT timesheet.operate_assign_client_group('jo', %(agent)s, 1, '2026-08-01')",
}


@pytest.fixture
def daemon(copies, jibble):  # noqa: F811
    return Daemon(uri_of(copies()), jibble)


@pytest.fixture
def uri(daemon):
    return daemon.environment["DATABASE_URL"]


@pytest.fixture
def db(uri):
    with connect(uri) as it:
        yield it


@pytest.fixture
def pair(db):
    """An agent to be corrected, which was corrected before, and another; no client group has had both."""
    agents = agents_in_window(db)
    for one in agents:
        for other in agents:
            if not db.execute(
                "SELECT FROM timesheet.agent_history AS a JOIN timesheet.agent_history AS b USING (client_group_id) "
                "WHERE a.agent_id = %s AND b.agent_id = %s",
                (one, other),
            ).rowcount:
                db.execute(CORRECTIONS["set_working_time"].replace("12:00", "11:00"), {"agent": one})
                return one, other
    raise AssertionError("all agents share a client group")


@pytest.fixture
def open_correction(uri, pair):
    """Makes a correction of the first of the pair in a transaction that stays open."""
    made = []

    def make(kind):
        holding = psycopg.connect(uri, application_name="by hand")
        made.append(holding)
        holding.execute(CORRECTIONS[kind], {"agent": pair[0]})
        return holding

    yield make
    for holding in made:
        holding.close()


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_a_sync_with_news_of_another_agent_does_not_wait(
    daemon, uri, db, jibble, pair, open_correction, kind
):  # noqa: F811
    change = edit(jibble, db, pair[1], 1)
    holding = open_correction(kind)
    daemon.must("sync", *WINDOW, DATABASE_URL=with_lock_timeout(uri, "4s"))
    assert is_stored(db, *change)
    holding.commit()
    assert differences(db) == {}


def test_a_sync_with_news_of_the_agent_waits_and_says_for_whom(daemon, db, jibble, pair, open_correction):  # noqa: F811
    change = edit(jibble, db, pair[0], 1)
    holding = open_correction("set_working_time")
    sync = Sync(daemon, db)
    said = sync.says("waiting for", 20)
    assert f"server process {holding.info.backend_pid}" in sync.log() and "by hand" in sync.log(), sync.log()
    time.sleep(0.5)
    assert sync.process.poll() is None and not is_stored(db, *change)
    holding.commit()
    status, took = sync.end()
    assert status == 0, sync.log()
    assert said - sync.began < took
    assert is_stored(db, *change)
    # The entry's workday is of the correction: its cut-off at noon.
    wrong = db.execute(
        "SELECT count(*) FROM timesheet.time_entries WHERE agent_id = %s AND belongs_to_date > '2026-08-02' "
        "AND workday <> ((start_time_utc AT TIME ZONE time_zone) - interval '12 hours')::date",
        (pair[0],),
    ).fetchone()
    assert wrong == (0,)
    assert differences(db) == {}


def test_the_wait_is_announced_within_a_second(daemon, uri, db, jibble, pair, open_correction):  # noqa: F811
    """Also of the session that a hand writes in; lock_timeout is respected and the holder is named."""
    holding = open_correction("assign_client_group")
    with connect(uri) as other:
        heard = []
        other.add_notice_handler(lambda notice: heard.append((time.monotonic(), notice.message_primary)))
        other.execute("SET lock_timeout = '1500ms'")
        began = time.monotonic()
        with pytest.raises(psycopg.errors.LockNotAvailable) as caught:
            other.execute(CORRECTIONS["set_working_time"], {"agent": pair[0]})
        took = time.monotonic() - began
        assert 1.3 <= took < 5
        assert heard and heard[0][0] - began < 1.2
        assert f"server process {holding.info.backend_pid}" in heard[0][1]
        assert f"server process {holding.info.backend_pid}" in caught.value.diag.message_primary
        assert other.execute("SHOW lock_timeout").fetchone() == ("1500ms",)
        other.execute("SET lock_timeout = '4s'")
        other.execute(CORRECTIONS["set_working_time"], {"agent": pair[1]})
    holding.commit()
    assert differences(db) == {}


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_readers_never_wait(uri, pair, open_correction, kind):
    open_correction(kind)
    with connect(with_lock_timeout(uri, "1s")) as reader:
        for view in (*PAIRS, "attendance"):
            reader.execute(f"SELECT count(*) FROM timesheet.{view}")
        reader.execute("SELECT count(*) FROM timesheet.weekly_hours(NULL, NULL)")
        reader.execute("SELECT count(*) FROM timesheet.corrections")
        reader.execute("SELECT timesheet.explain(max(workday), max(agent_id)) FROM timesheet.attendance")


def test_a_correction_of_a_client_group_holds_up_writers_of_all_its_agents_and_of_no_other(
    daemon, uri, db, jibble, pair  # noqa: F811
):
    (group,) = db.execute(
        "SELECT client_group_id FROM timesheet.time_entries WHERE agent_id = %s LIMIT 1", (pair[0],)
    ).fetchone()
    changes = [edit(jibble, db, agent, 1) for agent in pair]
    with psycopg.connect(uri, application_name="by hand") as holding:
        holding.execute(
            "SELECT timesheet.set_working_time('2026-08-01', for_client_group => %s, time_zone => 'Asia/Kathmandu')",
            (group,),
        )
        sync = Sync(daemon, db)
        sync.says("waiting for", 20)
        assert not is_stored(db, *changes[0])
        holding.rollback()
    assert sync.end()[0] == 0, sync.log()
    assert all(is_stored(db, *one) for one in changes)
    with psycopg.connect(uri, application_name="by hand") as holding:
        holding.execute(
            "SELECT timesheet.set_working_time('2026-08-01', for_client_group => %s, time_zone => 'Asia/Kathmandu')",
            (group,),
        )
        change = edit(jibble, db, pair[1], 2)
        daemon.must("sync", *WINDOW, DATABASE_URL=with_lock_timeout(uri, "4s"))
        assert is_stored(db, *change)
        holding.commit()
    assert differences(db) == {}


def test_a_new_agent_of_a_group_under_correction_is_corrected(uri, db, jibble, daemon, pair):  # noqa: F811
    """The agent joins while the correction of its group is open: whoever comes second sees the first."""
    (group, jibble_group) = db.execute(
        "SELECT g.client_group_id, g.jibble_id FROM timesheet.agents JOIN timesheet.client_groups AS g "
        "USING (client_group_id) WHERE agent_id = %s",
        (pair[0],),
    ).fetchone()
    person = {"id": "00000000-0000-4000-8000-00000000a111", "fullName": "New", "groupId": str(jibble_group)}
    jibble.admin("PUT", "objects/People", person | {"status": "Joined", "ICultureSettings/TimeZone": "Asia/Manila"})
    entry = {
        "id": "00000000-0000-4000-8000-00000000e111",
        "personId": person["id"],
        "type": "In",
        "time": "2026-11-23T01:00:00Z",
        "belongsToDate": "2026-11-23",
        "status": "Active",
    }
    jibble.admin("PUT", "objects/TimeEntries", entry)
    with psycopg.connect(uri, application_name="by hand") as holding:
        holding.execute(
            "SELECT timesheet.set_working_time('2026-08-01', for_client_group => %s, time_zone => 'Pacific/Honolulu')",
            (group,),
        )
        sync = Sync(daemon, db)
        time.sleep(2.5)  # it may be through, or wait
        holding.commit()
    assert sync.end()[0] == 0, sync.log()
    assert db.execute(
        "SELECT time_zone, workday::text FROM timesheet.time_entries WHERE jibble_activity_id = %s", (entry["id"],)
    ).fetchone() == ("Pacific/Honolulu", "2026-11-22")
    assert differences(db) == {}


def test_a_correction_waits_only_for_a_pass_that_writes_of_its_agent(uri, db, pair):
    """A pass whose last transaction is still open, with news of one agent."""
    one, other = pair
    id = entries_of(db, one)[5]
    (run,) = db.execute("SELECT timesheet.begin_run('sync', '2026-11-21', '2026-11-24')").fetchone()
    db.execute(
        "INSERT INTO timesheet.raw_events (resource, jibble_id, payload, ingest_run_id) "
        "SELECT 'TimeEntries', %s, %s, %s",
        (id, psycopg.types.json.Json(latest(db, "TimeEntries", id) | {"activityId": None}), run),
    )
    with psycopg.connect(uri, application_name="by hand") as deriving:
        deriving.execute("SELECT timesheet.finish_run(%s)", (run,))
        with connect(with_lock_timeout(uri, "4s")) as impatient:
            impatient.execute(CORRECTIONS["set_working_time"], {"agent": other})
        waiting = connect(uri)
        thread = InTheBackground(waiting.execute, CORRECTIONS["assign_client_group"], {"agent": one})
        assert not thread.ends_within(1)
        deriving.commit()
        thread.join()
        waiting.close()
    assert differences(db) == {}


def test_a_refresh_beside_an_open_correction_does_not_wait(uri, db, pair, open_correction):
    db.execute("UPDATE timesheet.settings SET missing_clock_out = 'zero'")
    holding = open_correction("set_working_time")
    with connect(with_lock_timeout(uri, "4s")) as other:
        other.execute("CALL timesheet.refresh_in_steps()")
        other.execute("SELECT timesheet.refresh()")
        assert differences(other) == {}
    holding.commit()
    assert differences(db) == {}
    db.execute("SELECT timesheet.refresh()")
    assert differences(db) == {}


def test_corrections_of_overlapping_client_groups_do_not_deadlock(uri, db):
    """Each group has had agents of the other, in another order; each transaction corrects one of them."""
    agents = agents_with_entries(db)[:6]
    db.execute("INSERT INTO timesheet.client_groups (jibble_id) SELECT gen_random_uuid() FROM generate_series(1, 2)")
    groups = [
        id
        for id, in db.execute("SELECT client_group_id FROM timesheet.client_groups ORDER BY 1 DESC LIMIT 2").fetchall()
    ]
    for n, agent in enumerate(agents):
        for group, since in ((groups[n % 2], "2026-08-01"), (groups[1 - n % 2], "2026-10-01")):
            db.execute("SELECT timesheet.assign_client_group(%s, %s, %s)", (agent, group, since))
    start = threading.Barrier(4)

    def correct(n):
        with connect(uri) as call:
            start.wait(30)
            for time_of_day in ("01:00", "02:00", "03:00"):
                call.execute(
                    "SELECT timesheet.set_working_time('2026-07-15', for_client_group => %s, day_cutoff => %s)",
                    (groups[n % 2], time_of_day),
                )
                call.execute(
                    "SELECT timesheet.set_working_time('2026-07-15', for_agent => %s, day_cutoff => %s)",
                    (agents[n], time_of_day),
                )

    threads = [InTheBackground(correct, n) for n in range(4)]
    for thread in threads:
        thread.join()
    assert differences(db) == {}
    db.execute("SELECT timesheet.refresh()")
    assert differences(db) == {}


def test_two_transactions_that_correct_two_agents_in_opposite_orders_end_soon(uri, db, pair):
    """One of both has to give up; it says so soon, and the other gets on."""
    both = [psycopg.connect(uri) for _ in range(2)]
    for call, agent in zip(both, pair):
        call.execute(CORRECTIONS["set_working_time"], {"agent": agent})
    began = time.monotonic()
    first = InTheBackground(both[0].execute, CORRECTIONS["set_working_time"], {"agent": pair[1]})
    first.ends_within(0.3)
    second = InTheBackground(both[1].execute, CORRECTIONS["set_working_time"], {"agent": pair[0]})
    ended = 0
    for thread, call in ((second, both[1]), (first, both[0])):
        if not thread.ends_within(30 if not ended else 10):
            continue
        try:
            thread.join()
            call.commit()
        except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
            ended += 1
            call.rollback()
    took = time.monotonic() - began
    for call in both:
        call.cancel()
        call.close()
    assert ended == 1 and took < 20, took
    assert differences(db) == {}


@pytest.mark.parametrize("hand_is_first", [True, False], ids=["hand first", "correction first"])
def test_a_change_by_hand_and_a_correction_lose_no_mark(uri, db, pair, hand_is_first):
    """A hand may write of any agent: it and the correction come one after another, in either order."""
    db.execute("SELECT timesheet.refresh()")
    by_hand = (
        "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '1 minute' WHERE agent_id = %s"
    )
    with psycopg.connect(uri) as hand, psycopg.connect(uri) as correction:
        statements = [(hand, by_hand, (pair[0],)), (correction, CORRECTIONS["set_working_time"], {"agent": pair[0]})]
        if not hand_is_first:
            statements.reverse()
        (one, *what), (other, *then) = statements
        one.execute(*what)
        thread = InTheBackground(other.execute, *then)
        waits_for_a_lock(db, other) if not hand_is_first else thread.ends_within(1)
        assert thread.is_alive()
        db.execute("CALL timesheet.refresh_in_steps()")
        one.commit()
        thread.join()
        db.execute("CALL timesheet.refresh_in_steps()")
        other.commit()
    assert differences(db) == {}
    db.execute("SELECT timesheet.refresh()")
    assert differences(db) == {}


def test_a_correction_within_a_replay_in_steps_is_neither_lost_nor_waits_long(uri, db, pair):
    thread = InTheBackground(lambda: connect(uri).execute("CALL timesheet.replay_in_steps()"))
    began = time.monotonic()
    for agent in pair:
        db.execute(CORRECTIONS["assign_client_group"], {"agent": agent})
    assert time.monotonic() - began < 8
    thread.join()
    for agent in pair:
        assert db.execute(
            "SELECT count(*) FROM timesheet.time_entries WHERE agent_id = %s AND client_group_id IS DISTINCT FROM 1 "
            "AND start_time_utc >= '2026-08-01'",
            (agent,),
        ).fetchone() == (0,)
    assert differences(db) == {}


def test_a_correction_in_a_snapshot_of_the_past_is_refused(uri, db, pair):
    with psycopg.connect(uri) as call:
        call.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        call.execute("SELECT count(*) FROM timesheet.agents")
        feed(
            db,
            *[
                ("TimeEntries", id, latest(db, "TimeEntries", id) | {"activityId": None})
                for id in entries_of(db, pair[0])[3:5]
            ],
        )
        with pytest.raises(psycopg.errors.InvalidTransactionState) as caught:
            call.execute(CORRECTIONS["set_working_time"], {"agent": pair[0]})
        assert "READ COMMITTED" in caught.value.diag.message_hint
