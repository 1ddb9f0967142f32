"""A row that a policy hides, or that was lost, is an error with its remedy and not other hours."""

import contextlib

import psycopg
import pytest

from conftest import ENGINES, SUPERUSER_URI, Daemon
from stage import Stage

VIEWS = [
    "weekly_report",
    "daily_report",
    "attendance",
    "session_log",
    "notes",
    "feed_health",
    "silent_agents",
    "digest_weeks",
    "digests",
    "digest_health",
    "digest_emails",
    "digest_hours",
    "outbox",
    "corrections",
    "metrics",
]
FUNCTIONS = ["sessions", "daily_hours", "weekly_hours", "notes"]
WRITERS = [
    "replay()",
    "refresh()",
    "begin_replay(NULL, NULL)",
    "replay_step(1, 1)",
    "finish_replay(1)",
    "set_working_time(current_date, 1, day_cutoff => '04:00')",
    "assign_client_group(1, 1, now())",
    "finish_run((SELECT max(r.ingest_run_id) FROM timesheet.ingest_runs AS r))",
]
DIGESTS = [
    "digest_content(1, '2026-03-02')",
    "queue_digests()",
    "last_week_day()",
    "nightly_resync_is_due()",
    "digest_schedule('2026-03-02', '2026-03-09')",
    "queue_briefings('{jo@agency.example}')",
    "openmetrics()",
]
# What hours are made of: each function that gives some reads these.
ENTRIES = ["time_entries", "settings"]


@pytest.fixture(scope="module")
def world(new_database):
    """A database with a shift of one agent, a contact and an open run, which the caller's role owns."""

    def make(uri):
        Daemon(uri).must("migrate")
        stage = Stage(uri)
        stage.client_group(1)
        stage.agent(1, 1)
        stage.shift(1, 1, 0, "09:00", "17:30")
        stage.contact("ann@example.com", 1)
        stage.db.execute("SELECT timesheet.refresh()")
        stage.shift(2, 1, 1, "09:00", "17:30")  # stale
        stage.db.execute("SELECT timesheet.begin_run('sync')")
        stage.db.execute(
            "INSERT INTO timesheet.client_access SELECT current_user, 1, to_regrole(current_user), "
            "c.system_identifier FROM pg_control_system() AS c"
        )
        stage.close()
        return uri

    uri = new_database()
    return make(uri), make(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + new_database().rsplit("/", 1)[1])


@contextlib.contextmanager
def changed(uri, *statements, engine="auto"):
    with psycopg.connect(uri) as db, db.transaction(force_rollback=True):
        db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        for statement in statements:
            db.execute(statement)
        yield db


def not_refused(db, error, said, *queries):
    """Those of the queries that give rows, or another error."""
    for query in queries:
        try:
            with db.transaction(force_rollback=True):
                yield query, db.execute(query).fetchall()
        except psycopg.Error as e:
            if not isinstance(e, error) or said not in str(e) or not e.diag.message_hint:
                yield query, repr(e), e.diag.message_hint


def forced(table):
    return f"ALTER TABLE timesheet.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"


def from_function(name, engine=""):
    return f"SELECT * FROM timesheet.{engine}{name}(NULL, NULL)"


RECORDS = [
    "applied_functions",
    "poller",
    "poller_calls",
    "role_grants",
    "scheduled_jobs",
    "schema_migrations",
]  # of what was done here; no hour is made of them


def tables(db):
    return [
        name
        for name, in db.execute(
            "SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'timesheet'::regnamespace "
            "AND c.relkind = 'r' ORDER BY 1"
        )
    ]


def test_every_table_is_asked_about(world):
    """Of a new table, say so in timesheet.require_every_row()."""
    with psycopg.connect(world[0]) as db:
        (asked,) = db.execute("SELECT prosrc FROM pg_proc WHERE proname = 'require_every_row'").fetchone()
        assert [
            table for table in tables(db) if f"row_security_active('timesheet.{table}'::regclass)" not in asked
        ] == RECORDS


def test_a_policy_that_hides_rows_is_an_error_in_every_view_and_writer(world):
    with psycopg.connect(world[0]) as db:
        every = [table for table in tables(db) if table not in RECORDS]
    for table in every:
        with changed(world[0], forced(table)) as db:
            assert (
                list(
                    not_refused(
                        db,
                        psycopg.errors.InsufficientPrivilege,
                        table,
                        "SELECT * FROM timesheet.weekly_report",
                        "SELECT timesheet.require_every_row()",
                    )
                )
                == []
            ), table
    for table in ENTRIES + ["stale_days", "daily_rollup"]:
        with changed(world[0], forced(table)) as db:
            assert (
                list(
                    not_refused(
                        db,
                        psycopg.errors.InsufficientPrivilege,
                        table,
                        *(f"SELECT * FROM timesheet.{view}" for view in VIEWS),
                        *(f"SELECT timesheet.{writer}" for writer in WRITERS),
                    )
                )
                == []
            ), table


def test_so_is_one_that_hides_some_rows_also_under_a_plan_that_is_kept(world):
    for query, read in {
        "SELECT * FROM timesheet.weekly_report": ENTRIES + ["daily_rollup", "agents"],
        "SELECT * FROM timesheet.sessions(NULL, NULL)": ENTRIES,
    }.items():
        for table in read:
            with changed(world[0], f"PREPARE kept AS {query}") as db:
                for _ in range(7):
                    assert db.execute("EXECUTE kept").fetchall()
                db.execute(forced(table))
                db.execute(f"CREATE POLICY odd_ones ON timesheet.{table} USING (md5({table}::text) < '8')")
                assert list(not_refused(db, psycopg.errors.InsufficientPrivilege, table, "EXECUTE kept")) == [], table


@pytest.mark.parametrize("engine", ENGINES)
def test_and_in_every_function_that_gives_hours(world, engine):
    for table in ENTRIES:
        with changed(world[0], forced(table), engine=engine) as db:
            assert (
                list(
                    not_refused(
                        db,
                        psycopg.errors.InsufficientPrivilege,
                        table,
                        *map(from_function, FUNCTIONS),
                        "SELECT timesheet.digest_content(1, '2026-03-02')",
                        "SELECT * FROM timesheet_client.sessions(NULL, NULL)",
                        "SELECT * FROM timesheet_client.weekly_report",
                    )
                )
                == []
            ), table
    with changed(world[0], forced("hour_entries"), engine=engine) as db:
        assert (
            list(
                not_refused(
                    db,
                    psycopg.errors.InsufficientPrivilege,
                    "hour_entries",
                    from_function("daily_hours"),
                    from_function("weekly_hours"),
                )
            )
            == []
        )


def test_the_sql_engine_says_so_too(world):
    for table in ENTRIES + ["hour_entries"]:
        with changed(world[0], forced(table)) as db:
            queries = [f"SELECT * FROM timesheet.sql_{name}(NULL, NULL, NULL, now())" for name in FUNCTIONS]
            assert list(not_refused(db, psycopg.errors.InsufficientPrivilege, table, *queries)) == []


def test_an_owner_without_a_restricting_policy_has_every_row(world):
    """As Supabase's postgres, which has BYPASSRLS; and an owner whose tables have policies for others."""
    query = "SELECT agent_id, workday, work_seconds FROM timesheet.daily_report ORDER BY workday"
    for uri, force in [(world[1], ", FORCE ROW LEVEL SECURITY"), (world[0], "")]:
        with changed(uri) as db:
            usual = db.execute(query).fetchall()
        assert [seconds for _, _, seconds in usual] == [30600, 30600]
        with psycopg.connect(uri) as db:
            statements = [f"ALTER TABLE timesheet.{table} ENABLE ROW LEVEL SECURITY{force}" for table in tables(db)]
        with changed(uri, *statements) as db:
            assert db.execute(query).fetchall() == usual
            assert db.execute("SELECT sum(seconds) FROM timesheet.sessions(NULL, NULL)").fetchone() == (61200,)
            db.execute("SELECT timesheet.replay(), timesheet.refresh()")


LOST = (
    "ALTER TABLE timesheet.settings DISABLE TRIGGER keep_settings",
    "DELETE FROM timesheet.settings",
    "ALTER TABLE timesheet.settings ENABLE TRIGGER keep_settings",
)


@pytest.mark.parametrize("engine", ENGINES)
def test_without_the_row_of_settings_there_are_no_hours(world, engine):
    with changed(world[0], *LOST, engine=engine) as db:
        queries = (
            [f"SELECT * FROM timesheet.{view}" for view in VIEWS + ["client_group_names"]]
            + [f"SELECT timesheet.{call}" for call in WRITERS + DIGESTS]
            + [
                *map(from_function, FUNCTIONS),
                "SELECT timesheet.engine()",
                "SELECT * FROM timesheet.explain('2026-03-02', 1)",
                "SELECT timesheet.use_engine('auto')",
                *(
                    f"SELECT * FROM timesheet.{e}_{name}(NULL, NULL, NULL, now())"
                    for name in FUNCTIONS
                    for e in ENGINES
                ),
            ]
        )
        assert (
            list(
                not_refused(db, psycopg.errors.ObjectNotInPrerequisiteState, "timesheet.settings has no row", *queries)
            )
            == []
        )


def test_the_remedy_places_every_entry_by_the_settings_that_come(world):
    query = "SELECT workday, work_seconds FROM timesheet.daily_report ORDER BY workday"
    with changed(world[0], "UPDATE timesheet.settings SET day_cutoff = '12:00'", "SELECT timesheet.refresh()") as db:
        # By 12:00 each shift begins on the day before; Jibble's dates are a day off and hold.
        assert db.execute("SELECT count(*) FROM timesheet.agent_history WHERE day_cutoff = '12:00'").fetchone() == (1,)
        for statement in LOST:
            db.execute("SET CONSTRAINTS ALL IMMEDIATE")
            db.execute(statement)
        db.execute("INSERT INTO timesheet.settings DEFAULT VALUES")
        assert db.execute("SELECT count(*) FROM timesheet.agent_history WHERE day_cutoff = '00:00'").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM timesheet.stale_agent_days").fetchone() == (2,)
        assert [seconds for _, seconds in db.execute(query)] == [30600, 30600]


def test_a_run_without_the_row_of_ingest_state_does_not_succeed(world):
    with changed(world[0], "DELETE FROM timesheet.ingest_state") as db:
        queries = [f"SELECT timesheet.{call}" for call in WRITERS] + [
            "SELECT * FROM timesheet.feed_health",
            "SELECT * FROM timesheet.weekly_report",
        ]
        assert (
            list(
                not_refused(
                    db, psycopg.errors.ObjectNotInPrerequisiteState, "timesheet.ingest_state has no row", *queries
                )
            )
            == []
        )
        db.execute("INSERT INTO timesheet.ingest_state DEFAULT VALUES")
        db.execute("DELETE FROM timesheet.time_entries")
        db.execute("SELECT timesheet." + WRITERS[-1])
        assert db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone() == (4,)


def test_where_triggers_do_not_fire_nothing_is_written(world):
    with changed(world[1], "SET LOCAL session_replication_role = replica") as db:
        queries = [f"SELECT timesheet.{call}" for call in WRITERS]
        assert (
            list(
                not_refused(
                    db, psycopg.errors.ObjectNotInPrerequisiteState, "session_replication_role is replica", *queries
                )
            )
            == []
        )
