"""pg_dump and pg_restore bring everything back, and it goes on; nothing stands in the way of pg_upgrade."""

import subprocess

import psycopg
import pytest

from conftest import SUPERUSER_URI, Daemon, FakeJibble, set_cutoffs
from stage import Stage
from logins import login, make_roles  # noqa: F401 (a fixture)
from reports import differences

OURS = "nspname IN ('timesheet', 'timesheet_client')"
BEFORE = "2026-11-20"  # later days may have a running session, which ends now


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    it = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "3")
    yield it
    it.stop()


@pytest.fixture(scope="module")
def original(new_database, fake, login):  # noqa: F811
    """A database with history, corrections, marks, a contact, a digest and a client's role."""
    daemon = Daemon(new_database(), fake)
    daemon.must("migrate")
    daemon.must("backfill", "--since", "2026-11-01", "--until", "2026-11-25")
    uri = daemon.environment["DATABASE_URL"]
    with psycopg.connect(uri, autocommit=True) as db:
        set_cutoffs(db, fake)
        db.execute("SELECT timesheet.assign_client_group(1, 2, '2026-11-12 00:00Z')")
        db.execute("SELECT timesheet.refresh()")
        db.execute(
            "INSERT INTO timesheet.stale_days (agent_id, workday) SELECT agent_id, min(workday) "
            "FROM timesheet.time_entries GROUP BY agent_id LIMIT 5"
        )
        name, _ = login(uri, "timesheet_client")
        db.execute("SELECT timesheet.set_client_access(%s, '{1,2}')", (name,))
        db.execute("UPDATE timesheet.settings SET long_session = '11:00'")
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    stage.contact("ann@example.com", 1)
    stage.db.execute("SELECT timesheet.queue_digests()")
    stage.close()
    return uri


@pytest.fixture(scope="module")
def copy(original, new_database):
    uri = new_database()
    dump = subprocess.run(["pg_dump", "-Fc", original], check=True, stdout=subprocess.PIPE).stdout
    restored = subprocess.run(
        ["pg_restore", "--no-owner", "--exit-on-error", "-d", uri], input=dump, stderr=subprocess.PIPE
    )
    assert restored.returncode == 0, restored.stderr
    return uri


@pytest.fixture
def both(original, copy):
    with psycopg.connect(original, autocommit=True) as before, psycopg.connect(copy, autocommit=True) as after:
        for db in (before, after):
            db.execute("SET timezone = 'UTC'")
        yield before, after


def tables(db):
    return [
        t
        for t, in db.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND nspname = 'timesheet' ORDER BY 1"
        )
    ]


def test_every_table_has_the_same_rows(both):
    before, after = both
    assert len(tables(before)) > 20 and tables(after) == tables(before)
    filled = set()
    for table in tables(before):
        # By the names of columns: of a table that inherits, restoring puts the inherited ones first.
        query = (
            "SELECT count(*), md5(string_agg(r.text, chr(10) ORDER BY r.text)) FROM ("
            f"SELECT to_jsonb(t)::text AS text FROM timesheet.{table} AS t) AS r"
        )
        kept = before.execute(query).fetchone()
        assert after.execute(query).fetchone() == kept, table
        filled |= {table} if kept[0] else set()
    assert filled >= {
        "raw_events",
        "time_entries",
        "stale_days",
        "daily_rollup",
        "digest_deliveries",
        "client_access",
        "working_time_overrides",
        "client_group_assignments",
    }


@pytest.mark.parametrize("engine", ["native", "sql"])
def test_views_and_functions_give_the_same_rows_by_either_engine(both, engine):
    results = []
    for db in both:
        assert db.execute("SELECT timesheet.use_engine(%s)", (engine,)).fetchone() == (engine,)
        results.append(
            [
                db.execute(query).fetchall()
                for query in (
                    *(
                        f"SELECT v::text FROM timesheet.{view} AS v WHERE workday < '{BEFORE}' ORDER BY 1"
                        for view in ("daily_report", "attendance", "session_log", "notes")
                    ),
                    "SELECT v::text FROM timesheet.digests AS v ORDER BY 1",
                    *(
                        f"SELECT f::text FROM timesheet.{f}(NULL, NULL, NULL, '2027-01-01Z') AS f ORDER BY 1"
                        for f in ("sessions", "daily_hours", "weekly_hours", "notes")
                    ),
                )
            ]
        )
        db.execute("SELECT timesheet.use_engine('auto')")
    assert results[0] == results[1] and all(results[0])


def test_rights_come_back_as_they_were(both):
    rights = [
        db.execute(
            f"""
        SELECT n.nspname || '.' || o.name, o.acl FROM pg_namespace AS n JOIN (
          SELECT relnamespace AS namespace, relname::text AS name,
            coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner))::text AS acl
          FROM pg_class WHERE relkind IN ('r', 'v', 'S')
          UNION ALL SELECT pronamespace, oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner))::text
          FROM pg_proc
          UNION ALL SELECT oid, '', coalesce(nspacl, acldefault('n', nspowner))::text FROM pg_namespace) AS o
              ON o.namespace = n.oid
        WHERE {OURS} ORDER BY 1"""
        ).fetchall()
        for db in both
    ]
    assert rights[0] == rights[1] and len(rights[0]) > 250


def test_comments_settings_and_security_of_functions_come_back(both):
    functions = [
        db.execute(
            f"""
        SELECT p.oid::regprocedure::text, p.prosecdef, p.proconfig, p.provolatile, p.proparallel, p.procost, p.prorows,
          obj_description(p.oid, 'pg_proc')
        FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE {OURS} ORDER BY 1"""
        ).fetchall()
        for db in both
    ]
    assert functions[0] == functions[1]


def test_the_daemon_and_refresh_go_on(copy, fake):
    """New rows take new ids, what changes is marked, and reports are what the engine says."""
    daemon = Daemon(copy, fake)
    assert "(0 applied now)" in daemon.must("migrate").stderr
    with psycopg.connect(copy, autocommit=True) as db:
        db.execute("SELECT timesheet.refresh()")
        db.execute(
            "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '1 minute' "
            "WHERE workday = '2026-11-10' AND agent_id < 6"
        )
        assert (
            db.execute(
                "SELECT count(DISTINCT agent_id) FROM timesheet.stale_days WHERE workday = '2026-11-10'"
            ).fetchone()
            == db.execute(
                "SELECT count(DISTINCT agent_id) FROM timesheet.time_entries WHERE workday = '2026-11-10' "
                "AND agent_id < 6"
            ).fetchone()
            != (0,)
        )
        assert differences(db) == {}
        db.execute("SELECT timesheet.refresh()")
        assert differences(db) == {}
    daemon.must("sync", "--since", "2026-11-16", "--until", "2026-11-22")
    daemon.must("check")


def test_jobs_can_be_scheduled_again(copy):
    """pg_cron lives in one database, and its table is no part of ours: here something stands for it."""
    with psycopg.connect(copy) as db:
        db.execute(
            "CREATE SCHEMA cron; CREATE TABLE cron.job (jobid bigserial, jobname text UNIQUE, schedule text, "
            "command text, username text DEFAULT current_user, database text DEFAULT current_database(), "
            "active boolean DEFAULT true)"
        )
        db.execute(
            """CREATE FUNCTION cron.schedule(a text, b text, c text) RETURNS bigint LANGUAGE sql AS
                      'INSERT INTO cron.job (jobname, schedule, command) VALUES (a, b, c)
                       ON CONFLICT (jobname) DO UPDATE SET schedule = b RETURNING jobid'"""
        )
        db.execute(
            "CREATE FUNCTION cron.unschedule(a bigint) RETURNS boolean LANGUAGE sql AS 'DELETE FROM cron.job "
            "WHERE jobid = a RETURNING true'"
        )
        (jobs,) = db.execute("SELECT count(*) FROM timesheet.jobs()").fetchone()
        assert db.execute("SELECT timesheet.schedule_jobs(), timesheet.schedule_jobs()").fetchone() == (jobs, jobs)
        assert db.execute("SELECT count(*) FROM cron.job").fetchone() == (jobs,)
        db.rollback()


def test_a_mark_of_an_older_server_does_not_stand_for_a_transaction_to_come(new_database):
    """Two marks of a running day with numbers far ahead: one is left, with a number of this server's past."""
    uri = new_database()
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("INSERT INTO timesheet.agents (agent_id, jibble_id) VALUES (1, gen_random_uuid())")
        db.execute(
            "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
            "workday_end)"
            " VALUES (gen_random_uuid(), 1, now() - interval '1 minute', 'In', now()::date, now()::date + 1), "
            "(gen_random_uuid(), 1, '2026-01-05 09:00Z', 'In', '2026-01-05', '2026-01-06')"
        )
        db.execute("DELETE FROM timesheet.stale_days")
        db.execute(
            "INSERT INTO timesheet.stale_days (agent_id, workday, marked_by) "
            "VALUES (1, now()::date, '9000000000000'), (1, now()::date, '9000000000001'), (1, '2026-01-05', "
            "'9000000000000')"
        )
        assert db.execute("SELECT timesheet.refresh()").fetchone() == (2,)
        assert db.execute(
            "SELECT workday = now()::date, marked_by < pg_snapshot_xmax(pg_current_snapshot()) "
            "FROM timesheet.stale_days"
        ).fetchall() == [(True, True)]
        assert differences(db) == {}


# --- what pg_upgrade --check looks for, which needs the programs of two versions


@pytest.fixture(scope="module")
def upgradable(original):
    with psycopg.connect(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + original.rsplit("/", 1)[1], autocommit=True) as db:
        yield db


def test_nothing_of_ours_is_in_a_schema_of_the_systems(upgradable):
    """But the extension's entry, which has pg_catalog for a schema and nothing in it."""
    assert (
        upgradable.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE oid >= 16384 "
            "AND relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
        ).fetchall()
        == []
    )
    assert (
        upgradable.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE oid >= 16384 "
            "AND pronamespace = 'pg_catalog'::regnamespace AND probin LIKE '%timesheet%'"
        ).fetchall()
        == []
    )


def test_no_column_has_a_type_that_changes_between_versions(upgradable):
    """Also not within an array, a domain or a composite type: reg*, aclitem, and types that the catalog's rows have."""
    found = upgradable.execute(
        f"""
        WITH RECURSIVE used AS (
          SELECT c.oid::regclass::text || '.' || a.attname AS known, a.atttypid AS type FROM pg_class AS c
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          WHERE {OURS} AND c.relkind IN ('r', 'm', 'i', 'p')
          UNION
          SELECT u.known, x.type FROM used AS u JOIN pg_type AS t ON t.oid = u.type
          CROSS JOIN LATERAL (SELECT t.typbasetype UNION SELECT t.typelem
            UNION SELECT a.atttypid FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0) AS x (type)
          WHERE x.type <> 0
        )
        SELECT u.known, t.typname FROM used AS u JOIN pg_type AS t ON t.oid = u.type
        WHERE t.typname ~ '^reg(class|collation|config|dictionary|namespace|oper|operator|proc|procedure)$'
          OR t.typname IN ('aclitem', 'unknown', 'sql_identifier', 'line', 'jsonb_path')
           OR (t.typtype = 'c'
             AND t.typnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace))"""
    ).fetchall()
    assert found == []


def test_every_library_that_functions_name_can_be_loaded(upgradable):
    """By the name that the other version looks for in its own directory."""
    libraries = [
        l
        for l, in upgradable.execute(
            "SELECT DISTINCT p.probin FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace "
            "WHERE nspname = 'timesheet' AND p.probin IS NOT NULL"
        )
    ]
    assert libraries == ["$libdir/timesheet"]
    upgradable.execute("LOAD '$libdir/timesheet'")


def test_the_database_is_as_pg_upgrade_wants_it(upgradable):
    assert upgradable.execute(
        "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()"
    ).fetchone() == (0,)
    assert upgradable.execute(
        "SELECT datallowconn, datconnlimit FROM pg_database WHERE datname = current_database()"
    ).fetchone() == (True, -1)
    # What casts, conversions and operators must not have been made of.
    assert upgradable.execute(
        f"SELECT count(*) FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace WHERE {OURS}"
    ).fetchone() == (0,)
    assert upgradable.execute(
        "SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_am AS a "
        f"ON a.oid = c.relam WHERE {OURS} AND a.amname NOT IN ('heap', 'btree')"
    ).fetchone() == (0,)


def test_its_schema_can_be_dumped_as_pg_upgrade_does(upgradable, original, tmp_path):
    uri = SUPERUSER_URI.rsplit("/", 1)[0] + "/" + original.rsplit("/", 1)[1]
    dumped = subprocess.run(
        [
            "pg_dump",
            "--schema-only",
            "--quote-all-identifiers",
            "--binary-upgrade",
            "--format=custom",
            f"--file={tmp_path / 'schema'}",
            uri,
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert (dumped.returncode, dumped.stderr) == (0, "")
