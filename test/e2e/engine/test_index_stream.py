"""time_entries read in its index, without a query: never where the planner and the executor would have to be asked,
and where it is, the rows that a query gives."""

import contextlib
import re
import uuid

import psycopg
import pytest

import handmade_schema
from conftest import SUPERUSER_URI
from handmade_schema import COLUMNS, INDEX, outcomes

pytestmark = pytest.mark.every_native_server

KEYS = "agent_id, start_time_utc, kind, jibble_activity_id"
INCLUDE = "is_auto_out, workday, workday_end, client_group_id, activity_id"
OTHER_COLUMNS = "its index time_entries_session_order has other columns"
OTHER_ROWS = "its index time_entries_session_order has other rows"
NOT_COMPLETE = "its index time_entries_session_order is not complete"
NO_INDEX = "it has no index time_entries_session_order"
NO_ORDINARY_TABLE = "it is no ordinary table"
REFUSED = ("42501", "permission denied for table time_entries")


@pytest.fixture(scope="module")
def uri(new_database):
    uri = new_database()
    handmade_schema.make_schema(uri)
    return uri


@pytest.fixture(scope="module")
def superuser_uri(uri):
    return superuser_of(uri)


def superuser_of(uri):
    return SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def right(uri):
    with psycopg.connect(uri) as db:
        db.execute("SET timezone = 'UTC'")
        return outcomes(db)


@pytest.fixture
def db(uri, right):
    """A session of the owner, in a transaction that is rolled back."""
    with psycopg.connect(uri) as db:
        db.execute("SET timezone = 'UTC'")
        db.commit()
        yield db
        db.rollback()
        assert outcomes(db) == right
        assert why_a_query(db) == set()
        db.rollback()


def why_a_query(db, call="native_notes(NULL, NULL, NULL, '2026-12-01')"):
    """Why this reads entries by a query, as the engine says it at DEBUG1; nothing if it reads the index."""
    reasons, warnings = set(), []

    def keep(said):
        reasons.update(re.findall("^timesheet.time_entries is read by a query, as (.*)$", said.message_primary))
        if said.severity == "WARNING":
            warnings.append(said.message_primary)

    db.add_notice_handler(keep)
    db.execute("SELECT set_config('client_min_messages', 'debug1', true)")
    db.execute("SAVEPOINT before")
    with contextlib.suppress(psycopg.Error):
        db.execute(f"SELECT count(*) FROM timesheet.{call}")
    db.execute("ROLLBACK TO before")
    db.execute("SELECT set_config('client_min_messages', 'notice', true)")
    db.remove_notice_handler(keep)
    assert not warnings
    return reasons


def test_the_index_is_read(db, right):
    assert why_a_query(db) == set()
    assert outcomes(db) == right


@pytest.mark.parametrize("switch", ["enable_indexscan", "enable_indexonlyscan"])
def test_who_switches_index_scans_off_gets_a_query(db, right, switch):
    db.execute(f"SET LOCAL {switch} = off")
    assert why_a_query(db) == {"index-only scans are switched off"}
    assert outcomes(db) == right


def an_index(keys=KEYS, include=f" INCLUDE ({INCLUDE})", where=" WHERE deleted_at IS NULL", using="", kind=""):
    return (
        f"DROP INDEX timesheet.time_entries_session_order; "
        f"CREATE {kind} INDEX time_entries_session_order ON timesheet.time_entries {using}({keys}){include}{where}"
    )


IN_PLACE = "ALTER TABLE timesheet.time_entries RENAME TO kept; CREATE {} timesheet.time_entries AS TABLE timesheet.kept"
PARENT = f"CREATE TABLE timesheet.parent ({', '.join(f'{name} {kind}' for name, kind, _ in COLUMNS['time_entries'])})"
OTHERS = {
    "no index": ("DROP INDEX timesheet.time_entries_session_order", NO_INDEX),
    "another name": ("ALTER INDEX timesheet.time_entries_session_order RENAME TO other", NO_INDEX),
    "another table's": (
        "DROP INDEX timesheet.time_entries_session_order; "
        f"CREATE TABLE timesheet.other AS TABLE timesheet.time_entries; {INDEX}".replace(
            "ON timesheet.time_entries", "ON timesheet.other"
        ),
        NO_INDEX,
    ),
    "a view of that name": (
        "DROP INDEX timesheet.time_entries_session_order; CREATE VIEW timesheet.time_entries_session_order AS SELECT 1",
        NO_INDEX,
    ),
    "another table in its place": (
        "ALTER TABLE timesheet.time_entries RENAME TO kept; CREATE TABLE timesheet.time_entries (LIKE timesheet.kept);"
        "INSERT INTO timesheet.time_entries TABLE timesheet.kept",
        NO_INDEX,
    ),
    "brin": (an_index(KEYS, "", using="USING brin "), "its index time_entries_session_order is no B-tree"),
    "other order of keys": (an_index("agent_id, start_time_utc, jibble_activity_id, kind"), OTHER_COLUMNS),
    "key missing": (
        an_index("agent_id, start_time_utc, kind", f" INCLUDE (jibble_activity_id, {INCLUDE})"),
        OTHER_COLUMNS,
    ),
    "descending": (an_index(KEYS.replace("start_time_utc", "start_time_utc DESC")), OTHER_COLUMNS),
    "nulls first": (an_index(KEYS.replace("agent_id", "agent_id NULLS FIRST")), OTHER_COLUMNS),
    "expression": (an_index(KEYS.replace("kind", "(kind + 0::smallint)")), OTHER_COLUMNS),
    "nothing included": (an_index(include=""), OTHER_COLUMNS),
    "one not included": (an_index(include=f" INCLUDE ({INCLUDE.removesuffix(', activity_id')})"), OTHER_COLUMNS),
    "more included": (an_index(include=f" INCLUDE ({INCLUDE}, deleted_at)"), OTHER_COLUMNS),
    "other order of included": (
        an_index(include=" INCLUDE (workday, workday_end, client_group_id, activity_id, is_auto_out)"),
        OTHER_COLUMNS,
    ),
    "groups and activities exchanged": (
        an_index(include=" INCLUDE (is_auto_out, workday, workday_end, activity_id, client_group_id)"),
        OTHER_COLUMNS,
    ),
    "all keys": (an_index(f"{KEYS}, {INCLUDE}", ""), OTHER_COLUMNS),
    "all rows": (an_index(where=""), OTHER_ROWS),
    "fewer rows": (an_index(where=" WHERE deleted_at IS NULL AND kind < 2"), OTHER_ROWS),
    "deleted rows": (an_index(where=" WHERE deleted_at IS NOT NULL"), OTHER_ROWS),
    "rows by another column": (an_index(where=" WHERE activity_id IS NULL"), OTHER_ROWS),
    "a column that may be null": (
        "ALTER TABLE timesheet.time_entries ALTER COLUMN kind DROP NOT NULL",
        "a column may be null",
    ),
    "a child": ("CREATE TABLE timesheet.child () INHERITS (timesheet.time_entries)", "it has, or had, children"),
    "a child with rows": (
        "CREATE TABLE timesheet.child () INHERITS (timesheet.time_entries);"
        "INSERT INTO timesheet.child SELECT * FROM timesheet.time_entries WHERE agent_id = 1;"
        "DELETE FROM ONLY timesheet.time_entries WHERE agent_id = 1",
        "it has, or had, children",
    ),
    "not logged": ("ALTER TABLE timesheet.time_entries SET UNLOGGED", NO_ORDINARY_TABLE),
    "a view": (IN_PLACE.format("VIEW"), NO_ORDINARY_TABLE),
    "a materialized view": (IN_PLACE.format("MATERIALIZED VIEW"), NO_ORDINARY_TABLE),
    "partitions": (
        "ALTER TABLE timesheet.time_entries RENAME TO kept;"
        "CREATE TABLE timesheet.time_entries (LIKE timesheet.kept) PARTITION BY LIST (agent_id);"
        "ALTER INDEX timesheet.time_entries_session_order RENAME TO of_kept;"
        "ALTER TABLE timesheet.time_entries ATTACH PARTITION timesheet.kept DEFAULT;" + INDEX,
        NO_ORDINARY_TABLE,
    ),
}


@pytest.mark.parametrize("statements, reason", OTHERS.values(), ids=OTHERS)
def test_what_is_not_that_index_of_that_table_is_read_by_a_query(db, right, statements, reason):
    db.execute(statements)
    assert why_a_query(db) == {reason}
    assert outcomes(db) == right


@pytest.mark.parametrize(
    "statements",
    [
        an_index(kind="UNIQUE"),
        an_index() + "; ALTER INDEX timesheet.time_entries_session_order SET (fillfactor = 50)",
        "ALTER TABLE timesheet.time_entries ADD COLUMN more int; ALTER TABLE timesheet.time_entries DROP COLUMN more",
        "ALTER TABLE timesheet.time_entries ENABLE ROW LEVEL SECURITY",  # above which its owner is
        "REINDEX INDEX timesheet.time_entries_session_order",
        PARENT + "; ALTER TABLE timesheet.time_entries INHERIT timesheet.parent",
        "CREATE TABLE timesheet.parent (LIKE timesheet.time_entries) PARTITION BY LIST (agent_id);"
        "ALTER TABLE timesheet.parent ATTACH PARTITION timesheet.time_entries DEFAULT",
    ],
)
def test_what_makes_no_difference_leaves_it_to_be_read(db, right, statements):
    db.execute(statements)
    assert why_a_query(db) == set()
    assert outcomes(db) == right


def test_another_order_of_the_tables_columns_makes_no_difference(db, right):
    columns = ", ".join(
        f"{name} {kind}{'' if null else ' NOT NULL'}" for name, kind, null in reversed(COLUMNS["time_entries"])
    )
    names = ", ".join(name for name, *_ in COLUMNS["time_entries"])
    db.execute(
        f"""
        ALTER TABLE timesheet.time_entries RENAME TO kept;
        ALTER INDEX timesheet.time_entries_session_order RENAME TO of_kept;
        CREATE TABLE timesheet.time_entries (gone text, {columns});
        ALTER TABLE timesheet.time_entries DROP COLUMN gone;
        INSERT INTO timesheet.time_entries ({names}) SELECT {names} FROM timesheet.kept;
        {INDEX}"""
    )
    assert why_a_query(db) == set()
    assert outcomes(db) == right


def test_everybodys_bounded_days_are_the_planners(db, right):
    """A few days of everybody are a small part of the index."""
    for call in ("native_notes('2026-11-01', '2026-11-02')", "native_notes(NULL, '2026-11-02', 2)"):
        assert why_a_query(db, call) == set()


def test_a_null_is_found_in_the_index_too(db, superuser_uri):
    """Since PostgreSQL 18 a column may be NOT NULL and rows of before have a null; here the catalogue is bent to it."""
    with psycopg.connect(superuser_uri) as owner:
        owner.execute("ALTER TABLE timesheet.time_entries ALTER COLUMN kind DROP NOT NULL")
        owner.execute("UPDATE timesheet.time_entries SET kind = NULL WHERE agent_id = 2")
        owner.execute(
            "UPDATE pg_attribute SET attnotnull = true "
            "WHERE attrelid = 'timesheet.time_entries'::regclass AND attname = 'kind'"
        )
        owner.execute("SET LOCAL timezone = 'UTC'")
        assert why_a_query(owner) == set()
        assert set(outcomes(owner).values()) == {("23502", 'column "kind" of timesheet.time_entries is null')}
        owner.rollback()


def test_another_order_of_numbers_is_another_order(superuser_uri):
    with psycopg.connect(superuser_uri) as db:
        db.execute("SET timezone = 'UTC'")
        before = outcomes(db)
        db.execute(
            """
            CREATE FUNCTION public.backwards(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE STRICT
              AS 'SELECT btint4cmp(b, a)';
            CREATE OPERATOR CLASS public.backwards FOR TYPE int4 USING btree AS OPERATOR 1 >, OPERATOR 2 >=,
              OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 public.backwards (int, int);"""
            + an_index(KEYS.replace("agent_id", "agent_id public.backwards"))
        )
        assert why_a_query(db) == {OTHER_COLUMNS}
        assert outcomes(db) == before
        db.rollback()


# Rights: those that a query needs.


@pytest.fixture
def reader(superuser_uri):
    """A session of the superuser, and a role that may read all but the entries."""
    role = "test_" + uuid.uuid4().hex
    with psycopg.connect(superuser_uri) as db:
        db.execute(
            f"""
            SET timezone = 'UTC';
            CREATE ROLE {role};
            GRANT USAGE ON SCHEMA timesheet TO {role};
            GRANT SELECT ON timesheet.settings, timesheet.client_groups, timesheet.hour_entries TO {role};
            GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA timesheet, public TO {role}"""
        )
        outcomes(db)  # the plans are kept
        yield db, role
        db.rollback()


def granted(db, role, what):
    db.execute(f"RESET ROLE; {what}; SET ROLE {role}")
    return outcomes(db)


def test_a_role_without_select_is_refused(reader, right):
    db, role = reader
    assert set(granted(db, role, "SELECT").values()) == {REFUSED}
    assert why_a_query(db) == {"the user may not select from it"}
    assert granted(db, role, f"GRANT SELECT ON timesheet.time_entries TO {role}") == right
    assert why_a_query(db) == set()
    assert set(granted(db, role, f"REVOKE SELECT ON timesheet.time_entries FROM {role}").values()) == {REFUSED}


@pytest.mark.parametrize("missing", [name for name, *_ in COLUMNS["time_entries"]])
def test_select_on_all_columns_that_are_read_is_enough_and_less_is_not(reader, right, missing):
    db, role = reader
    names = [name for name, *_ in COLUMNS["time_entries"]]
    some = ", ".join(name for name in names if name != missing)
    assert set(granted(db, role, f"GRANT SELECT ({some}) ON timesheet.time_entries TO {role}").values()) == {REFUSED}
    assert granted(db, role, f"GRANT SELECT ({missing}) ON timesheet.time_entries TO {role}") == right
    assert why_a_query(db) == set()


def test_a_role_without_the_schema_is_refused(reader):
    db, role = reader
    db.execute(f"GRANT SELECT ON timesheet.time_entries TO {role}; REVOKE USAGE ON SCHEMA timesheet FROM {role}")
    db.execute(f"SET ROLE {role}")
    assert {state for state, _ in outcomes(db).values()} <= {"42501", "3F000"}


def test_row_level_security_is_the_querys(reader, right):
    db, role = reader
    db.execute(f"GRANT SELECT ON timesheet.time_entries TO {role}")
    assert granted(db, role, "ALTER TABLE timesheet.time_entries ENABLE ROW LEVEL SECURITY") != right
    assert why_a_query(db) == {"the user is subject to row-level security"}
    for policy in (
        "CREATE POLICY p ON timesheet.time_entries",
        "ALTER TABLE timesheet.time_entries FORCE ROW LEVEL SECURITY",
    ):
        found = set(granted(db, role, policy).values())
        assert found == {("42501", 'query would be affected by row-level security policy for table "time_entries"')}
    assert granted(db, role, f"ALTER ROLE {role} BYPASSRLS") == right
    assert why_a_query(db) == set()
