"""Tables, views and foreign tables that are not what the native engine reads: right rows or an error that names the
column, never another outcome.

The owner of a database makes the schema by hand; the extension is trusted, so nobody asks a superuser.
"""

import psycopg
import pytest

import handmade_schema
from handmade_schema import COLUMNS, FUNCTIONS, READ_BY, outcomes

# Types and a value of each. Read as a reference, the numbers are addresses; read as a number, the references are.
TYPES = {
    "text": "'hello'",
    "character varying": "'hello'",
    "name": "'hello'",
    '"char"': "'h'",
    "bytea": "'\\x00'",
    "smallint": "2",
    "integer": "1",
    "bigint": "140737488355328",
    "numeric": "4.3e19",
    "real": "1",
    "double precision": "1",
    "boolean": "true",
    "date": "'2026-11-01'",
    "timestamp without time zone": "'2026-11-01'",
    "timestamp with time zone": "'2026-11-01'",
    "interval": "'1 hour'",
    "time without time zone": "'01:00'",
    "time with time zone": "'01:00Z'",
    "uuid": "'00000000-0000-0000-0000-000000000001'",
    "json": "'{}'",
    "jsonb": "'{}'",
    "oid": "1",
    "inet": "'::1'",
    "integer[]": "'{1,2}'",
    "whole": "1",
    "mood": "'glad'",
    "pair": "(1, 2)",
    "pairs": "(NULL, NULL)",
}
ALL_COLUMNS = [(table, *column) for table, columns in COLUMNS.items() for column in columns]


@pytest.fixture(scope="module")
def uri(new_database):
    uri = new_database()
    handmade_schema.make_schema(uri)
    with psycopg.connect(uri) as db:
        db.execute(
            """
            CREATE DOMAIN whole AS int; CREATE TYPE mood AS ENUM ('glad'); CREATE TYPE pair AS (a int,
              b int); CREATE TYPE pairs AS (a pair, b pair);
            CREATE DOMAIN an_interval AS interval; CREATE DOMAIN a_text AS text; CREATE DOMAIN an_integer
              AS int; CREATE DOMAIN an_instant AS timestamptz;
            CREATE DOMAIN a_smallint AS smallint; CREATE DOMAIN a_uuid AS uuid; CREATE DOMAIN a_date
              AS date; CREATE DOMAIN a_boolean AS boolean;
            CREATE DOMAIN a_bigint AS bigint"""
        )
    return uri


@pytest.fixture(scope="module")
def connection(uri):
    """One session for all: its plans are kept, and it must live to the end."""
    with psycopg.connect(uri) as connection:
        started = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
        connection.execute("SET timezone = 'UTC'")
        connection.commit()
        yield connection
        assert connection.execute("SELECT pg_postmaster_start_time()").fetchone() == started


@pytest.fixture(scope="module")
def right(connection):
    """The rows of the tables as they should be."""
    rows = outcomes(connection)
    connection.commit()
    assert all(state is None for state, _ in rows.values()), rows
    assert [len(said.splitlines()) for _, said in rows.values()] == [5, 8, 8, 5]
    return rows


@pytest.fixture
def db(connection, right):
    """The session, in a transaction that is rolled back; afterwards the same session gives the right rows."""
    pid = connection.info.backend_pid
    yield connection
    connection.rollback()
    assert outcomes(connection) == right
    connection.rollback()
    assert connection.info.backend_pid == pid


def put_in_place(db, table, changed, how="TABLE"):
    """The table gets these columns in place of its own: {name: None to leave it out, or an expression of the row};
    as a table or a view."""
    columns = [
        f"{changed.get(name, name)} AS {name}" for name, *_ in COLUMNS[table] if changed.get(name, name) is not None
    ]
    db.execute(
        f"ALTER TABLE timesheet.{table} RENAME TO {table}_renamed; CREATE {how} timesheet.{table} AS "
        f"SELECT {', '.join(columns)} FROM timesheet.{table}_renamed"
    )


def expect(db, right, table, state, said):
    """The functions that read the table fail so, the others give the right rows; and again,
    as each leaves its plan behind."""
    for _ in range(2):
        found = outcomes(db)
        for function in FUNCTIONS:
            wanted = (state, said) if function in READ_BY[table] else right[function]
            assert found[function] == wanted, (function, table)


@pytest.mark.parametrize("how", ["ALTER", "VIEW"])
@pytest.mark.parametrize("table, column, kind, _", ALL_COLUMNS)
def test_a_column_of_another_type_is_an_error_that_names_it(db, right, table, column, kind, _, how):
    names = dict(
        db.execute("SELECT t, format_type(t::regtype, NULL) FROM unnest(%s::text[]) AS t", (list(TYPES),)).fetchall()
    )
    for other, value in TYPES.items():
        if other == kind:
            continue
        db.execute("SAVEPOINT unharmed")
        if how == "ALTER":
            db.execute(
                f"ALTER TABLE timesheet.{table} DROP COLUMN {column}; ALTER TABLE timesheet.{table} ADD COLUMN "
                f"{column} {other} DEFAULT {value}"
            )
        else:
            put_in_place(db, table, {column: f"{value}::{other}"}, "VIEW")
        found = outcomes(db)
        for function in FUNCTIONS:
            wanted = (
                ("42804", f'column "{column}" of timesheet.{table} is {names[other]}, not {kind}')
                if function in READ_BY[table]
                else right[function]
            )
            assert found[function] == wanted, (function, other)
        db.execute("ROLLBACK TO unharmed")
    assert outcomes(db) == right


@pytest.mark.parametrize("table, column, kind, _", ALL_COLUMNS)
def test_so_is_one_of_a_domain_over_the_right_type(db, right, table, column, kind, _):
    domain = {
        "interval": "an_interval",
        "text": "a_text",
        "integer": "an_integer",
        "timestamp with time zone": "an_instant",
        "smallint": "a_smallint",
        "uuid": "a_uuid",
        "date": "a_date",
        "boolean": "a_boolean",
        "bigint": "a_bigint",
    }[kind]
    db.execute(f"ALTER TABLE timesheet.{table} ALTER COLUMN {column} TYPE {domain}")
    expect(db, right, table, "42804", f'column "{column}" of timesheet.{table} is {domain}, not {kind}')


@pytest.mark.parametrize("table, column, kind, _", ALL_COLUMNS)
def test_so_is_one_that_is_missing(db, right, table, column, kind, _):
    db.execute(f"ALTER TABLE timesheet.{table} DROP COLUMN {column}")
    expect(db, right, table, "42703", f'column "{column}" of timesheet.{table} does not exist')


@pytest.mark.parametrize("table, column, kind, may_be_null", [c for c in ALL_COLUMNS if not c[3]])
def test_a_null_where_none_may_be_is_an_error_that_names_it(db, right, table, column, kind, may_be_null):
    db.execute(
        f"ALTER TABLE timesheet.{table} ALTER COLUMN {column} DROP NOT NULL; UPDATE timesheet.{table} "
        f"SET {column} = NULL"
    )
    expect(db, right, table, "23502", f'column "{column}" of timesheet.{table} is null')
    db.execute(f"DELETE FROM timesheet.{table}; INSERT INTO timesheet.{table} VALUES {handmade_schema.ROWS[table]}")
    assert outcomes(db) == right


@pytest.mark.parametrize("table, column, kind, may_be_null", [c for c in ALL_COLUMNS if not c[3]])
def test_and_so_it_is_in_a_view(db, right, table, column, kind, may_be_null):
    put_in_place(db, table, {column: f"NULL::{kind}"}, "VIEW")
    expect(db, right, table, "23502", f'column "{column}" of timesheet.{table} is null')


@pytest.mark.parametrize("table, column, kind, _", ALL_COLUMNS)
def test_a_generated_column_of_the_right_type_is_read(db, right, table, column, kind, _):
    db.execute(
        f"""
        ALTER TABLE timesheet.{table} RENAME COLUMN {column} TO source;
        ALTER TABLE timesheet.{table} ALTER COLUMN source DROP NOT NULL,
          ADD COLUMN {column} {kind} GENERATED ALWAYS AS (source) STORED"""
    )
    assert outcomes(db) == right


@pytest.mark.parametrize("how", ["TABLE", "VIEW", "MATERIALIZED VIEW"])
@pytest.mark.parametrize("table", COLUMNS)
def test_another_order_of_columns_is_read(db, right, table, how):
    columns = ", ".join(name for name, *_ in reversed(COLUMNS[table]))
    db.execute(
        f"""
        ALTER TABLE timesheet.{table} RENAME TO {table}_renamed;
        CREATE {how} timesheet.{table} AS
          SELECT 1 AS first, {columns}, 'x'::text AS last FROM timesheet.{table}_renamed"""
    )
    assert outcomes(db) == right


@pytest.mark.parametrize("table", COLUMNS)
def test_partitions_and_children_in_another_order_of_columns_are_read(db, right, table):
    first, *others = [name for name, *_ in COLUMNS[table]]
    db.execute(
        f"""
        ALTER TABLE timesheet.{table} RENAME TO {table}_renamed;
        CREATE TABLE timesheet.{table} (LIKE timesheet.{table}_renamed) PARTITION BY LIST ({first});
        CREATE TABLE timesheet.{table}_part AS SELECT {", ".join(reversed(others))}, 1::bigint AS gone, {first}
          FROM timesheet.{table}_renamed;
        ALTER TABLE timesheet.{table}_part DROP COLUMN gone"""
    )
    for name, _, may_be_null in COLUMNS[table]:
        if not may_be_null:
            db.execute(f"ALTER TABLE timesheet.{table}_part ALTER COLUMN {name} SET NOT NULL")
    db.execute(f"ALTER TABLE timesheet.{table} ATTACH PARTITION timesheet.{table}_part DEFAULT")
    assert outcomes(db) == right


@pytest.mark.parametrize("table, column, kind, _", ALL_COLUMNS)
def test_a_first_call_in_a_new_session_says_the_same(uri, right, table, column, kind, _):
    other = "bigint" if kind == "uuid" else "uuid"
    with psycopg.connect(uri) as db:
        db.execute("SET timezone = 'UTC'")
        put_in_place(db, table, {column: f"{TYPES[other]}::{other}"}, "VIEW")
        expect(db, right, table, "42804", f'column "{column}" of timesheet.{table} is {other}, not {kind}')
        db.rollback()
        assert outcomes(db) == right


CHECKED = "23514", "22008", "21000", "22003", "55000"
VALUES = [
    (table, column, value)
    for table, column, values in [
        *[
            (
                "settings",
                column,
                [
                    "'0'",
                    "'-1 hour'",
                    "'48:00:00.000001'",
                    "'1 day'",
                    "'1 month'",
                    "'-1 month 40 days'",
                    "'178000000 years'",
                    "'2562047788 hours'",
                ],
            )
            for column in ("max_session", "overnight_switch", "long_session")
        ],
        ("settings", "missing_clock_out", ["''", "'Zero'", "'day_end '", "repeat('day_end', 20000)"]),
        ("settings", "activity_after_break", ["''", "'As_sent'", "'carried_on '", "repeat('carried_on', 20000)"]),
        ("settings", "week_starts_on", ["0", "8", "-1", "2147483647", "-2147483648"]),
        ("client_groups", "week_starts_on", ["0", "8", "-1", "2147483647", "-2147483648"]),
        ("client_groups", "client_group_id", ["1"]),
        ("time_entries", "kind", ["-1", "4", "258", "32767", "-32768"]),
        (
            "time_entries",
            "start_time_utc",
            ["'-infinity'", "'infinity'", "'294276-12-31 23:59:59.999999Z'", "'294276-12-31 08:00Z'"],
        ),
        ("time_entries", "workday", ["'-infinity'", "'infinity'"]),
        ("time_entries", "workday_end", ["'-infinity'", "'infinity'"]),
        ("hour_entries", "workday", ["'-infinity'", "'infinity'"]),
        ("hour_entries", "seconds", ["9223372036854775807", "-9223372036854775808"]),
    ]
    for value in values
]


@pytest.mark.parametrize("table, column, value", VALUES)
def test_a_value_that_no_rule_allows_is_an_error(db, right, table, column, value):
    if column == "seconds":  # twice in one row of hours
        db.execute("UPDATE timesheet.hour_entries SET workday = '2026-11-01' WHERE agent_id = 2")
    db.execute(f"UPDATE timesheet.{table} SET {column} = {value}")
    found = outcomes(db)
    for function in FUNCTIONS:
        if function not in READ_BY[table]:
            assert found[function] == right[function]
        else:
            assert found[function][0] in CHECKED, found[function]
            assert (column == "seconds") == (found[function] == ("22003", "bigint out of range"))
            if column not in ("seconds", "client_group_id"):
                assert found[function][1].startswith(f'column "{column}" of timesheet.{table} is ')


def test_settings_are_one_row(db, right):
    db.execute("INSERT INTO timesheet.settings SELECT * FROM timesheet.settings")
    expect(db, right, "settings", "21000", "timesheet.settings has several rows")
    db.execute("DELETE FROM timesheet.settings")
    expect(db, right, "settings", "55000", "timesheet.settings has no row")


def test_extreme_values_that_rules_allow_are_read(db):
    """The first and the last day and instant of the types; sums are exact,
    so what leaves bigint halfway may come back."""
    db.execute(
        """
        UPDATE timesheet.settings SET week_starts_on = 1;
        DELETE FROM timesheet.time_entries WHERE agent_id <> 1 OR kind <> 2;
        UPDATE timesheet.time_entries SET start_time_utc = '4714-11-24 00:00Z BC', workday = '4714-11-24 BC',
          workday_end = '294276-12-31 23:59Z'
        WHERE activity_id = 1;
        UPDATE timesheet.time_entries SET start_time_utc = '294276-12-31 07:59:59.999999Z', workday = '5874897-12-31',
          workday_end = '294276-12-31 23:59:59.999999Z'
        WHERE activity_id = 2;
        DELETE FROM timesheet.hour_entries;
        INSERT INTO timesheet.hour_entries VALUES (5, '2026-11-02', NULL, NULL, 9223372036854775807, NULL),
          (5, '2026-11-02', NULL, NULL, 9223372036854775807, NULL),
          (5, '2026-11-02', NULL, NULL, -9223372036854775807, NULL), (5, '2026-11-02', NULL, NULL, -7, NULL)"""
    )
    assert (
        db.execute(
            """
        SELECT workday::text, work_seconds, manual_seconds
        FROM timesheet.native_daily_hours(NULL, NULL, NULL, '-infinity') ORDER BY agent_id, workday"""
        ).fetchall()
        == [("4714-11-24 BC", 0, 0), ("5874897-12-31", 0, 0), ("2026-11-02", 9223372036854775800, 9223372036854775800)]
    )
    assert (
        db.execute(
            """
        SELECT workday::text, seconds, end_reason FROM timesheet.native_sessions(NULL, NULL, NULL, 'infinity')
        ORDER BY workday"""
        ).fetchall()
        == [("4714-11-24 BC", 57600, "missing_clock_out"), ("5874897-12-31", 57600, "missing_clock_out")]
    )
    # A Monday; group 1's weeks begin on Sundays, and there is none before it.
    assert outcomes(db)["weekly_hours"] == ("22008", "date out of range")
    db.execute("UPDATE timesheet.client_groups SET week_starts_on = NULL")
    assert db.execute("SELECT min(week_start)::text FROM timesheet.native_weekly_hours(NULL, NULL)").fetchone() == (
        "4714-11-24 BC",
    )


def test_a_workday_that_ended_ages_before_its_entry_is_an_error_not_a_length(db):
    def found(start, workday_end):
        db.execute(
            "UPDATE timesheet.time_entries SET start_time_utc = %s, workday_end = %s, kind = 2, "
            "agent_id = right(jibble_activity_id::text, 1)::int"
            " WHERE kind = 2 AND deleted_at IS NULL",
            (start, workday_end),
        )
        for function in FUNCTIONS:
            yield db.execute(
                "SELECT state, said FROM public.outcome(format('timesheet.native_%%s(NULL, NULL, NULL, "
                "''infinity'')', %s::text))",
                (function,),
            ).fetchone()

    assert set(found("294276-12-31 07:00Z", "4714-11-24 00:00Z BC")) == {("22003", "interval out of range")}
    assert set(found("2026-11-01 07:00Z", "1958-10-14 03:45:51Z")) == {("22003", "integer out of range")}
    assert {state for state, _ in found("2026-11-01 07:00Z", "1958-10-14 03:45:52Z")} == {None}
    assert db.execute(
        "SELECT DISTINCT seconds FROM timesheet.native_sessions(NULL, NULL, NULL, 'infinity') WHERE seconds < 0"
    ).fetchall() == [(-2147483648,)]
