"""What else the owner of a database may put before the native engine: row-level security, foreign tables, and views
that act while they are read."""

import subprocess
import uuid

import psycopg
import pytest
from psycopg import sql

import handmade_schema
from conftest import SUPERUSER_URI
from handmade_schema import COLUMNS, FUNCTIONS, READ_BY, outcomes

WEEKLY = "SELECT sum(work_seconds) FROM timesheet.native_weekly_hours(NULL, NULL, NULL, '2026-12-01')"
SECONDS = 48600 + 14400 + 3600 + 5400 + 60 + 600 + 6000 + 7


@pytest.fixture(scope="module")
def uri(new_database):
    uri = new_database()
    handmade_schema.make_schema(uri)
    return uri


@pytest.fixture(scope="module")
def superuser_uri(uri):
    return SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def right(uri):
    with psycopg.connect(uri) as db:
        db.execute("SET timezone = 'UTC'")
        return outcomes(db)


@pytest.fixture
def db(uri, right):
    """A session of the owner, in a transaction that is rolled back;
    the server lives through it and the session goes on."""
    with psycopg.connect(uri) as db:
        started = db.execute("SELECT pg_postmaster_start_time(), pg_backend_pid()").fetchone()
        db.execute("SET timezone = 'UTC'")
        assert outcomes(db) == right
        db.commit()
        yield db
        db.rollback()
        assert outcomes(db) == right
        assert db.execute("SELECT pg_postmaster_start_time(), pg_backend_pid()").fetchone() == started
        db.rollback()


# Row-level security: hours of all rows, or none.


@pytest.mark.parametrize("table", COLUMNS)
def test_forced_row_level_security_is_an_error_for_the_owner(db, right, table):
    db.execute(f"ALTER TABLE timesheet.{table} ENABLE ROW LEVEL SECURITY")
    assert outcomes(db) == right  # the owner is above it
    db.execute(f"ALTER TABLE timesheet.{table} FORCE ROW LEVEL SECURITY")
    for row_security in ("on", "off"):
        db.execute(f"SET LOCAL row_security = {row_security}")
        found = outcomes(db)
        for function in FUNCTIONS:
            refused = ("42501", f'query would be affected by row-level security policy for table "{table}"')
            assert found[function] == (refused if function in READ_BY[table] else right[function])
    assert db.execute("SHOW row_security").fetchone() == ("off",)
    db.execute("SET LOCAL row_security = on")
    outcomes(db)
    assert db.execute("SHOW row_security").fetchone() == ("on",)
    db.execute(f"ALTER TABLE timesheet.{table} NO FORCE ROW LEVEL SECURITY")
    assert outcomes(db) == right
    assert db.execute("SHOW row_security").fetchone() == ("on",)


def test_so_it_is_behind_a_view(db):
    db.execute(
        """
        ALTER TABLE timesheet.time_entries RENAME TO kept;
        ALTER TABLE timesheet.kept ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE VIEW timesheet.time_entries AS SELECT * FROM timesheet.kept"""
    )
    assert {state for state, _ in outcomes(db).values()} == {"42501"}


def test_plans_that_are_kept_follow_the_role_that_runs_them(superuser_uri):
    """One session, one plan: a superuser and a role that passes row-level security see all, one with a policy for
    some rows is reported."""
    reader, bypass = ("test_" + uuid.uuid4().hex for _ in range(2))
    with psycopg.connect(superuser_uri) as db:
        db.execute(
            f"""
            CREATE ROLE {reader}; CREATE ROLE {bypass} BYPASSRLS;
            GRANT USAGE ON SCHEMA timesheet TO {reader}, {bypass}; GRANT SELECT
              ON ALL TABLES IN SCHEMA timesheet TO {reader}, {bypass};
            GRANT EXECUTE ON FUNCTION timesheet.native_weekly_hours TO {reader}, {bypass};
            ALTER TABLE timesheet.hour_entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY own ON timesheet.hour_entries USING (agent_id = 2)"""
        )
        for _ in range(2):
            for role in ("postgres", bypass, "timesheet", reader, bypass):
                db.execute(f"SET ROLE {role}")
                db.execute("SAVEPOINT before")
                if role in (reader, "timesheet"):
                    with pytest.raises(
                        psycopg.errors.InsufficientPrivilege, match='row-level security policy for table "hour_entries"'
                    ):
                        db.execute(WEEKLY)
                else:
                    assert db.execute(WEEKLY).fetchone() == (SECONDS,)
                db.execute("ROLLBACK TO before")
                db.execute("RESET ROLE")
        db.rollback()


def test_the_functions_run_with_the_callers_rights(superuser_uri):
    with psycopg.connect(superuser_uri) as db:
        assert db.execute(
            "SELECT DISTINCT prosecdef, proowner::regrole::text FROM pg_proc WHERE proname LIKE 'native%'"
        ).fetchall() == [(False, "postgres")]
        nobody = "test_" + uuid.uuid4().hex
        db.execute(
            f"CREATE ROLE {nobody}; GRANT EXECUTE ON FUNCTION timesheet.native_weekly_hours TO {nobody}; "
            f"GRANT USAGE ON SCHEMA timesheet TO {nobody}"
        )
        assert db.execute(WEEKLY).fetchone() == (SECONDS,)  # its plan is kept
        db.execute(f"SET LOCAL ROLE {nobody}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for table settings"):
            db.execute(WEEKLY)
        db.rollback()


# Views whose functions act while the engine reads them.


def put_a_view(db, body, table="time_entries", volatility="VOLATILE"):
    """A view in place of the table, that runs this PL/pgSQL for each of its rows."""
    db.execute(
        f"""
        ALTER TABLE timesheet.{table} RENAME TO kept;
        CREATE FUNCTION public.act() RETURNS boolean LANGUAGE plpgsql {volatility} AS $$ BEGIN {body}
          RETURN true; END $$;
        CREATE VIEW timesheet.{table} AS SELECT * FROM timesheet.kept WHERE public.act()"""
    )


def test_a_view_may_call_the_engine_that_reads_it(db, right):
    put_a_view(
        db,
        f"""
        IF coalesce(current_setting('test.depth', true), '') <> 'xx' THEN
          PERFORM set_config('test.depth', coalesce(current_setting('test.depth', true), '') || 'x', true);
          IF ({WEEKLY}) <> {SECONDS} THEN RAISE 'other hours inside'; END IF;
          PERFORM timesheet.native_sessions('2026-11-01', NULL, 1), timesheet.native_notes(NULL, '2026-11-03', 2);
          PERFORM set_config('test.depth', substr(current_setting('test.depth'), 2), true);
        END IF;""",
    )
    assert outcomes(db) == right


def test_adding_up_the_manual_hours_of_very_many_groups_can_be_cancelled(uri):
    """They wait in a store until their agent's turn, where nothing asks for interrupts: what adds them up has to.
    It would take minutes."""
    many = (
        "INSERT INTO timesheet.hour_entries SELECT 2, '2026-11-01', g, g, 1, NULL FROM generate_series(10, 200000) AS g"
    )
    done = subprocess.run(
        ["psql", "-X", "-c", f"BEGIN; {many}; SET LOCAL statement_timeout = '2s'; {WEEKLY}", uri],
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and "canceling statement due to statement timeout" in done.stderr


def test_one_that_calls_it_without_end_meets_the_servers_limit(db):
    put_a_view(db, "PERFORM timesheet.native_sessions(NULL, NULL);")
    assert db.execute("SELECT state FROM public.outcome('timesheet.native_sessions(NULL, NULL)')").fetchone() == (
        "54001",
    )  # the stack's depth


@pytest.mark.parametrize("volatility", ["VOLATILE", "IMMUTABLE"])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE timesheet.kept ALTER COLUMN start_time_utc TYPE text",
        "ALTER TABLE timesheet.kept DROP COLUMN kind",
        "DROP TABLE timesheet.kept CASCADE",
        "TRUNCATE timesheet.kept",
        "DROP VIEW timesheet.time_entries",
        "DROP SCHEMA timesheet CASCADE",
        "DROP EXTENSION timesheet CASCADE",
        "ALTER TABLE timesheet.settings ALTER COLUMN week_starts_on TYPE text",
        "ALTER TABLE timesheet.hour_entries ALTER COLUMN seconds TYPE numeric",
        "CREATE OR REPLACE VIEW timesheet.time_entries AS SELECT k.*, 1 AS more FROM timesheet.kept AS k",
        "ALTER VIEW timesheet.time_entries RENAME TO gone",
        "CREATE INDEX ON timesheet.kept (kind)",
        "ANALYZE timesheet.kept",
        "DISCARD PLANS",
        "ALTER EXTENSION timesheet UPDATE",
        "SET LOCAL row_security = on",
        "SET LOCAL ROLE NONE",
        "RAISE 'on purpose'",
    ],
)
def test_one_that_changes_what_is_being_read_gives_right_rows_or_an_error(db, right, statement, volatility):
    do = statement if statement.startswith("RAISE") else f"EXECUTE {sql.quote(statement)}"
    put_a_view(db, do + ";", volatility=volatility)
    for call in (
        "sessions(NULL, NULL)",
        "weekly_hours(NULL, NULL, 1)",
        "weekly_hours(NULL, NULL)",
        "sessions(NULL, NULL)",
    ):
        db.execute("SAVEPOINT before")
        try:
            rows = db.execute(f"SELECT count(*) FROM timesheet.native_{call}").fetchone()[0]
        except psycopg.Error as error:
            assert error.sqlstate and not error.sqlstate.startswith(("XX", "57")), error
        else:
            assert (
                rows
                == {"sessions(NULL, NULL)": 5, "weekly_hours(NULL, NULL, 1)": 2, "weekly_hours(NULL, NULL)": 8}[call]
            )
        db.execute("ROLLBACK TO before")


# Foreign tables, by a server that may hold anything.


@pytest.fixture(scope="module")
def far(uri, superuser_uri):
    """The schema far, read through postgres_fdw from this same database: the tables as they are,
    and all their columns as texts."""
    with psycopg.connect(superuser_uri) as db:
        where = psycopg.conninfo.conninfo_to_dict(uri)
        db.execute("CREATE EXTENSION postgres_fdw")
        db.execute(
            sql.SQL(
                "CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host {host}, port {port}, "
                "dbname {dbname})"
            ).format(**{name: sql.Literal(str(where[name])) for name in ("host", "port", "dbname")})
        )
        db.execute(
            sql.SQL("CREATE USER MAPPING FOR timesheet SERVER here OPTIONS (user 'timesheet', password {})").format(
                sql.Literal(where["password"])
            )
        )
        db.execute("GRANT USAGE ON FOREIGN SERVER here TO timesheet")
    with psycopg.connect(uri) as db:
        db.execute("CREATE SCHEMA far; CREATE SCHEMA far_texts")
        for table in COLUMNS:
            db.execute(handmade_schema.table_definition(table, "far"))
            texts = ", ".join(f"{name}::text" for name, *_ in COLUMNS[table])
            db.execute(f"CREATE TABLE far_texts.{table} AS SELECT {texts} FROM far.{table}")


def put_a_foreign_table(db, table, kinds=None, schema="far"):
    columns = ", ".join(f"{name} {(kinds or {}).get(name, kind)}" for name, kind, _ in COLUMNS[table])
    db.execute(
        f"""
        ALTER TABLE timesheet.{table} RENAME TO kept;
        CREATE FOREIGN TABLE timesheet.{table} ({columns}) SERVER here OPTIONS (schema_name '{schema}',
          table_name '{table}')"""
    )


@pytest.mark.parametrize("schema", ["far", "far_texts"])
@pytest.mark.parametrize("table", ["settings", "client_groups", "hour_entries", "time_entries"])
def test_a_foreign_table_is_read_or_refused(db, far, right, table, schema):
    put_a_foreign_table(db, table, schema=schema)
    found = outcomes(db)
    for function in FUNCTIONS:
        # Conditions may be sent to the other server, which knows no text that is later than an instant.
        assert found[function] == right[function] or schema == "far_texts" and found[function][0] in ("42883", "42804")


@pytest.mark.parametrize(
    "table, column, kind", [(table, name, kind) for table, columns in COLUMNS.items() for name, kind, _ in columns]
)
def test_a_column_of_a_foreign_table_of_another_type_is_an_error(db, far, right, table, column, kind):
    other = "bigint" if kind == "text" else "text"
    put_a_foreign_table(db, table, {column: other})
    found = outcomes(db)
    for function in READ_BY[table]:
        assert found[function] == ("42804", f'column "{column}" of timesheet.{table} is {other}, not {kind}')


@pytest.mark.parametrize("table", ["time_entries", "hour_entries"])
def test_a_foreign_table_in_another_order_is_an_error(db, far, right, table):
    """The other server sorts agents as texts, 10 before 2; here they are numbers.
    Two orders would be two rows of one agent's week."""
    with psycopg.connect(db.info.dsn, password=db.info.password) as other:
        other.execute(f"UPDATE far_texts.{table} SET agent_id = '10' WHERE agent_id = '1' OR agent_id = '3'")
    put_a_foreign_table(db, table, schema="far_texts")
    db.execute("SET LOCAL enable_sort = off")  # the other server is to do it
    found = outcomes(db)
    for function in READ_BY[table]:
        assert found[function] == (
            "38000",
            f"rows of timesheet.{table} do not come in the order of their agents and times",
        )


def test_a_foreign_table_with_a_null_is_an_error(db, far, uri, right):
    with psycopg.connect(uri) as other:
        other.execute("ALTER TABLE far.time_entries ALTER COLUMN jibble_activity_id DROP NOT NULL")
        other.execute("UPDATE far.time_entries SET jibble_activity_id = NULL WHERE kind = 3")
    put_a_foreign_table(db, "time_entries")
    assert set(outcomes(db).values()) == {("23502", 'column "jibble_activity_id" of timesheet.time_entries is null')}
