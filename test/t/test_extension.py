"""The native engine inside a live server: cancelled, failing, dumped and restored, and still there."""

import subprocess

import psycopg
import pytest

from conftest import Daemon


@pytest.fixture(scope="module")
def uri(new_database):
    uri = new_database()
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("INSERT INTO timesheet.agents (agent_id, jibble_id) SELECT n, gen_random_uuid() FROM generate_series(1, 40) AS n")
        db.execute("""
            INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, workday_end)
            SELECT gen_random_uuid(), 1 + n % 40, at, CASE n / 40 % 2 WHEN 0 THEN 'In' ELSE 'Out' END, at::date, at::date + 1
            FROM (SELECT n, timestamptz '2000-01-01 00:00Z' + n / 40 * interval '1 hour' AS at FROM generate_series(0, 399999) AS n) AS e""")
    return uri


@pytest.fixture
def db(uri):
    with psycopg.connect(uri) as connection:
        connection.execute("SET timezone = 'UTC'")
        yield connection
        connection.rollback()


def hours(db):
    return db.execute("SELECT sum(work_seconds) / 3600, sum(session_count) FROM timesheet.native_weekly_hours(NULL, NULL, NULL, 'infinity')").fetchone()


def test_every_other_hour_is_worked(db):
    assert hours(db) == (200000, 200000)


@pytest.mark.parametrize("function", ["sessions", "daily_hours", "weekly_hours", "notes"])
def test_a_statement_timeout_stops_it_and_the_session_goes_on(db, function):
    db.execute("SET statement_timeout = '30ms'")
    db.execute("SAVEPOINT before")
    with pytest.raises(psycopg.errors.QueryCanceled):
        db.execute(f"SELECT count(*) FROM timesheet.native_{function}(NULL, NULL)")
    db.execute("ROLLBACK TO before")
    db.execute("SET statement_timeout = 0")
    assert hours(db) == (200000, 200000)


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
    db.execute("""
        DO $$ BEGIN
          FOR n IN 1 .. 200 LOOP
            BEGIN
              PERFORM timesheet.native_sessions('2000-01-01', '2000-01-02', n), 1 / 0;
            EXCEPTION WHEN division_by_zero THEN NULL;
            END;
          END LOOP;
        END $$""")
    assert hours(db) == (200000, 200000)


def test_extreme_arguments_give_rows_or_none_but_no_error(db):
    for function in ("sessions", "daily_hours", "weekly_hours", "notes"):
        for since in ("-infinity", "infinity", "4714-11-24 BC", "5874897-12-31", None):
            for until in ("-infinity", "infinity", "4714-11-24 BC", "5874897-12-31", None):
                for as_of in ("-infinity", "infinity", None):
                    native, sql = (
                        db.execute(f"SELECT count(*) FROM timesheet.{engine}_{function}(%s, %s, 7, %s)", (since, until, as_of)).fetchone()
                        for engine in ("native", "sql"))
                    assert native == sql, (function, since, until, as_of)


def test_dump_and_restore_bring_everything_back(uri, new_database):
    copy = new_database()
    dump = subprocess.run(["pg_dump", "-Fc", uri], check=True, stdout=subprocess.PIPE).stdout
    restored = subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", "-d", copy], input=dump, stderr=subprocess.PIPE)
    assert restored.returncode == 0, restored.stderr
    with psycopg.connect(copy) as db:
        assert db.execute("SELECT timesheet.engine()").fetchone() == ("native",)
        assert hours(db) == (200000, 200000)
