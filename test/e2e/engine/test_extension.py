"""The native engine inside a live server: cancelled, failing, dumped and restored, and still there."""

import contextlib
import os
import subprocess
import threading
import time

import psycopg
import pytest

from conftest import SUPERUSER_URI

pytestmark = pytest.mark.every_native_server


@pytest.fixture(scope="module")
def uri(migrated_database):
    uri = migrated_database()
    with psycopg.connect(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]) as db:
        # Nothing here is about the triggers, which take longer than the rows.
        db.execute("SET LOCAL session_replication_role = replica")
        db.execute(
            "INSERT INTO timesheet.agents (agent_id, jibble_id) SELECT n, gen_random_uuid() "
            "FROM generate_series(1, 40) AS n"
        )
        db.execute(
            """
            INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday,
              workday_end)
            SELECT gen_random_uuid(), 1 + n % 40, at, CASE n / 40 % 2 WHEN 0 THEN 'In' ELSE 'Out' END, at::date,
              at::date + 1
            FROM (SELECT n, timestamptz '2000-01-01 00:00Z' + n / 40 * interval '1 hour' AS at
              FROM generate_series(0, 399999) AS n) AS e"""
        )
    return uri


@pytest.fixture
def db(uri):
    with psycopg.connect(uri) as connection:
        connection.execute("SET timezone = 'UTC'")
        yield connection
        connection.rollback()


def hours(db):
    return db.execute(
        "SELECT sum(work_seconds) / 3600, sum(session_count) "
        "FROM timesheet.native_weekly_hours(NULL, NULL, NULL, 'infinity')"
    ).fetchone()


def test_every_other_hour_is_worked(db):
    assert hours(db) == (200000, 200000)


def test_the_server_gets_the_librarys_version(db):
    """Since PostgreSQL 18 it can be."""
    hours(db)  # loads it
    if db.info.server_version < 180000:
        assert db.execute("SELECT to_regproc('pg_catalog.pg_get_loaded_modules')").fetchone() == (None,)
    else:
        (version,) = db.execute("SELECT extversion FROM pg_extension WHERE extname = 'timesheet'").fetchone()
        assert db.execute(
            "SELECT module_name, version FROM pg_get_loaded_modules() WHERE file_name = 'timesheet.so'"
        ).fetchall() == [("timesheet", version)]


@pytest.mark.parametrize("function", ["sessions", "daily_hours", "weekly_hours", "notes"])
def test_a_statement_timeout_stops_it_and_the_session_goes_on(db, function):
    db.execute("SET statement_timeout = '30ms'")
    db.execute("SAVEPOINT before")
    with pytest.raises(psycopg.errors.QueryCanceled):
        db.execute(f"SELECT count(*) FROM timesheet.native_{function}(NULL, NULL)")
    db.execute("ROLLBACK TO before")
    db.execute("SET statement_timeout = 0")
    assert hours(db) == (200000, 200000)


@pytest.mark.parametrize("engine", ["native", "sql"])
def test_a_cancel_at_any_moment_stops_it_and_the_session_goes_on(uri, engine):
    """Reading, summing, handing on the result: twenty cancels met,
    at moments spread over the time that the fastest run took."""
    query = f"SELECT count(*) FROM timesheet.{engine}_sessions(NULL, NULL, NULL, 'infinity')"
    stopped, fastest = 0, float("inf")
    with psycopg.connect(uri, autocommit=True) as db, psycopg.connect(uri, autocommit=True) as other:
        for attempt in range(400):
            delay = fastest * (attempt % 20) / 20
            cancel = threading.Timer(delay, other.execute, ("SELECT pg_cancel_backend(%s)", (db.info.backend_pid,)))
            if attempt % 20:
                cancel.start()
            begin = time.monotonic()
            try:
                rows = db.execute(query).fetchone()
            except psycopg.errors.QueryCanceled:
                stopped += 1
            else:
                fastest = min(fastest, time.monotonic() - begin)
                assert rows == (200000,)
            if attempt % 20:
                cancel.join()
            # A cancel that came too late may still be on its way.
            with contextlib.suppress(psycopg.errors.QueryCanceled):
                db.execute("SELECT pg_sleep(0.02)")
            assert hours(db) == (200000, 200000)
            if stopped == 20:
                break
    assert stopped == 20, f"{stopped} of 400 cancels met a running computation"


def test_an_error_keeps_its_state_and_hint_and_the_session_goes_on(db):
    db.execute("SAVEPOINT before")
    db.execute("ALTER TABLE timesheet.settings DISABLE TRIGGER USER")
    db.execute("DELETE FROM timesheet.settings")
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="timesheet.settings has no row") as caught:
        hours(db)
    assert "INSERT INTO timesheet.settings" in caught.value.diag.message_hint
    db.execute("ROLLBACK TO before")
    assert hours(db) == (200000, 200000)


def test_an_error_of_the_servers_keeps_its_state(db):
    db.execute("SAVEPOINT before")
    db.execute("ALTER TABLE timesheet.time_entries RENAME TO elsewhere")
    with pytest.raises(psycopg.errors.UndefinedTable):
        hours(db)
    db.execute("ROLLBACK TO before")
    assert hours(db) == (200000, 200000)


def test_an_error_inside_a_handled_block_leaves_the_block_usable(db):
    db.execute(
        """
        DO $$ BEGIN
          FOR n IN 1 .. 200 LOOP
            BEGIN
              PERFORM timesheet.native_sessions('2000-01-01', '2000-01-02', n), 1 / 0;
            EXCEPTION WHEN division_by_zero THEN NULL;
            END;
          END LOOP;
        END $$"""
    )
    assert hours(db) == (200000, 200000)


def test_extreme_arguments_give_rows_or_none_but_no_error(db):
    for function in ("sessions", "daily_hours", "weekly_hours", "notes"):
        for since in ("-infinity", "infinity", "4714-11-24 BC", "5874897-12-31", None):
            for until in ("-infinity", "infinity", "4714-11-24 BC", "5874897-12-31", None):
                for as_of in ("-infinity", "infinity", None):
                    native, sql = (
                        db.execute(
                            f"SELECT count(*) FROM timesheet.{engine}_{function}(%s, %s, 7, %s)", (since, until, as_of)
                        ).fetchone()
                        for engine in ("native", "sql")
                    )
                    assert native == sql, (function, since, until, as_of)


def own_memory(pid):
    """Bytes that a process has written for itself: neither shared buffers nor the library's text."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon:"))


class PeakMemory:
    """The most memory that a process had at any of many moments while the block ran."""

    def __init__(self, pid):
        self.pid, self.bytes, self.is_over = pid, 0, threading.Event()
        self.watcher = threading.Thread(target=self.watch)

    def watch(self):
        while not self.is_over.wait(0.001):
            self.bytes = max(self.bytes, own_memory(self.pid))

    def __enter__(self):
        self.watcher.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.watcher.join()


@pytest.mark.parametrize("function", ["sessions", "daily_hours", "weekly_hours", "notes"])
def test_memory_does_not_grow_with_the_rows(db, function):
    """400,000 entries of 40 agents take what 4,000 take, within 3 MiB; keeping them would take 28 MB."""
    db.execute("SET work_mem = '64kB'")  # results are the server's to keep, and go to disk
    query = f"SELECT count(*) FROM timesheet.native_{function}(NULL, %s, NULL, 'infinity')"
    db.execute(query, ("2000-01-05",))
    peaks = []
    for until in ("2000-01-05", None):
        with PeakMemory(db.info.backend_pid) as peak:
            for _ in range(3):
                rows = db.execute(query, (until,)).fetchone()[0]
        peaks.append(peak.bytes)
    assert rows >= (0 if function == "notes" else 400)
    assert 0 < peaks[0] and peaks[1] - peaks[0] < 3 * 1024 * 1024, peaks


def test_running_out_of_memory_anywhere_is_an_error_and_the_session_goes_on(db):
    """The server's own allocations and the library's fail alike: an error, not the end of the server."""
    as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []

    def may_take(megabytes):
        with open(f"/proc/{db.info.backend_pid}/statm", encoding="ascii") as statm:
            now = int(statm.read().split()[0]) * os.sysconf("SC_PAGESIZE")
        limit = "unlimited" if megabytes is None else now + int(megabytes * 1024 * 1024)
        subprocess.run([*as_server, "prlimit", f"--pid={db.info.backend_pid}", f"--as={limit}:unlimited"], check=True)

    hours(db)  # the library is loaded, whatever this session did before
    failed = 0
    for step in range(30):
        db.execute("SAVEPOINT before")
        may_take(step / 10)
        try:
            hours(db)
        except psycopg.errors.OutOfMemory:
            failed += 1
        finally:
            may_take(None)
        db.execute("ROLLBACK TO before")
        assert hours(db) == (200000, 200000)
    assert failed > 0


def test_dump_and_restore_bring_everything_back(uri, new_database):
    copy = new_database()
    dump = subprocess.run(["pg_dump", "-Fc", uri], check=True, stdout=subprocess.PIPE).stdout
    restored = subprocess.run(
        ["pg_restore", "--no-owner", "--exit-on-error", "-d", copy], input=dump, stderr=subprocess.PIPE
    )
    assert restored.returncode == 0, restored.stderr
    with psycopg.connect(copy) as db:
        assert db.execute("SELECT timesheet.engine()").fetchone() == ("native",)
        assert hours(db) == (200000, 200000)
