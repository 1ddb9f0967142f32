"""Writers and refreshes at once: no invalidation is lost. Each race is shown with its lock,
and shown to go wrong without it."""

import random
import threading

import psycopg
import pytest

from background import InTheBackground, waits_for_a_lock
from reports import differences

WITHOUT = (
    "CREATE OR REPLACE FUNCTION timesheet.{lock}() RETURNS void LANGUAGE sql "
    "SET search_path = pg_catalog, pg_temp AS 'SELECT'"
)
# An agent's evening In on Monday, and what may end it on Tuesday.
IN_MONDAY, IN_EARLIER, OUT_TUESDAY = (
    ("2026-03-02 13:00Z", "In"),
    ("2026-03-01 13:00Z", "In"),
    ("2026-03-02 19:00Z", "Out"),
)


@pytest.fixture
def uri(migrated_database):
    uri = migrated_database()
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("INSERT INTO timesheet.agents (jibble_id) SELECT gen_random_uuid() FROM generate_series(1, 5) AS n")
        write(db, *IN_EARLIER)
        db.execute("SELECT timesheet.refresh()")
    return uri


@pytest.fixture
def connect(uri):
    made = []

    def connect(autocommit=False):
        made.append(psycopg.connect(uri, autocommit=autocommit))
        return made[-1]

    yield connect
    for db in made:
        db.close()


def write(db, at, raw_type, agent=1):
    """One entry in Manila, whose days end at 16:00 UTC."""
    return db.execute(
        """
        INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, time_zone, raw_type, workday,
          workday_end)
        SELECT gen_random_uuid(), %s, at, 'Asia/Manila', %s, d, (d + 1)::timestamp AT TIME ZONE 'Asia/Manila'
        FROM (SELECT at, (at AT TIME ZONE 'Asia/Manila')::date AS d FROM (SELECT %s::timestamptz AS at) AS t) AS t
        RETURNING jibble_activity_id""",
        (agent, raw_type, at),
    ).fetchone()[0]


def a_writer_that_cannot_see_its_predecessor_yet(connect, is_locked):
    """The first writes Monday's In and the second Tuesday's Out before the first commits;
    a refresh comes between the two commits."""
    first, second, observer = connect(), connect(), connect(autocommit=True)
    write(first, *IN_MONDAY)
    background = InTheBackground(write, second, *OUT_TUESDAY)
    if is_locked:
        waits_for_a_lock(observer, second)
    else:
        background.join()
    first.commit()
    observer.execute("SELECT timesheet.refresh()")
    background.join()
    second.commit()
    observer.execute("SELECT timesheet.refresh()")
    return differences(observer)


def test_a_writer_waits_before_it_looks_for_its_neighbours(connect):
    assert a_writer_that_cannot_see_its_predecessor_yet(connect, is_locked=True) == {}


def test_without_locks_monday_stays_wrong(connect):
    """Of the writers and of their agents: one of the two is enough for this."""
    db = connect(autocommit=True)
    db.execute(WITHOUT.format(lock="lock_writers"))
    db.execute(
        "CREATE OR REPLACE FUNCTION timesheet.lock_agents(of_agents int[], at_most text DEFAULT '0', "
        "is_kept boolean DEFAULT true) RETURNS void "
        "LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT'"
    )
    wrong = a_writer_that_cannot_see_its_predecessor_yet(connect, is_locked=False)
    assert ("native", "daily_report") in wrong and ("sql", "session_log") in wrong


def two_refreshes_at_once(connect, is_locked):
    """The first has computed but not committed when an Out comes; the second begins then."""
    first, second, writer, observer = connect(), connect(), connect(autocommit=True), connect(autocommit=True)
    write(writer, *IN_MONDAY)
    first.execute("SELECT timesheet.refresh()")
    write(writer, *OUT_TUESDAY)
    background = InTheBackground(second.execute, "SELECT timesheet.refresh()")
    waits_for_a_lock(observer, second)  # for the refresh lock, or without it for the first one's rows
    first.commit()
    background.join()
    second.commit()
    return differences(observer)


def test_a_refresh_waits_before_it_reads_the_marks(connect):
    assert two_refreshes_at_once(connect, is_locked=True) == {}


def test_without_the_refresh_lock_two_of_them_collide(connect):
    connect(autocommit=True).execute(WITHOUT.format(lock="lock_refresh"))
    with pytest.raises(psycopg.errors.UniqueViolation):
        two_refreshes_at_once(connect, is_locked=False)


def test_a_mark_set_while_a_refresh_computes_survives_it(connect):
    """The refresh has read its marks and computed; what is marked after that is not its to delete."""
    refresh, writer = connect(), connect(autocommit=True)
    write(writer, *IN_MONDAY)
    refresh.execute("SELECT timesheet.refresh()")
    write(writer, *OUT_TUESDAY)  # marks Monday, which is marked already
    refresh.commit()
    assert writer.execute("SELECT count(*) > 0 FROM timesheet.stale_days WHERE workday = '2026-03-02'").fetchone() == (
        True,
    )
    assert differences(writer) == {}
    writer.execute("SELECT timesheet.refresh()")
    assert differences(writer) == {}


def entry(number, at):
    return (
        f"00000000-0000-4000-8000-{number:012}",
        f"""{{"id": "00000000-0000-4000-8000-{number:012}", "personId": "00000000-0000-4000-8000-00000000aaaa",
        "type": "In", "time": "{at}", "belongsToDate": "{at[:10]}", "status": "Active"}}""",
    )


def store(db, run, *entries):
    ids, payloads = zip(*entries)
    db.execute("SELECT timesheet.store_page(%s, 'TimeEntries', %s, %s)", (run, list(ids), list(payloads)))


def begin(db, beside=None):
    return db.execute("SELECT timesheet.begin_run('backfill', deriving_run => %s)", (beside,)).fetchone()[0]


def test_a_run_is_stored_while_the_one_before_is_derived_and_each_derives_its_own(connect):
    storing, deriving, observer = connect(autocommit=True), connect(), connect(autocommit=True)
    entries = "SELECT count(*) FROM timesheet.time_entries WHERE jibble_activity_id::text LIKE '00000000-%%'"
    first = begin(storing)
    store(storing, first, entry(1, "2026-03-02T01:00:00Z"), entry(2, "2026-03-02T02:00:00Z"))
    storing.execute("SELECT timesheet.seal_run(%s)", (first,))
    second = begin(storing, beside=first)
    store(storing, second, entry(3, "2026-03-03T01:00:00Z"))
    deriving.execute("SELECT timesheet.finish_run(%s)", (first,))
    store(storing, second, entry(4, "2026-03-04T01:00:00Z"), entry(1, "2026-03-02T01:30:00Z"))  # does not wait
    deriving.commit()
    assert observer.execute(entries).fetchone() == (2,)
    assert observer.execute(
        "SELECT array_agg(status ORDER BY ingest_run_id) FROM timesheet.ingest_runs"
    ).fetchone() == (["succeeded", "running"],)
    storing.execute("SELECT timesheet.finish_run(%s)", (second,))
    assert observer.execute(entries).fetchone() == (4,)
    assert observer.execute(
        "SELECT min(start_time_utc) = '2026-03-02 01:30Z' FROM timesheet.time_entries "
        "WHERE start_time_utc >= '2026-03-02 01:00Z'"
    ).fetchone() == (True,)
    assert differences(observer) == {}


def a_page_that_commits_after_a_later_one(connect, is_locked):
    """Pages of two runs get their numbers; the second commits first,
    and its run is derived before the other commits."""
    early, late, observer = connect(), connect(), connect(autocommit=True)
    runs = begin(observer)
    runs = runs, begin(observer, beside=runs)
    store(early, runs[0], entry(1, "2026-03-02T01:00:00Z"))
    background = InTheBackground(store, late, runs[1], entry(2, "2026-03-02T02:00:00Z"))
    if is_locked:
        waits_for_a_lock(observer, late)
        early.commit()
        background.join()
    else:
        background.join()
    late.commit()
    observer.execute("SELECT timesheet.finish_run(%s)", (runs[1],))
    early.commit()
    observer.execute("SELECT timesheet.finish_run(%s)", (runs[0],))
    return observer.execute(
        "SELECT count(*) FROM timesheet.time_entries WHERE jibble_activity_id::text LIKE '00000000-%'"
    ).fetchone()[0]


def test_pages_become_visible_in_the_order_of_their_numbers(connect):
    assert a_page_that_commits_after_a_later_one(connect, is_locked=True) == 2


def test_without_the_lock_on_raw_events_a_page_is_never_derived(connect):
    connect(autocommit=True).execute(WITHOUT.format(lock="lock_raw_events"))
    assert a_page_that_commits_after_a_later_one(connect, is_locked=False) == 1


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO timesheet.time_entries (jibble_activity_id) VALUES (NULL)",
        "DELETE FROM timesheet.hour_entries",
        "UPDATE timesheet.settings SET missing_clock_out = 'zero'",
        "UPDATE timesheet.client_groups SET week_starts_on = 7",
    ],
)
def test_a_change_in_a_snapshot_of_the_past_is_refused(connect, level, change):
    """It would mark, and look for neighbours among, only what was there when it began."""
    db = connect()
    db.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
    with pytest.raises(psycopg.errors.InvalidTransactionState, match="cannot be changed in a") as caught:
        db.execute(change)
    assert "READ COMMITTED" in caught.value.diag.message_hint


def test_settings_changed_by_two_who_also_change_entries_do_not_deadlock(connect):
    first, second, observer = connect(), connect(), connect(autocommit=True)
    write(first, *IN_MONDAY)
    background = InTheBackground(second.execute, "UPDATE timesheet.settings SET long_session = '11 hours'")
    waits_for_a_lock(observer, second)
    first.execute("UPDATE timesheet.settings SET max_session = '15 hours'")
    first.commit()
    background.join()
    second.commit()
    assert observer.execute("SELECT long_session::text, max_session::text FROM timesheet.settings").fetchone() == (
        "11:00:00",
        "15:00:00",
    )
    assert differences(observer) == {}


def test_a_client_group_changed_by_hand_and_by_a_run_do_not_deadlock(connect):
    """By hand the row comes first and the lock after it, unless a trigger sees to the order."""
    run, by_hand, observer = connect(), connect(), connect(autocommit=True)
    observer.execute(
        "INSERT INTO timesheet.client_groups (client_group_id, jibble_id, name) VALUES (1, gen_random_uuid(), 'Client')"
    )
    run.execute("SELECT timesheet.lock_writers()")
    background = InTheBackground(by_hand.execute, "UPDATE timesheet.client_groups SET week_starts_on = 7")
    waits_for_a_lock(observer, by_hand)
    run.execute("UPDATE timesheet.client_groups SET name = 'Another name'")
    run.commit()
    background.join()
    by_hand.commit()
    assert observer.execute("SELECT name, week_starts_on FROM timesheet.client_groups").fetchone() == (
        "Another name",
        7,
    )


def test_a_crowd_of_writers_and_refreshes_loses_no_invalidation(connect, record_property):
    """Four writers and two refreshes in parallel: inserts, direct updates, deletions, corrections, rollbacks."""
    seed, changes = 20261124, 250

    def writer(number):
        dice, db = random.Random(seed + number), connect()
        for _ in range(changes):
            agent = dice.randint(1, 5)
            at = f"2026-03-{dice.randint(2, 9):02} {dice.randint(0, 23):02}:{dice.randint(0, 59):02}Z"
            for _ in range(dice.randint(1, 3)):
                what = dice.random()
                one = (
                    "jibble_activity_id = (SELECT jibble_activity_id FROM timesheet.time_entries ORDER BY "
                    "md5(jibble_activity_id::text || %s) LIMIT 1)"
                )
                if what < 0.5:
                    write(db, at, dice.choice(["In", "In", "StartBreak", "Out", "Teleport"]), agent)
                elif what < 0.7:
                    # With its place, as normalising would: the engine looks for a day's events about that day.
                    db.execute(
                        f"""
                        UPDATE timesheet.time_entries SET start_time_utc = n.at, workday = n.day,
                          workday_end = (n.day + 1)::timestamp AT TIME ZONE 'Asia/Manila'
                        FROM (SELECT %s::timestamptz AS at, (%s::timestamptz AT TIME ZONE 'Asia/Manila')::date AS day)
                          AS n WHERE {one}""",
                        (at, at, at),
                    )
                elif what < 0.8:
                    db.execute(
                        "UPDATE timesheet.time_entries SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() "
                        f"END, agent_id = %s WHERE {one}",
                        (agent, at),
                    )
                elif what < 0.9:
                    db.execute(f"DELETE FROM timesheet.time_entries WHERE {one}", (at,))
                else:
                    db.execute(
                        "INSERT INTO timesheet.hour_entries (jibble_id, agent_id, workday, seconds) "
                        "VALUES (gen_random_uuid(), %s, %s::timestamptz::date, 60)",
                        (agent, at),
                    )
            db.rollback() if dice.random() < 0.1 else db.commit()

    def refresh():
        db, done = connect(autocommit=True), 0
        while not is_over.is_set():
            db.execute("SELECT timesheet.refresh()")
            done += 1
        return done

    is_over = threading.Event()
    refreshes = [InTheBackground(refresh) for _ in range(2)]
    writers = [InTheBackground(writer, n) for n in range(4)]
    for thread in writers:
        thread.join()
    is_over.set()
    done = sum(thread.join() for thread in refreshes)
    db = connect(autocommit=True)
    assert differences(db) == {}
    db.execute("SELECT timesheet.refresh()")
    assert differences(db) == {}
    assert db.execute("SELECT count(*) FROM timesheet.stale_days").fetchone() == (0,)
    record_property("summary", f"{4 * changes} transactions of four writers beside {done} refreshes, seed {seed}")
    assert done > 10
