"""Corrections hold up writers of their own agents and nobody else; and no mark is missed, though they do not take the
lock of all writers."""

import datetime
import itertools
import json
import random
import threading
import time

import psycopg
import pytest

from conftest import wait_until
from reports import differences
from stage import Stage, guid
from test_isolation import InTheBackground, waits_for_a_lock

CUT_OFF = "SELECT timesheet.set_working_time('2026-01-01', for_agent => %s, day_cutoff => '12:00')"
GROUP_CUT_OFF = "SELECT timesheet.set_working_time('2026-01-01', for_client_group => %s, day_cutoff => %s)"
ASSIGN = "SELECT timesheet.assign_client_group(%s, %s, '-infinity')"
INSERT = """
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, time_zone, raw_type, workday,
      workday_end)
    SELECT gen_random_uuid(), %s, t.at, 'UTC', %s, t.at::date, t.at::date + 1
    FROM (SELECT %s::timestamptz AS at) AS t"""
WITHOUT = (
    "CREATE OR REPLACE FUNCTION timesheet.lock_agents(of_agents int[], at_most text DEFAULT '0', "
    "is_kept boolean DEFAULT true) RETURNS void "
    "LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT'"
)


@pytest.fixture
def stage(migrated_database):
    """Agents 1 and 2 of client group 1, and 3 and 4 of client group 2, each with a night shift and a day."""
    it = Stage(migrated_database())
    for group in (1, 2, 3):
        it.client_group(group)
    for agent in range(1, 5):
        it.agent(agent, (agent + 1) // 2)
        it.feed(
            "TimeEntries",
            it.event(10 * agent, agent, 0, "21:00", "In"),
            it.event(10 * agent + 1, agent, 1, "05:00", "Out"),
            it.event(10 * agent + 2, agent, 2, "09:00", "In"),
            it.event(10 * agent + 3, agent, 2, "17:00", "Out"),
        )
    it.agents = dict(it.db.execute("SELECT substr(full_name, 7)::int, agent_id FROM timesheet.agents").fetchall())
    it.groups = dict(
        it.db.execute("SELECT substr(name, 8)::int, client_group_id FROM timesheet.client_groups").fetchall()
    )
    it.db.execute("SELECT timesheet.refresh()")
    yield it
    it.close()


@pytest.fixture
def connect(stage):
    made = []

    def connect(autocommit=False, **options):
        made.append(psycopg.connect(stage.uri, autocommit=autocommit, **options))
        return made[-1]

    yield connect
    for db in made:
        db.close()


def settled(stage):
    """Nothing is wrong now, nor after a refresh, nor when everything is derived again."""
    assert differences(stage.db) == {}
    stage.db.execute("SELECT timesheet.refresh()")
    assert differences(stage.db) == {}
    assert stage.db.execute("SELECT count(*) FROM timesheet.stale_days").fetchone() == (0,)
    are_as_if_derived_anew(stage)


def are_as_if_derived_anew(stage):
    """The places of entries that Jibble sent."""
    places = (
        "SELECT e.jibble_activity_id, e.client_group_id, e.workday, e.workday_end FROM timesheet.time_entries AS e "
        "WHERE EXISTS (SELECT FROM timesheet.raw_events AS r WHERE r.jibble_id = e.jibble_activity_id) ORDER BY 1"
    )
    before = stage.db.execute(places).fetchall()
    stage.db.execute("SELECT timesheet.replay()")
    assert stage.db.execute(places).fetchall() == before


def another_event(stage, n, agent):
    return stage.event(n, agent, 3, "09:00", "In")


@pytest.mark.parametrize(
    "open_correction",
    [
        lambda db, stage: db.execute(CUT_OFF, (stage.agents[1],)),
        lambda db, stage: db.execute(GROUP_CUT_OFF, (stage.groups[1], "12:00")),
        lambda db, stage: db.execute(ASSIGN, (stage.agents[1], stage.groups[3])),
        lambda db, stage: db.execute(
            "SELECT timesheet.operate_set_working_time('ann@agency.example', '2026-01-01', %s, day_cutoff => '12:00')",
            (stage.agents[1],),
        ),
    ],
    ids=["agent", "group", "assignment", "dashboard"],
)
def test_writers_of_other_agents_and_readers_do_not_wait(stage, connect, open_correction):
    """A run, changes by hand, another correction, a refresh, the reports, another setting."""
    correcting, other = connect(), connect(autocommit=True)
    open_correction(correcting, stage)
    other.execute("SET lock_timeout = '300ms'")
    stage.db.execute("SET lock_timeout = '300ms'")
    stage.feed("TimeEntries", another_event(stage, 90, 3))
    other.execute(INSERT, (stage.agents[4], "In", "2026-03-02 09:00Z"))
    other.execute(
        "UPDATE timesheet.time_entries SET deleted_at = now() WHERE jibble_activity_id = %s", (guid("event", 90),)
    )
    other.execute(CUT_OFF, (stage.agents[3],))
    other.execute(GROUP_CUT_OFF, (stage.groups[2], "11:00"))
    other.execute(
        "SELECT timesheet.operate_assign_client_group('bob@agency.example', %s, %s, '-infinity')",
        (stage.agents[4], stage.groups[3]),
    )
    (last,) = other.execute("SELECT max(correction_id) FROM timesheet.corrections").fetchone()
    other.execute("SELECT timesheet.operate_revoke_correction('bob@agency.example', %s)", (last,))
    other.execute("SELECT timesheet.refresh()")
    other.execute("UPDATE timesheet.settings SET briefing_time = '07:00'")
    assert differences(other) == {}
    correcting.commit()
    settled(stage)


def in_the_background(db, sql, *parameters):
    """Runs it, and gives what was said of a wait: (seconds after the beginning, text)."""
    heard, begun = [], time.monotonic()
    db.add_notice_handler(lambda notice: heard.append((time.monotonic() - begun, notice.message_primary)))
    return (
        InTheBackground(
            lambda: db.execute(sql, parameters).fetchall() if "SELECT" in sql[:6] else db.execute(sql, parameters)
        ),
        heard,
    )


def says_within_a_second(heard, what, holder):
    ((after, text),) = heard
    assert after < 1 and text.startswith(f"waiting for the {what}, held by role ")
    assert text.endswith(f"server process {holder.info.backend_pid})")


def run_of(stage, *events):
    """A run with these events that is stored and not derived yet."""
    (run,) = stage.db.execute("SELECT timesheet.begin_run('sync')").fetchone()
    stage.db.execute(
        "SELECT timesheet.store_page(%s, 'TimeEntries', %s, %s)",
        (run, [e["id"] for e in events], [json.dumps(e) for e in events]),
    )
    return run


@pytest.mark.parametrize("who", ["run", "insert", "correction", "group correction"])
def test_a_writer_of_the_same_agent_waits_and_says_for_whom(stage, connect, who):
    correcting, other = connect(application_name="corrects"), connect(autocommit=True)
    agent = stage.agents[1]
    run = run_of(stage, another_event(stage, 90, 1)) if who == "run" else None
    sql, parameters = {
        "run": ("SELECT timesheet.finish_run(%s)", (run,)),
        "insert": (INSERT, (agent, "In", "2026-03-02 09:00Z")),
        "correction": (CUT_OFF, (agent,)),
        "group correction": (GROUP_CUT_OFF, (stage.groups[1], "13:00")),
    }[who]
    correcting.execute(CUT_OFF, (agent,))
    waiting, heard = in_the_background(other, sql, *parameters)
    wait_until(lambda: heard, 5)
    what = f"client group {stage.groups[1]}" if who == "group correction" else f"agent {agent}"
    says_within_a_second(heard, "lock of " + what, correcting)
    assert "corrects" in heard[0][1] and waiting.is_alive()
    correcting.commit()
    waiting.join()
    assert differences(stage.db) == {}
    if who != "insert":
        settled(stage)


def test_a_change_of_a_row_that_a_correction_changed_hears_of_the_correction(stage, connect):
    """The server waits for the row, and says nothing of it."""
    correcting, other = connect(application_name="corrects"), connect(autocommit=True)
    correcting.execute(CUT_OFF, (stage.agents[1],))
    waiting, heard = in_the_background(
        other,
        "UPDATE timesheet.time_entries SET client_type = 'AutoOut' WHERE jibble_activity_id = %s",
        guid("event", 11),
    )
    wait_until(lambda: heard, 5)
    ((after, text),) = heard
    assert after < 1 and text.startswith("corrections are being made by role ")
    assert f"(corrects, server process {correcting.info.backend_pid})" in text
    correcting.commit()
    waiting.join()
    assert differences(stage.db) == {}


def test_a_wait_for_an_agent_ends_with_lock_timeout(stage, connect):
    correcting, other = connect(), connect(autocommit=True)
    correcting.execute(CUT_OFF, (stage.agents[1],))
    other.execute("SET lock_timeout = '700ms'")
    for sql, parameters in (
        (CUT_OFF, (stage.agents[1],)),
        ("SELECT timesheet.finish_run(%s)", (run_of(stage, another_event(stage, 90, 1)),)),
        (
            "SELECT timesheet.preview_correction('set_working_time', jsonb_build_object('since', '2026-01-01', "
            "'for_agent', %s::int, 'day_cutoff', '11:00'))",
            (stage.agents[1],),
        ),
    ):
        with pytest.raises(psycopg.errors.LockNotAvailable) as caught:
            other.execute(sql, parameters)
        assert caught.value.diag.message_primary.startswith(
            f"the lock of agent {stage.agents[1]} could not be taken within 700ms: it is held by role "
        )
        assert f"pg_terminate_backend({correcting.info.backend_pid})" in caught.value.diag.message_hint
        assert other.execute("SHOW lock_timeout").fetchone() == ("700ms",)


def test_a_correction_that_waits_holds_nothing(stage, connect):
    """Agent 2 was in both client groups; two corrections of them overlap in it."""
    stage.db.execute("SELECT timesheet.assign_client_group(%s, %s, '2026-06-01')", (stage.agents[2], stage.groups[2]))
    first, second, other = connect(), connect(autocommit=True), connect(autocommit=True)
    first.execute(GROUP_CUT_OFF, (stage.groups[1], "12:00"))
    waiting, heard = in_the_background(second, GROUP_CUT_OFF, stage.groups[2], "11:00")
    wait_until(lambda: heard, 5)
    says_within_a_second(heard, f"lock of client group {stage.groups[2]}", first)
    other.execute("SET lock_timeout = '300ms'")
    other.execute(CUT_OFF, (stage.agents[4],))
    other.execute(INSERT, (stage.agents[3], "In", "2026-03-02 09:00Z"))
    first.commit()
    waiting.join()
    assert differences(stage.db) == {}
    assert stage.db.execute(
        "SELECT count(DISTINCT agent_id) FROM timesheet.agent_history WHERE is_overridden AND day_cutoff = '11:00'"
    ).fetchone() == (
        2,
    )  # agent 4 has one of its own


def moved(stage, run=None):
    """Agent 3 goes to client group 1, as Jibble shows it from now on."""
    person = {"id": guid("agent", 3), "fullName": "Agent 3", "status": "Joined", "groupId": guid("group", 1)}
    (run,) = stage.db.execute("SELECT timesheet.begin_run('sync')").fetchone()
    stage.db.execute("SELECT timesheet.store_page(%s, 'People', %s, %s)", (run, [person["id"]], [json.dumps(person)]))
    return run


def cut_offs_of_agent_3(stage):
    return stage.db.execute(
        "SELECT h.day_cutoff::text FROM timesheet.agent_history AS h WHERE h.agent_id = %s AND h.client_group_id = %s",
        (stage.agents[3], stage.groups[1]),
    ).fetchall()


def test_an_agent_that_comes_to_a_group_under_correction_gets_the_correction(stage, connect):
    run, correcting, other = moved(stage), connect(), connect(autocommit=True)
    correcting.execute(GROUP_CUT_OFF, (stage.groups[1], "12:00"))
    waiting, heard = in_the_background(other, "SELECT timesheet.finish_run(%s)", run)
    wait_until(lambda: heard, 5)
    says_within_a_second(heard, f"lock of client group {stage.groups[1]}", correcting)
    correcting.commit()
    waiting.join()
    assert cut_offs_of_agent_3(stage) == [("12:00:00",)]
    settled(stage)


def test_a_correction_of_a_group_waits_for_an_agent_that_comes_to_it(stage, connect):
    run, moving, other = moved(stage), connect(), connect(autocommit=True)
    moving.execute("SELECT timesheet.finish_run(%s)", (run,))
    waiting, heard = in_the_background(other, GROUP_CUT_OFF, stage.groups[1], "12:00")
    wait_until(lambda: heard, 5)
    says_within_a_second(heard, f"lock of client group {stage.groups[1]}", moving)
    moving.commit()
    waiting.join()
    assert cut_offs_of_agent_3(stage) == [("12:00:00",)]
    settled(stage)


def test_a_correction_gives_way_to_a_change_that_has_rows_and_needs_the_agent(stage, connect):
    """The change has the first row, and sleeps before the second; the correction has the agent by then."""
    hand, correcting = connect(), connect(autocommit=True)
    first, *_, last = [
        id
        for id, in stage.db.execute(
            "SELECT jibble_activity_id FROM timesheet.time_entries WHERE agent_id = %s ORDER BY ctid",
            (stage.agents[1],),
        )
    ]
    changing = InTheBackground(
        hand.execute,
        "UPDATE timesheet.time_entries SET client_type = 'AutoOut' WHERE agent_id = %s "
        "AND (jibble_activity_id = %s OR jibble_activity_id = %s AND pg_sleep(1.5) IS NOT NULL)",
        (stage.agents[1], first, last),
    )
    wait_until(
        lambda: stage.db.execute(
            "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = %s", (hand.info.backend_pid,)
        ).fetchone()[0]
        or None
    )
    waiting, heard = in_the_background(correcting, CUT_OFF, stage.agents[1])
    changing.join()
    wait_until(lambda: heard, 5)
    says_within_a_second(heard, "writers lock", hand)
    stage.db.execute("SET lock_timeout = '300ms'")
    stage.db.execute(CUT_OFF, (stage.agents[2],))
    hand.commit()
    assert waiting.join() == [(4,)]
    assert differences(stage.db) == {}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE timesheet.settings SET day_cutoff = '03:00'",
        "UPDATE timesheet.settings SET max_session = '15 hours'",
        "UPDATE timesheet.settings SET week_starts_on = 7",
        "UPDATE timesheet.client_groups SET week_starts_on = 7",
        "SELECT timesheet.operate_update_settings('ann@agency.example', '{\"long_session\": \"07:00\"}')",
        "SELECT timesheet.operate_set_client_group('ann@agency.example', client_group_id, NULL, 2) "
        "FROM timesheet.client_groups",
        "SELECT timesheet.replay()",
    ],
)
def test_a_change_for_all_waits_for_a_correction_and_marks_what_it_did(stage, connect, change):
    """A refresh comes between the two commits."""
    correcting, other = connect(), connect()
    correcting.execute(CUT_OFF, (stage.agents[1],))
    waiting = InTheBackground(other.execute, change)
    waits_for_a_lock(stage.db, other)
    correcting.commit()
    waiting.join()
    stage.db.execute("SELECT timesheet.refresh()")
    other.commit()
    assert differences(stage.db) == {}
    settled(stage)


@pytest.mark.parametrize(
    "change",
    ["UPDATE timesheet.settings SET day_cutoff = '03:00'", "UPDATE timesheet.client_groups SET week_starts_on = 7"],
)
def test_a_correction_waits_for_a_change_for_all(stage, connect, change):
    correcting, other = connect(autocommit=True), connect()
    other.execute(change)
    waiting, heard = in_the_background(correcting, CUT_OFF, stage.agents[1])
    wait_until(lambda: heard, 5)
    other.commit()
    waiting.join()
    settled(stage)


def an_entry_whose_predecessor_is_being_moved(stage, connect, is_locked):
    """The correction puts an In of Tuesday, 01:00, on Monday. Before it commits, an entry comes that ends its session;
    a refresh comes between the two commits."""
    stage.feed("TimeEntries", stage.event(50, 1, 5, "01:00", "In"), stage.event(51, 1, 5, "05:00", "Out"))
    stage.db.execute("SELECT timesheet.refresh()")
    correcting, hand = connect(), connect()
    correcting.execute(CUT_OFF, (stage.agents[1],))
    at = datetime.datetime.combine(stage.week + datetime.timedelta(days=5), datetime.time(2), datetime.timezone.utc)
    writing = InTheBackground(hand.execute, INSERT, (stage.agents[1], "In", at))
    if is_locked:
        waits_for_a_lock(stage.db, hand)
    else:
        writing.join()
    correcting.commit()
    writing.join()
    stage.db.execute("SELECT timesheet.refresh()")
    hand.commit()
    return differences(stage.db)


def test_a_change_sees_what_a_correction_did_before_it_looks_for_neighbours(stage, connect):
    assert an_entry_whose_predecessor_is_being_moved(stage, connect, is_locked=True) == {}


def test_without_the_lock_of_the_agent_a_day_stays_wrong(stage, connect):
    stage.db.execute(WITHOUT)
    assert ("sql", "daily_report") in an_entry_whose_predecessor_is_being_moved(stage, connect, is_locked=False)


def test_an_agent_that_is_locked_already_is_locked_for_nothing(stage, connect):
    """No WAL, so that a lock for each batch costs little."""
    db = connect()
    everybody = list(stage.agents.values())
    written = [1]
    while min(written) > 0 and len(written) < 500:  # others use the server too: once, none of them writes
        (before,) = db.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        db.execute("SELECT timesheet.lock_agents(%s)", (everybody,))
        written.append(db.execute("SELECT (pg_current_wal_insert_lsn() - %s::pg_lsn)::bigint", (before,)).fetchone()[0])
    assert min(written) == 0, written


def crowd(stage, connect, seconds):
    """Two who change entries by hand, in any order of agents; two who make corrections; runs; changes of settings; and
    two refreshes, all at once."""
    is_over = threading.Event()
    fed = itertools.count(1000)

    def each(seed, act, autocommit=False):
        dice, db, done = random.Random(seed), connect(autocommit=autocommit), 0
        while not is_over.is_set():
            act(dice, db)
            db.rollback() if dice.random() < 0.1 else db.commit()
            done += 1
        return done

    def hand(dice, db):
        for _ in range(dice.randint(1, 3)):
            agent = dice.choice(list(stage.agents.values()))
            at = datetime.datetime.combine(stage.week, datetime.time(), datetime.timezone.utc) + datetime.timedelta(
                minutes=dice.randint(0, 6 * 1440)
            )
            if dice.random() < 0.6:
                db.execute(INSERT, (agent, dice.choice(["In", "In", "StartBreak", "Out"]), at))
            else:
                db.execute(
                    "UPDATE timesheet.time_entries SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END "
                    "WHERE jibble_activity_id = (SELECT jibble_activity_id FROM timesheet.time_entries "
                    "ORDER BY md5(jibble_activity_id::text || %s) LIMIT 1)",
                    (str(at),),
                )

    def correction(dice, db):
        clock = f"{dice.randint(0, 23):02}:00"
        if dice.random() < 0.4:
            db.execute(GROUP_CUT_OFF, (dice.choice(list(stage.groups.values())), clock))
        elif dice.random() < 0.5:
            db.execute(
                "SELECT timesheet.set_working_time('2026-01-01', for_agent => %s, day_cutoff => %s)",
                (dice.choice(list(stage.agents.values())), clock),
            )
        else:
            db.execute(ASSIGN, (dice.choice(list(stage.agents.values())), dice.choice(list(stage.groups.values()))))

    def run(dice, db):
        number, agent = next(fed), dice.randint(1, 4)
        event = stage.event(
            number, agent, dice.randint(0, 5), f"{dice.randint(0, 23):02}:30", dice.choice(["In", "Out"])
        )
        person = {
            "id": guid("agent", agent),
            "fullName": f"Agent {agent}",
            "status": "Joined",
            "groupId": guid("group", dice.randint(1, 3)),
        }
        (run,) = db.execute("SELECT timesheet.begin_run('sync')").fetchone()
        for resource, it in (("TimeEntries", event), *([("People", person)] if dice.random() < 0.3 else [])):
            db.execute("SELECT timesheet.store_page(%s, %s, %s, %s)", (run, resource, [it["id"]], [json.dumps(it)]))
        db.execute("SELECT timesheet.finish_run(%s)", (run,))

    def setting(dice, db):
        what = dice.choice(
            [
                f"timesheet.settings SET day_cutoff = '0{dice.randint(0, 5)}:00'",
                f"timesheet.settings SET max_session = '{dice.randint(13, 20)} hours'",
                f"timesheet.client_groups SET week_starts_on = {dice.randint(1, 7)}",
            ]
        )
        db.execute("UPDATE " + what)
        time.sleep(0.3)

    def refresh(dice, db):
        db.execute("SELECT timesheet.refresh()")

    threads = [
        *(InTheBackground(each, n, hand) for n in (1, 2)),
        *(InTheBackground(each, n, correction) for n in (3, 4)),
        InTheBackground(each, 5, run),
        InTheBackground(each, 6, setting),
        *(InTheBackground(each, n, refresh, True) for n in (7, 8)),
    ]
    is_over.wait(seconds)
    is_over.set()
    return [thread.join() for thread in threads]


def test_a_crowd_of_writers_corrections_and_refreshes_loses_no_mark(stage, connect, record_property):
    done = crowd(stage, connect, 20)
    record_property("summary", f"{done} changes by hand (2), corrections (2), runs, settings and refreshes (2)")
    assert min(done) > 5
    assert differences(stage.db) == {}
    stage.db.execute("SELECT timesheet.refresh()")
    assert differences(stage.db) == {}
    are_as_if_derived_anew(stage)
