"""CREATE EXTENSION runs its script as a superuser for the owner of a database:
nothing that this role has put in its way gets these rights."""

import uuid

import psycopg
import pytest

import handmade_schema
from conftest import SUPERUSER_URI
from handmade_schema import FUNCTIONS

ARGUMENTS = "(date,date,integer,timestamp with time zone)"
# What a script might call without saying whose, made by the owner where a careless search would find it.
LURES = """
    CREATE TABLE public.caught (who text, super boolean);
    GRANT INSERT ON public.caught TO PUBLIC;
    CREATE FUNCTION {schema}.lure() RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO public.caught SELECT current_user, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user;
      RETURN true;
    END $$;
    CREATE FUNCTION {schema}.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT {schema}.lure();
      SELECT pg_catalog.now() $$;
    CREATE FUNCTION {schema}.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT {schema}.lure();
      SELECT 'SELECT 1' $$;
    CREATE FUNCTION {schema}.format(text, regprocedure, regrole) RETURNS text LANGUAGE sql AS $$ SELECT {schema}.lure();
      SELECT 'SELECT 1' $$;
    CREATE FUNCTION {schema}.format(text, regprocedure) RETURNS text LANGUAGE sql AS $$ SELECT {schema}.lure();
      SELECT 'SELECT 1' $$;
    CREATE FUNCTION {schema}.to_regnamespace(text) RETURNS regnamespace LANGUAGE sql AS $$ SELECT {schema}.lure();
      SELECT 0::regnamespace $$;
    CREATE FUNCTION {schema}.same(name, text) RETURNS boolean LANGUAGE sql AS $$ SELECT {schema}.lure() $$;
    CREATE FUNCTION {schema}.same(name, name) RETURNS boolean LANGUAGE sql AS $$ SELECT {schema}.lure() $$;
    CREATE OPERATOR {schema}.= (FUNCTION = {schema}.same, LEFTARG = name, RIGHTARG = text);
    CREATE OPERATOR {schema}.= (FUNCTION = {schema}.same, LEFTARG = name, RIGHTARG = name);
    CREATE DOMAIN {schema}.date AS pg_catalog.date CHECK ({schema}.lure());
    CREATE DOMAIN {schema}.int AS pg_catalog.int4 CHECK ({schema}.lure());
    CREATE DOMAIN {schema}.regprocedure AS pg_catalog.regprocedure CHECK ({schema}.lure());
    CREATE DOMAIN {schema}.regrole AS pg_catalog.regrole CHECK ({schema}.lure())"""


@pytest.fixture(scope="module")
def uri(new_database):
    return new_database()


@pytest.fixture
def db(uri):
    """The owner of the database, in a transaction that is rolled back."""
    with psycopg.connect(uri) as db:
        assert db.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user").fetchone() == (False,)
        db.execute("CREATE SCHEMA timesheet")
        yield db
        db.rollback()


def extension_functions(db):
    db.execute("SET LOCAL search_path = pg_catalog, pg_temp")
    return db.execute(
        f"""
        SELECT p.oid::regprocedure::text, p.proowner::regrole::text, p.prosecdef, l.lanname, p.probin,
          pg_get_function_arguments(p.oid)
        FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
        JOIN pg_depend AS d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
        JOIN pg_extension AS x ON x.oid = d.refobjid WHERE x.extname = 'timesheet'
          AND p.oid::regprocedure::text LIKE '%{ARGUMENTS}' ORDER BY 1"""
    ).fetchall()


def honest():
    arguments = (
        "since date, until date, for_agent integer DEFAULT NULL::integer, as_of timestamp with time zone DEFAULT now()"
    )
    return [
        (f"timesheet.native_{f}{ARGUMENTS}", "postgres", False, "c", "$libdir/timesheet", arguments)
        for f in sorted(FUNCTIONS)
    ]


@pytest.mark.parametrize("schema", ["timesheet", "public", "pg_temp"])
def test_names_that_lie_in_the_scripts_way_are_not_called(db, schema):
    lures = LURES.format(schema=schema)
    if schema == "pg_temp":  # operators of a temporary schema are found nowhere
        lures = "\n".join(line for line in lures.splitlines() if "OPERATOR" not in line)
    db.execute(lures)
    db.execute(f"SET search_path = {schema}, public, timesheet, pg_catalog")
    db.execute("CREATE EXTENSION timesheet")
    db.execute("ALTER EXTENSION timesheet UPDATE")
    db.execute("SET LOCAL search_path = pg_catalog, pg_temp")
    assert db.execute("SELECT * FROM public.caught").fetchall() == []
    assert extension_functions(db) == honest()
    if schema != "pg_temp":
        db.execute(f"SELECT {schema}.lure()")  # which would have said so
        assert db.execute("SELECT * FROM public.caught").fetchall() == [("timesheet", False)]


def test_a_function_of_the_same_name_and_arguments_is_not_taken_over(db):
    db.execute(
        "CREATE FUNCTION timesheet.native_notes(since date, until date, for_agent int, "
        "as_of timestamptz) RETURNS int LANGUAGE sql AS 'SELECT 1'"
    )
    db.execute("SAVEPOINT before")
    with pytest.raises(psycopg.errors.DuplicateFunction):
        db.execute("CREATE EXTENSION timesheet")
    db.execute("ROLLBACK TO before")
    assert db.execute("SELECT count(*) FROM pg_extension WHERE extname = 'timesheet'").fetchone() == (0,)
    assert db.execute(
        "SELECT proowner::regrole::text, prosecdef FROM pg_proc WHERE proname LIKE 'native%'"
    ).fetchall() == [("timesheet", False)]


def test_functions_of_the_same_name_and_other_arguments_change_nothing(db):
    for function in FUNCTIONS:
        for a in ("text", "timestamptz"):
            db.execute(
                f"CREATE FUNCTION timesheet.native_{function}(since {a}, until {a}, for_agent bigint DEFAULT NULL, "
                "as_of text DEFAULT NULL)"
                " RETURNS int LANGUAGE sql AS 'SELECT 1 / 0'"
            )
    db.execute("CREATE EXTENSION timesheet")
    db.execute("ALTER EXTENSION timesheet UPDATE")
    assert extension_functions(db) == honest()
    assert db.execute(
        "SELECT proacl IS NULL, count(*) FROM pg_proc WHERE proname LIKE 'native%' "
        "AND proowner = 'timesheet'::regrole GROUP BY 1"
    ).fetchall() == [(True, 8)]


def test_the_owner_of_the_schema_may_call_them_by_any_name(uri):
    """The script names that role in a statement that it makes."""
    name = f'o"; ALTER ROLE timesheet SUPERUSER; -- {uuid.uuid4().hex[:12]}'
    quoted = '"' + name.replace('"', '""') + '"'
    with psycopg.connect(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]) as db:
        db.execute(
            f"CREATE ROLE {quoted}; CREATE SCHEMA timesheet AUTHORIZATION {quoted}; "
            "SET LOCAL SESSION AUTHORIZATION timesheet"
        )
        db.execute("CREATE EXTENSION timesheet")
        assert extension_functions(db) == honest()
        db.execute("RESET SESSION AUTHORIZATION")
        assert db.execute(
            "SELECT rolname FROM pg_roles WHERE rolname IN (%s, 'timesheet', 'postgres') AND rolsuper", (name,)
        ).fetchall() == [("postgres",)]
        for function in FUNCTIONS:
            for role, may in (name, True), ("timesheet", False), ("public", False):
                assert db.execute(
                    "SELECT has_function_privilege(%s, %s, 'EXECUTE')",
                    (role, f"timesheet.native_{function}{ARGUMENTS}"),
                ).fetchone() == (may,)
        db.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE OR REPLACE FUNCTION timesheet.native_notes(since date, until date, for_agent int DEFAULT NULL, "
        "as_of timestamptz DEFAULT now())"
        " RETURNS TABLE (workday date, agent_id int, client_group_id int, code text, at timestamptz, detail text, "
        "jibble_activity_id uuid) LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION timesheet.native_notes SECURITY DEFINER",
        "ALTER FUNCTION timesheet.native_notes OWNER TO timesheet",
        "ALTER FUNCTION timesheet.native_notes SET row_security = on",
        "ALTER FUNCTION timesheet.native_notes RENAME TO gone",
        "ALTER FUNCTION timesheet.native_notes SET SCHEMA public",
        "DROP FUNCTION timesheet.native_notes",
        "GRANT EXECUTE ON FUNCTION timesheet.native_notes TO PUBLIC",
        "ALTER EXTENSION timesheet DROP FUNCTION timesheet.native_notes",
        "ALTER EXTENSION timesheet SET SCHEMA public",
        "CREATE FUNCTION timesheet.other() RETURNS int LANGUAGE c AS '$libdir/timesheet', 'timesheet_native_notes'",
        "LOAD '$libdir/timesheet.so'",
    ],
)
def test_the_owner_of_the_database_cannot_change_what_the_script_made(db, statement):
    db.execute("CREATE EXTENSION timesheet")
    db.execute("SAVEPOINT before")
    if statement.startswith("GRANT"):
        db.execute(statement)  # a warning: no privileges were granted
    else:
        with pytest.raises(psycopg.Error) as refused:
            db.execute(statement)
        assert refused.value.sqlstate in ("42501", "2BP01", "0A000")
        db.execute("ROLLBACK TO before")
    assert extension_functions(db) == honest()
    assert db.execute("SELECT DISTINCT proacl::text FROM pg_proc WHERE proname LIKE 'native%'").fetchall() == [
        ("{postgres=X/postgres,timesheet=X/postgres}",)
    ]
