"""A schema that was copied without its rows, as pg_dump --schema-only and supabase migration squash do: nothing passes
for an answer, everything names the remedy, and migrate puts the rows back."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from conftest import SUPERUSER_URI, Daemon
from logins import make_roles
from sql_files import STEPS, VERSION, apply_everything
from stage import Stage

DUMP = ["pg_dump", "--schema-only", "-n", "timesheet", "-n", "timesheet_client"]
# As people and programs copy a schema.
WAYS = {
    "plain": [],
    "as the Supabase CLI": ["--quote-all-identifiers", "--no-comments"],
    "without rights and owners": ["--no-privileges", "--no-owner"],
}


@pytest.fixture(scope="module")
def original(new_database):
    make_roles()
    uri = new_database()
    Daemon(uri).must("migrate")
    return uri


def copy(original, uri, *options):
    dump = subprocess.run([*DUMP, *options, original], check=True, stdout=subprocess.PIPE).stdout
    restored = subprocess.run(
        ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", uri], input=dump, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert restored.returncode == 0, restored.stderr
    return uri


@pytest.fixture
def copied(original, new_database):
    return copy(original, new_database())


def rows(uri):
    """How many rows each table has, and what was applied."""
    with psycopg.connect(uri, autocommit=True) as db:
        tables = db.execute(
            "SELECT c.oid::regclass::text FROM pg_class AS c WHERE c.relkind = 'r' "
            "AND c.relnamespace = 'timesheet'::regnamespace ORDER BY 1"
        ).fetchall()
        return (
            {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table, in tables},
            db.execute(
                "SELECT version, name, sha256, applied_by FROM timesheet.schema_migrations ORDER BY version"
            ).fetchall(),
            db.execute("SELECT version, sha256 FROM timesheet.applied_functions").fetchall(),
        )


def rights(uri):
    """Of every relation and function: who may do what."""
    with psycopg.connect(uri) as db:
        return db.execute(
            "SELECT o.name, a.grantee::regrole::text, a.privilege_type FROM ("
            " SELECT c.relnamespace AS schema, c.oid::regclass::text AS name, c.relacl AS acl FROM pg_class AS c"
            " UNION ALL SELECT p.pronamespace, p.oid::regprocedure::text, p.proacl FROM pg_proc AS p"
            ") AS o JOIN pg_namespace AS n ON n.oid = o.schema CROSS JOIN aclexplode(o.acl) AS a "
            "WHERE n.nspname IN ('timesheet', 'timesheet_client') ORDER BY 1, 2, 3"
        ).fetchall()


def schemas(uri):
    with psycopg.connect(uri) as db:
        return db.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^timesheet' ORDER BY 1").fetchall()


@pytest.mark.parametrize("way", WAYS)
def test_migrate_makes_it_what_it_was_copied_from(original, new_database, way):
    uri = copy(original, new_database(), *WAYS[way])
    assert not any(rows(uri)[0].values())
    said = Daemon(uri).must("migrate").stderr
    assert "timesheet.settings had no row; what the schema begins with was put back" in said
    assert f"(0 applied now), functions of {VERSION} (applied now), engine: native" in said
    assert rows(uri) == rows(original) and rights(uri) == rights(original) and schemas(uri) == schemas(original)
    assert "(unchanged)" in Daemon(uri).must("migrate").stderr


def test_one_that_psql_had_made_is_completed_too(new_database):
    """As the files of make supabase are applied."""
    made = new_database()
    apply_everything(made)
    uri = copy(made, new_database())
    Daemon(uri).must("migrate")
    assert rows(uri)[0] == rows(made)[0]


def test_schemas_of_other_names_do_not_matter(original, copied):
    with psycopg.connect(copied, autocommit=True) as db:
        db.execute("CREATE SCHEMA timesheet_old; CREATE SCHEMA timesheet_new; CREATE SCHEMA timesheet_client_old")
    Daemon(copied).must("migrate")
    assert rows(copied) == rows(original)


def test_an_owner_who_may_not_create_schemas_is_told_what_to_grant(copied):
    """As where the database is somebody else's."""
    name = copied.rsplit("/", 1)[1]
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} OWNER TO postgres")
    said = Daemon(copied)("migrate")
    remedy = f"GRANT CREATE ON DATABASE {name} TO timesheet"
    assert said.returncode == 1 and f"run {remedy} first" in said.stderr
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        db.execute(remedy)
    Daemon(copied).must("migrate")


@pytest.mark.parametrize("command", ["check", "sync", "replay", "digest send"])
def test_commands_name_what_is_missing_and_the_remedy(copied, command):
    done = Daemon(copied)(
        *command.split(),
        JIBBLE_CLIENT_ID="demo",
        JIBBLE_CLIENT_SECRET="demo",
        JIBBLE_IDENTITY_URL="http://127.0.0.1:1",
        MAIL_PROVIDER="resend",
        RESEND_API_KEY="key",
        MAIL_FROM="a@example.com",
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "the schema timesheet was copied without its rows" in said, said
    assert "schema_migrations has none; run timesheetd migrate, which puts them back" in said


CALLS = [
    "finish_run((SELECT max(r.ingest_run_id) FROM timesheet.ingest_runs AS r))",
    "replay()",
    "replay('2026-11-01', '2026-12-01')",
    "engine()",
    "use_engine('sql')",
    "use_engine('auto')",
    "default_time_zone()",
    "office_time_text(now())",
    "contact_week(1, '2026-11-16')",
    "last_week_day()",
    "nightly_resync_is_due()",
    "queue_digests()",
    "watch_feed()",
    "update_alerts()",
    "queue_notifications('{}', true)",
    "daily_hours(NULL, NULL)",
    "weekly_hours(NULL, NULL)",
    "sessions(NULL, NULL)",
    "notes(NULL, NULL)",
]


@pytest.mark.parametrize("lost", ["settings", "ingest_state", "time_zone_aliases", None])
def test_no_function_gives_an_answer_without_the_rows(original, copied, lost):
    """All of them, or one table's alone in a database that has the others."""
    uri = original if lost else copied
    with psycopg.connect(uri) as db:
        if lost:
            db.execute("ALTER TABLE timesheet.settings DISABLE TRIGGER USER")
            db.execute(f"DELETE FROM timesheet.{lost}")
        db.execute("SELECT timesheet.begin_run('sync')")
        for call in CALLS if lost in ("settings", None) else CALLS[:3]:
            with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState) as caught, db.transaction():
                db.execute(f"SELECT timesheet.{call}")
            assert f"timesheet.{lost or 'settings'} has no row" in str(caught.value), call
            assert "Run timesheetd migrate" in caught.value.diag.message_hint
        db.rollback()


@pytest.mark.parametrize("lost", ["ingest_state", "time_zone_aliases", "settings"])
def test_one_tables_rows_are_put_back_too(original, new_database, lost):
    uri = new_database()
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("UPDATE timesheet.settings SET digest_time = '09:00'")
        db.execute("ALTER TABLE timesheet.settings DISABLE TRIGGER USER")
        db.execute(f"DELETE FROM timesheet.{lost}")
        db.execute("ALTER TABLE timesheet.settings ENABLE TRIGGER USER")
    said = Daemon(uri)("replay").stderr
    assert f"timesheet.{lost} has no row" in said and "Run timesheetd migrate" in said
    assert f"timesheet.{lost} had no row" in Daemon(uri).must("migrate").stderr
    assert rows(uri) == rows(original)
    with psycopg.connect(uri) as db:  # what was there stays
        kept = "08:00:00" if lost == "settings" else "09:00:00"
        assert db.execute("SELECT digest_time::text FROM timesheet.settings").fetchone() == (kept,)


def test_what_was_read_before_counts_afterwards(copied):
    """A shift from 09:00 to 17:30, which could be stored but not derived."""
    stage = Stage(copied)
    for feed in (
        lambda: stage.client_group(1),
        lambda: stage.agent(1, 1),
        lambda: stage.shift(1, 1, 0, "09:00", "17:30"),
    ):
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="timesheet.settings has no row"):
            feed()
    assert stage.db.execute("SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'succeeded'").fetchone() == (0,)
    Daemon(copied).must("migrate")
    stage.shift(2, 1, 1, "09:00", "10:00")
    assert stage.db.execute("SELECT work_seconds FROM timesheet.daily_report ORDER BY workday").fetchall() == [
        (30600,),
        (3600,),
    ]
    stage.close()


def test_a_sync_afterwards_gives_the_hours_of_any_other_database(copied, migrated_database, jibble):
    hours = "SELECT workday, agent, client_group, work_seconds FROM timesheet.daily_report ORDER BY 1, 2, 3, 4"
    found = []
    Daemon(copied).must("migrate")
    for uri in (copied, migrated_database()):
        Daemon(uri, jibble).must("sync", "--since", "2026-11-01", "--until", "2026-11-22")
        with psycopg.connect(uri) as db:
            found.append(db.execute(hours).fetchall())
    assert found[0] == found[1] != []


def test_two_at_once_complete_it_once(copied):
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: Daemon(copied)("migrate"), range(2)))
    assert [d.returncode for d in done] == [0, 0], [d.stderr for d in done]
    assert sum("steps are recorded as applied" in d.stderr for d in done) == 1
    assert [version for version, *_ in rows(copied)[1]] == sorted(STEPS)


OTHER = {
    "DROP TABLE timesheet.alerts CASCADE": "table timesheet.alerts is missing",
    "ALTER TABLE timesheet.agents DROP COLUMN email CASCADE": "column timesheet.agents.email is missing",
    "ALTER TABLE timesheet.agents ADD COLUMN pay int": "column timesheet.agents.pay is unknown",
    "CREATE TABLE timesheet.pay ()": "table timesheet.pay is unknown",
    "ALTER TABLE timesheet.settings ALTER COLUMN max_session SET DEFAULT '15:00'": "column "
    "timesheet.settings.max_session is another",
    "ALTER TABLE timesheet.settings DROP CONSTRAINT week_starts_on_must_be_1_monday_to_7_sunday": "constraint "
    "timesheet.settings.week_starts_on_must_be_1_monday_to_7_sunday is missing",
    "DROP INDEX timesheet.alerts_open": "index timesheet.alerts_open is missing",
    "DROP SCHEMA timesheet_client CASCADE": "schema timesheet_client is missing",
}


@pytest.mark.parametrize("change", OTHER)
def test_half_a_schema_or_that_of_another_release_is_refused_and_stays_as_it_is(copied, change):
    with psycopg.connect(copied) as db:
        db.execute(change)
    before = rows(copied), schemas(copied)
    done = Daemon(copied)("migrate")
    assert done.returncode == 1 and OTHER[change] in done.stderr, done.stderr
    assert "nothing was changed" in done.stderr
    assert (rows(copied), schemas(copied)) == before


@pytest.mark.parametrize("made", ["CREATE SCHEMA timesheet", "CREATE SCHEMA timesheet CREATE TABLE settings ()"])
@pytest.mark.parametrize("command", ["migrate", "replay"])
def test_a_schema_of_that_name_that_is_not_ours_is_refused(new_database, made, command):
    uri = new_database()
    with psycopg.connect(uri) as db:
        db.execute(made)
    done = Daemon(uri)(command)
    assert done.returncode == 1
    assert (
        "the database has a schema timesheet that is not ours or not whole: it lacks the table schema_migrations"
        in (done.stderr)
    )
