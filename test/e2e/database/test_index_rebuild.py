"""The index of the native engine, rebuilt while others read and write; and what a rebuild that was stopped leaves."""

import threading

import psycopg
import pytest

from conftest import Daemon, wait_until

pytestmark = pytest.mark.every_native_server

REBUILD = "REINDEX INDEX CONCURRENTLY timesheet.time_entries_session_order"
INDEXES = """
    SELECT c.relname, i.indisvalid FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'timesheet.time_entries'::regclass AND c.relname LIKE 'time_entries_session_order%' ORDER BY 1"""
THE_ONE = [("time_entries_session_order", True)]
WRITES = "LOCK TABLE timesheet.time_entries IN ROW EXCLUSIVE MODE"  # as a change does
ENTRY = """
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, workday_end)
    VALUES (gen_random_uuid(), 1, '2026-11-0{0} 09:00Z', 'In', '2026-11-0{0}', '2026-11-1{0} 00:00Z')"""


@pytest.fixture
def uri(new_database):
    uri = new_database()
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("INSERT INTO timesheet.agents (agent_id, jibble_id) VALUES (1, gen_random_uuid())")
    return uri


@pytest.fixture
def db(uri):
    with psycopg.connect(uri, autocommit=True) as db:
        yield db


@pytest.fixture
def writer(uri):
    """A transaction that writes, for whose end a rebuild waits."""
    with psycopg.connect(uri) as writer:
        writer.execute(WRITES)
        yield writer


def dropped(db):
    return db.execute("SELECT timesheet.drop_unfinished_index()").fetchone()[0]


def stop_a_rebuild(db):
    db.execute("SET statement_timeout = '300ms'")
    with pytest.raises(psycopg.errors.QueryCanceled):
        db.execute(REBUILD)
    db.execute("RESET statement_timeout")


def test_the_job_is_that_statement(db):
    jobs = db.execute(
        "SELECT name, command FROM timesheet.jobs() WHERE name LIKE '%index' ORDER BY schedule"
    ).fetchall()
    assert jobs == [
        ("timesheet-drop-unfinished-index", "SELECT timesheet.drop_unfinished_index()"),
        ("timesheet-rebuild-index", REBUILD),
    ]


def test_readers_and_writers_go_on_beside_a_rebuild(uri, db, writer):
    before = db.execute("SELECT pg_relation_filenode('timesheet.time_entries_session_order')").fetchone()
    with psycopg.connect(uri, autocommit=True) as rebuilding:
        thread = threading.Thread(target=rebuilding.execute, args=(REBUILD,))
        thread.start()
        try:
            wait_until(lambda: len(db.execute(INDEXES).fetchall()) == 2)
            db.execute("SET lock_timeout = '100ms'")
            db.execute(ENTRY.format(2))
            assert db.execute("SELECT count(*) FROM timesheet.sessions(NULL, NULL)").fetchone() == (1,)
            assert dropped(db) == 0  # it is being built
            db.execute(ENTRY.format(3))
        finally:
            writer.rollback()
            thread.join()
    assert db.execute(INDEXES).fetchall() == THE_ONE
    assert db.execute("SELECT pg_relation_filenode('timesheet.time_entries_session_order')").fetchone() != before
    assert db.execute("SELECT count(*) FROM timesheet.sessions(NULL, NULL)").fetchone() == (2,)


def test_what_a_stopped_rebuild_leaves_is_dropped_when_nothing_uses_the_table(db, writer):
    said = []
    db.add_notice_handler(lambda notice: said.append(notice.message_primary))
    stop_a_rebuild(db)
    stop_a_rebuild(db)
    left = ["time_entries_session_order_ccnew", "time_entries_session_order_ccnew1"]
    assert db.execute(INDEXES).fetchall() == THE_ONE + [(name, False) for name in left]
    assert dropped(db) == 0
    assert said == [
        f"index timesheet.{name} is not dropped now, as others use the table or are building the index" for name in left
    ]
    writer.commit()
    assert dropped(db) == 2
    assert db.execute(INDEXES).fetchall() == THE_ONE


def test_a_valid_index_of_such_a_name_stays(db):
    db.execute("CREATE INDEX time_entries_session_order_ccnew ON timesheet.time_entries (agent_id)")
    assert dropped(db) == 0
    assert db.execute(INDEXES).fetchall() == THE_ONE + [("time_entries_session_order_ccnew", True)]
