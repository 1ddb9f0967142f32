"""Which rows the index gives without a query: those that the statement's snapshot sees, whoever changes them, whatever
the visibility map knows; and the same in all four functions, by both engines and in a parallel plan."""

import random
import threading
import time
from collections import Counter

import psycopg
import pytest

import engine_rows
import handmade_schema
from handmade_schema import outcomes
from oracle import histories
from test_index_stream import INDEX, NOT_COMPLETE, right, uri, why_a_query  # noqa: F401 - fixtures

pytestmark = pytest.mark.every_native_server

SEED = "20261124/index"


@pytest.fixture
def own_uri(new_database):
    """A database whose rows a test may change for ever; a column that no index has, so that updates of it are HOT."""
    uri = new_database()
    handmade_schema.make_schema(uri)
    with psycopg.connect(uri) as db:
        db.execute("ALTER TABLE timesheet.time_entries ADD COLUMN note int")
        db.execute("ALTER TABLE timesheet.time_entries SET (autovacuum_enabled = off)")
    return uri


@pytest.fixture
def db(own_uri):
    with psycopg.connect(own_uri, autocommit=True) as db:
        db.execute("SET timezone = 'UTC'")
        yield db


def seen(db):
    """What all functions say in this session now, by the index and by a query alike, and that it is the index."""
    with db.transaction():
        assert why_a_query(db) == set()
        return outcomes(db)


def wait_for_older_transactions(db):
    """Until the server lets a new index be read: no transaction of any database is older than it then."""
    last = time.monotonic() + 300
    while time.monotonic() < last:
        with db.transaction():
            if why_a_query(db) != {NOT_COMPLETE}:
                return
        time.sleep(0.05)


def of_agent(db, agent):
    """Seconds by agent, by the index alone."""
    return db.execute(
        "SELECT coalesce(sum(seconds), 0)::int FROM timesheet.native_sessions(NULL, NULL, %s, '2026-12-01')", (agent,)
    ).fetchone()[0]


CHANGES = {
    "insert": "INSERT INTO timesheet.time_entries VALUES (3, '2026-11-05 09:00Z', 2, gen_random_uuid(), '2026-11-05',"
    " '2026-11-06 00:00Z', 1, 1, false, NULL)",
    "delete": "DELETE FROM timesheet.time_entries WHERE agent_id = 1 AND kind = 0",
    "mark deleted": "UPDATE timesheet.time_entries SET deleted_at = now() WHERE agent_id = 2 AND kind = 1",
    "bring back": "UPDATE timesheet.time_entries SET deleted_at = NULL",
    "move": "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '7 minutes'",
    "give to another": "UPDATE timesheet.time_entries SET agent_id = 3 - agent_id WHERE agent_id IN (1, 2)",
    "change what is included": "UPDATE timesheet.time_entries SET activity_id = NULL, client_group_id = 3",
    "change what no index has": "UPDATE timesheet.time_entries SET note = coalesce(note, 0) + 1",
}


@pytest.mark.parametrize("is_vacuumed", [False, True])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_by_those_whose_snapshot_sees_it(own_uri, db, change, is_vacuumed):
    if is_vacuumed:
        db.execute("VACUUM timesheet.time_entries")
    before = seen(db)
    with psycopg.connect(own_uri) as old, psycopg.connect(own_uri) as writer:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for session in (old, writer):
            session.execute("SET timezone = 'UTC'")
            session.commit()
            assert outcomes(session) == before
        writer.execute("SAVEPOINT unharmed")
        writer.execute(change)
        after = outcomes(writer)
        assert (after != before) == (change != CHANGES["change what no index has"])
        assert seen(db) == before
        writer.execute("ROLLBACK TO unharmed")
        assert outcomes(writer) == before
        writer.execute(change)
        assert Counter(strip_ids(outcomes(writer))) == Counter(strip_ids(after))
        after = outcomes(writer)
        writer.rollback()
        assert seen(db) == before
        writer.execute(change)
        after = outcomes(writer)
        writer.commit()
        assert seen(db) == after and outcomes(writer) == after
        assert outcomes(old) == before
        db.execute("VACUUM timesheet.time_entries")
        assert seen(db) == after
        assert outcomes(old) == before
        old.commit()
        assert outcomes(old) == after
        old.commit()
        db.execute("VACUUM timesheet.time_entries")
        assert seen(db) == after


def strip_ids(found):
    """Without what a new random id changes."""
    return [(function, state, len(said.splitlines())) for function, (state, said) in found.items()]


def test_a_statement_sees_what_was_when_it_began(own_uri):
    """A cursor computes at its first FETCH, under the snapshot of its DECLARE."""
    with psycopg.connect(own_uri) as db:
        before = of_agent(db, 1)
        db.execute(
            "DECLARE c CURSOR FOR SELECT sum(seconds)::int "
            "FROM timesheet.native_sessions(NULL, NULL, 1, '2026-12-01')"
        )
        db.execute("DELETE FROM timesheet.time_entries")
        assert why_a_query(db) == set()
        assert of_agent(db, 1) == 0
        assert db.execute("FETCH c").fetchone() == (before,)
        # In the statement itself: a volatile function sees its own rows, a stable one its caller's.
        for volatility, is_seen in (("VOLATILE", True), ("STABLE", False)):
            db.execute(
                f"""
                CREATE FUNCTION public.now_seen() RETURNS bigint LANGUAGE plpgsql {volatility} AS $$ BEGIN
                  RETURN (SELECT count(*) FROM timesheet.native_sessions(NULL, NULL, NULL, '2026-12-01'));
                END $$"""
            )
            assert db.execute(
                f"WITH put AS ({CHANGES['insert']} RETURNING public.now_seen() AS n) SELECT n FROM put"
            ).fetchone() == (1 if is_seen else 0,)
            count = db.execute(
                "SELECT count(*) FROM timesheet.time_entries WHERE kind = 2 AND deleted_at IS NULL"
            ).fetchone()[0]
            assert count == 1
            db.execute("DELETE FROM timesheet.time_entries; DROP FUNCTION public.now_seen()")


def test_an_index_that_was_not_built_to_the_end_is_not_read(db):
    before = seen(db)
    db.execute("DROP INDEX timesheet.time_entries_session_order")
    db.execute(
        "INSERT INTO timesheet.time_entries SELECT * FROM timesheet.time_entries WHERE agent_id = 1 AND kind = 0"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        db.execute(INDEX.replace("CREATE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY"))
    with db.transaction():
        assert why_a_query(db) == {NOT_COMPLETE}
        assert outcomes(db)["sessions"] == before["sessions"]
    db.execute("DROP INDEX timesheet.time_entries_session_order")
    db.execute(INDEX.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY"))
    assert seen(db)["sessions"] == before["sessions"]


def test_nor_is_one_that_waited_for_an_old_snapshot_in_vain(own_uri, db):
    """It is kept up to date by then, but lacks what the old snapshot sees."""
    before = seen(db)
    db.execute("DROP INDEX timesheet.time_entries_session_order")
    with psycopg.connect(own_uri) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        old.execute("SET LOCAL timezone = 'UTC'")
        assert outcomes(old) == before
        db.execute("DELETE FROM timesheet.time_entries WHERE agent_id = 2")
        db.execute("SET statement_timeout = '1s'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            db.execute(INDEX.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY"))
        db.execute("SET statement_timeout = 0")
        assert db.execute(
            "SELECT indisready, indisvalid FROM pg_index "
            "WHERE indexrelid = 'timesheet.time_entries_session_order'::regclass"
        ).fetchone() == (True, False)
        assert why_a_query(old) == {NOT_COMPLETE}
        assert outcomes(old) == before


def test_an_index_younger_than_the_rows_that_a_snapshot_sees_is_not_read(own_uri, db):
    """Rows were updated in place when there was no index: it holds none of the old values."""
    db.execute("DROP INDEX timesheet.time_entries_session_order")
    with psycopg.connect(own_uri) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        old.execute("SET LOCAL timezone = 'UTC'")
        before = outcomes(old)
        db.execute("UPDATE timesheet.time_entries SET activity_id = 9, start_time_utc = start_time_utc - interval '1h'")
        db.execute(INDEX)
        assert db.execute(
            "SELECT indcheckxmin FROM pg_index WHERE indexrelid = 'timesheet.time_entries_session_order'::regclass"
        ).fetchone() == (True,)
        assert why_a_query(old) == {NOT_COMPLETE}
        assert outcomes(old) == before
        assert outcomes(db) != before
    wait_for_older_transactions(db)
    assert seen(db) != before


def test_nor_is_it_while_a_transaction_of_another_database_is_older(db, new_database):
    """The server's horizon is that of all databases; what is computed is right before and after."""
    before = outcomes(db)
    db.execute("DROP INDEX timesheet.time_entries_session_order")
    with psycopg.connect(new_database()) as other:
        other.execute("SELECT pg_current_xact_id()")
        db.execute("UPDATE timesheet.time_entries SET activity_id = 9, start_time_utc = start_time_utc - interval '1h'")
        db.execute(INDEX)
        with db.transaction():
            assert why_a_query(db) == {NOT_COMPLETE}
            after = outcomes(db)
        assert after != before
    wait_for_older_transactions(db)
    assert seen(db) == after


@pytest.mark.parametrize("is_vacuumed", [False, True])
def test_a_serializable_transaction_knows_what_it_has_read(own_uri, db, is_vacuumed):
    """Each reads the other's agent and then changes an entry of its own, in place: one of them has to fail. What it
    changes it finds by its place alone, so that nothing but the engine's reading can tell the server."""
    if is_vacuumed:
        db.execute("VACUUM timesheet.time_entries")
    places = dict(db.execute("SELECT agent_id, min(ctid)::text FROM timesheet.time_entries GROUP BY agent_id"))
    change = "UPDATE timesheet.time_entries SET note = 1 WHERE ctid = %s::tid"
    with psycopg.connect(own_uri) as first, psycopg.connect(own_uri) as second:
        for session, other in ((first, 2), (second, 1)):
            session.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
            assert why_a_query(session) == set()
            session.rollback()
            session.execute("SET LOCAL enable_seqscan = off")
            of_agent(session, other)
        first.execute(change, (places[1],))
        with pytest.raises(psycopg.errors.SerializationFailure):
            second.execute(change, (places[2],))
            first.commit()
            second.commit()
    assert of_agent(db, 1) > 0


def test_concurrent_changes_that_leave_the_sum_as_it_is_never_change_it(own_uri, db):
    """Writers move entries about and vacuum while readers add up: every reader sees each entry exactly once."""
    db.execute("TRUNCATE timesheet.time_entries")
    db.execute(
        """
        INSERT INTO timesheet.time_entries
        SELECT a, timestamptz '2026-11-01 00:00Z' + n * interval '1 hour', 2 * (n % 2), gen_random_uuid(), '2026-11-01',
          '2027-01-01', 1, 1, false, NULL, 0
        FROM generate_series(1, 4) AS a, generate_series(1, 600) AS n"""
    )
    wanted = sum(of_agent(db, agent) for agent in range(1, 5))
    assert wanted == 4 * 300 * 3600
    is_over = threading.Event()
    failures = []

    def write(seed):
        rng = random.Random(seed)
        with psycopg.connect(own_uri, autocommit=True) as writer:
            while not is_over.is_set():
                what = rng.choice(
                    ["note = note + 1", "activity_id = 3 - activity_id", "jibble_activity_id = gen_random_uuid()"]
                )
                try:
                    writer.execute(f"UPDATE timesheet.time_entries SET {what} WHERE note % 7 = {rng.randrange(7)}")
                    if rng.random() < 0.2:
                        writer.execute("VACUUM timesheet.time_entries")
                except psycopg.errors.DeadlockDetected:
                    pass

    def read(isolation):
        with psycopg.connect(own_uri) as reader:
            reader.isolation_level = isolation
            for _ in range(60):
                together = reader.execute(
                    "SELECT sum(seconds)::int FROM timesheet.native_sessions(NULL, NULL, NULL, '2026-12-01')"
                ).fetchone()[0]
                apart = sum(of_agent(reader, agent) for agent in range(1, 5))
                if together != wanted or apart != wanted:
                    failures.append((together, apart))
                reader.commit()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(2)]
    readers = [
        threading.Thread(target=read, args=(level,))
        for level in (psycopg.IsolationLevel.READ_COMMITTED, psycopg.IsolationLevel.REPEATABLE_READ)
    ]
    for thread in writers + readers:
        thread.start()
    for thread in readers:
        thread.join()
    is_over.set()
    for thread in writers:
        thread.join()
    assert failures == []


# All functions, random rows, both engines.


@pytest.fixture(scope="module")
def loaded(migrated_database):
    """Random histories, then a third of the entries changed since the last vacuum, some of them deleted."""
    uri = migrated_database()
    batch = histories.batch(SEED, 300)
    with psycopg.connect(uri) as db:
        engine_rows.load(db, batch)
        db.execute("ALTER TABLE timesheet.time_entries SET (autovacuum_enabled = off)")
        db.execute("ALTER TABLE timesheet.agents SET (parallel_workers = 2)")
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("VACUUM (ANALYZE) timesheet.time_entries, timesheet.agents")
        for third, what in enumerate(("activity_id = NULL", "jibble_updated_at = now()", "deleted_at = now()")):
            db.execute(
                f"UPDATE timesheet.time_entries SET {what} WHERE abs(hashtext(jibble_activity_id::text)) % 20 = {third}"
            )
        yield db, batch


def asked(db, engine, function, question, agent, way="on"):
    db.execute("SELECT set_config('enable_indexonlyscan', %s, false)", (way,))
    return Counter(engine_rows.asked(db, engine, function, question, agent))


@pytest.mark.parametrize("function", engine_rows.FUNCTIONS)
def test_random_rows_are_the_same_by_index_query_and_sql_engine(loaded, function):
    db, batch = loaded
    compared = 0
    for question in batch.questions:
        for agent in (None, *range(1, 301, 30), 1000000, -2147483648):
            by_index = asked(db, "native", function, question, agent)
            assert by_index == asked(db, "native", function, question, agent, "off")
            assert by_index == asked(db, "sql", function, question, agent)
            compared += sum(by_index.values())
    assert compared > 300
    with db.transaction():
        assert why_a_query(db) == set()


@pytest.mark.parametrize("function", engine_rows.FUNCTIONS)
def test_a_parallel_plan_gives_the_same_rows(loaded, function):
    db, batch = loaded
    rows = f"""
        SELECT h.*::text FROM timesheet.agents AS a
        CROSS JOIN LATERAL timesheet.native_{function}(NULL, NULL, a.agent_id, '2026-12-01') AS h"""
    serial = Counter(
        db.execute(f"SELECT h.*::text FROM timesheet.native_{function}(NULL, NULL, NULL, '2026-12-01') AS h").fetchall()
    )
    with db.transaction():
        db.execute(
            "SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL parallel_setup_cost = 0;"
            "SET LOCAL parallel_tuple_cost = 0; SET LOCAL max_parallel_workers_per_gather = 2;"
            "SET LOCAL parallel_leader_participation = off; SET LOCAL enable_indexonlyscan = on"
        )
        ((plan,),) = db.execute(f"EXPLAIN (ANALYZE, FORMAT json) {rows}").fetchone()
        gather = plan["Plan"]
        assert gather["Node Type"] == "Gather" and gather["Workers Launched"] > 0, plan
        assert f"native_{function}" in str(gather["Plans"])
        assert Counter(db.execute(rows).fetchall()) == serial


def test_an_error_in_the_middle_leaves_nothing_behind(loaded):
    """Two hundred errors in one transaction, each while the scan is open: no warning of what was left, and no more."""
    db, _ = loaded
    said = []
    db.add_notice_handler(said.append)
    with db.transaction(force_rollback=True):
        db.execute("ALTER TABLE timesheet.time_entries DROP CONSTRAINT workday_must_be_finite")
        db.execute("ALTER TABLE timesheet.time_entries DROP CONSTRAINT workday_must_be_from_1899_to_3000")
        db.execute("ALTER TABLE timesheet.time_entries DISABLE TRIGGER USER")
        db.execute("UPDATE timesheet.time_entries SET workday = 'infinity' WHERE agent_id = 200")
        assert why_a_query(db) == set()
        db.execute(
            """
            DO $$ BEGIN
              FOR n IN 1 .. 200 LOOP
                BEGIN
                  PERFORM timesheet.native_sessions(NULL, NULL);
                  RAISE 'no error';
                EXCEPTION WHEN datetime_field_overflow THEN NULL;
                END;
              END LOOP;
            END $$"""
        )
        assert db.execute("SELECT count(*) FROM timesheet.native_sessions(NULL, NULL, 1)").fetchone()[0] > 0
    assert not [notice.message_primary for notice in said if notice.severity == "WARNING"]
