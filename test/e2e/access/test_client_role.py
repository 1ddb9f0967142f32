"""timesheet_client: exactly the rows of its client groups, whatever is asked and however."""

import psycopg
import pytest

from conftest import ENGINES, SUPERUSER_URI
from stage import Stage, guid
from logins import login  # noqa: F401 (a fixture)

pytestmark = pytest.mark.every_server

VIEWS = ("weekly_report", "daily_report", "attendance", "session_log", "notes", "client_groups")
FUNCTIONS = ("sessions", "daily_hours", "weekly_hours", "notes")
AS_OF = "'2030-01-01Z'"


class World:
    """Three clients, agents who moved between them in the middle of a day and of history,
    and a login for each client."""

    def __init__(self, uri, login):  # noqa: F811
        self.uri, self.login = uri, login
        stage = Stage(uri)
        for n in (1, 2, 3):
            stage.client_group(n, f"Client {n}")
            for a in (n, n + 3):
                stage.agent(a, n)
                for day in range(5):
                    stage.shift(10 * a + day, a, day, "08:00", "12:30", activityId=guid("activity", day % 2))
            stage.feed("TimeEntries", stage.event(800 + n, n, 5, "09:00", "In"))  # nobody ends it: a note
        # Agent 7: at client 1 from 09:00, at client 2 from 11:00: what ends the first session is the other's event.
        stage.agent(7, 1)
        stage.feed(
            "TimeEntries",
            stage.event(900, 7, 1, "09:00", "In"),
            stage.event(901, 7, 1, "11:00", "In"),
            stage.event(902, 7, 1, "12:00", "Out"),
            stage.event(903, 7, 2, "09:00", "In"),
            stage.event(904, 7, 3, "09:00", "In"),
        )
        stage.db.execute(
            "SELECT timesheet.assign_client_group(a.agent_id, g.client_group_id, %s) "
            "FROM timesheet.agents AS a, timesheet.client_groups AS g"
            " WHERE a.jibble_id = %s AND g.jibble_id = %s",
            (f"{stage.week.fromordinal(stage.week.toordinal() + 1)} 10:30Z", guid("agent", 7), guid("group", 2)),
        )
        stage.feed(
            "HourEntries",
            {
                "id": guid("hours", 1),
                "personId": guid("agent", 1),
                "date": str(stage.week),
                "duration": "PT2H",
                "status": "Active",
            },
        )
        stage.feed(
            "TimeEntries",
            {
                "id": guid("odd", 1),
                "personId": guid("agent", 2),
                "type": 5,
                "time": [],
                "belongsToDate": str(stage.week),
            },
        )
        stage.db.execute("SELECT timesheet.refresh()")
        self.week, self.db = stage.week, stage.db
        self.shared_day = stage.week.fromordinal(stage.week.toordinal() + 1)
        self.groups = dict(
            stage.db.execute("SELECT right(name, 1)::int, client_group_id FROM timesheet.client_groups").fetchall()
        )
        self.roles = {}
        for which, groups in {"one": (1,), "two": (2,), "both": (1, 3), "none": ()}.items():
            name, its = login(uri, "timesheet_client")
            self.let(name, groups)
            self.roles[which] = (name, its, [self.groups[g] for g in groups])

    def let(self, role, groups):
        return self.db.execute(
            "SELECT timesheet.set_client_access(%s, %s::int[])", (role, [self.groups[g] for g in groups])
        ).fetchone()[0]

    def connect(self, which):
        db = psycopg.connect(self.roles[which][1], autocommit=True)
        db.execute("SET timezone = 'UTC'")
        return db


@pytest.fixture(scope="module")
def world(migrated_database, login):  # noqa: F811
    uri = migrated_database()
    it = World(uri, login)
    it.db.execute("SET timezone = 'UTC'")
    yield it
    it.db.close()


def rows(db, query, parameters=()):
    return sorted(map(repr, db.execute(query, parameters).fetchall()))


@pytest.fixture(params=["settled", "stale"])
def days(world, request):
    """Both parts of the views: what is stored, and what the engine computes when asked."""
    if request.param == "stale":
        world.db.execute("SELECT timesheet.mark_all_days()")
    yield
    world.db.execute("SELECT timesheet.refresh()")


@pytest.mark.parametrize("which", ["one", "two", "both", "none"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_client_sees_exactly_its_groups_rows(world, days, which, engine):
    """Of every view and function what the owner sees, filtered by the client group that each row names."""
    world.db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    groups = world.roles[which][2]
    with world.connect(which) as db:
        for view in VIEWS:
            whole = "timesheet.client_group_names" if view == "client_groups" else f"timesheet.{view}"
            columns = ", ".join(
                c
                for c, in world.db.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
                    (f"timesheet_client.{view}",),
                )
            )
            # Of a day that was shared it sees its part: see below.
            whole_days = (
                f" AND NOT (agent_jibble_id = '{guid('agent', 7)}' AND workday = '{world.shared_day}')"
                if view == "attendance"
                else ""
            )
            expected = rows(
                world.db, f"SELECT {columns} FROM {whole} WHERE client_group_id = ANY (%s){whole_days}", (groups,)
            )
            assert (expected != []) == (groups != []), view
            assert rows(db, f"SELECT * FROM timesheet_client.{view} WHERE true{whole_days}") == expected
            assert rows(db, f"SELECT * FROM timesheet_client.{view}_rows() WHERE true{whole_days}") == expected
        for function in FUNCTIONS:
            expected = rows(
                world.db,
                f"SELECT * FROM timesheet.{function}(NULL, NULL, NULL, {AS_OF}) WHERE client_group_id = ANY (%s)",
                (groups,),
            )
            assert (expected != []) == (groups != []), function
            assert rows(db, f"SELECT * FROM timesheet_client.{function}(NULL, NULL, NULL, {AS_OF})") == expected


def test_bounds_leave_out_the_same_rows_as_a_condition_does(world):
    with world.connect("both") as db:
        for view, day in (
            ("weekly_report", "week_start"),
            ("daily_report", "workday"),
            ("attendance", "workday"),
            ("session_log", "workday"),
            ("notes", "workday"),
        ):
            for since, until in (
                (world.week, None),
                (None, world.week),
                (
                    world.week.fromordinal(world.week.toordinal() + 1),
                    world.week.fromordinal(world.week.toordinal() + 3),
                ),
            ):
                assert rows(db, f"SELECT * FROM timesheet_client.{view}_rows(%s, %s)", (since, until)) == rows(
                    db,
                    f"SELECT * FROM timesheet_client.{view} WHERE (%(since)s::date IS NULL OR {day} >= %(since)s) "
                    f"AND (%(until)s::date IS NULL OR {day} < %(until)s)",
                    {"since": since, "until": until},
                )


@pytest.mark.parametrize("engine", ENGINES)
def test_another_clients_event_still_ends_the_session(world, days, engine):
    """Decision 8: work from 09:00 that the other client's 11:00 ends is two hours.
    Without that event it would be fifteen."""
    world.db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    seen = {}
    for which in ("one", "two"):
        with world.connect(which) as db:
            seen[which] = db.execute(
                "SELECT workday, seconds, end_reason FROM timesheet_client.session_log WHERE agent_jibble_id = %s "
                "ORDER BY started_at",
                (guid("agent", 7),),
            ).fetchall()
    tuesday, wednesday, thursday = (world.week.fromordinal(world.week.toordinal() + n) for n in (1, 2, 3))
    assert seen["one"] == [(tuesday, 7200, "next_activity")]
    assert seen["two"] == [
        (tuesday, 3600, "clock_out"),
        (wednesday, 54000, "missing_clock_out"),
        (thursday, 54000, "missing_clock_out"),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_of_a_day_shared_with_another_client_its_part_alone_is_attended(world, days, engine):
    """From 09:00 for the one, from 11:00 to 12:00 for the other: neither learns when the other's part began or ended,
    nor its hours."""
    world.db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    seen = {}
    for which in ("one", "two", "both"):
        with world.connect(which) as db:
            seen[which] = db.execute(
                """SELECT clock_in_local::time::text, clock_out_local::time::text, last_activity_local::time::text,
                     work_seconds, break_seconds, notes, client_group
                FROM timesheet_client.attendance WHERE agent_jibble_id = %s AND workday = %s""",
                (guid("agent", 7), world.shared_day),
            ).fetchall()
    assert seen["one"] == seen["both"] == [("09:00:00", None, "09:00:00", 7200, 0, "", "Client 1")]
    assert seen["two"] == [("11:00:00", "12:00:00", "12:00:00", 3600, 0, "", "Client 2")]


def test_an_agent_asked_for_by_id_is_no_way_around(world):
    agents = [a for a, in world.db.execute("SELECT agent_id FROM timesheet.agents ORDER BY 1")]
    with world.connect("one") as db:
        for function in FUNCTIONS:
            for agent in agents:
                groups = {
                    row[0]
                    for row in db.execute(
                        f"SELECT client_group_id FROM timesheet_client.{function}(NULL, NULL, %s, {AS_OF})", (agent,)
                    )
                }
                assert groups <= {world.groups[1]}, (function, agent)


def test_a_condition_that_leaks_what_it_reads_reads_only_its_own_rows(world):
    """A cheap function that is no operator of the server's, in WHERE: a planner that moved it below the filter would
    show it others' rows."""
    with world.connect("one") as db:
        db.execute(
            "CREATE FUNCTION pg_temp.tell(met text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN "
            "RAISE NOTICE 'met %', met; RETURN true; END $$"
        )
        told = []
        db.add_notice_handler(lambda notice: told.append(notice.message_primary))
        for view in VIEWS:
            told.clear()
            seen = db.execute(
                f"SELECT v::text FROM timesheet_client.{view} AS v WHERE pg_temp.tell(v::text)"
            ).fetchall()
            assert seen and sorted(told) == sorted("met " + row for row, in seen), view
        for function in FUNCTIONS:
            told.clear()
            seen = db.execute(
                f"SELECT v::text FROM timesheet_client.{function}(NULL, NULL, NULL, {AS_OF}) AS v "
                "WHERE pg_temp.tell(v::text)"
            ).fetchall()
            assert seen and sorted(told) == sorted("met " + row for row, in seen), function
        # An error tells a value as well.
        (other,) = world.db.execute(
            "SELECT name FROM timesheet.client_group_names WHERE client_group_id = %s", (world.groups[2],)
        ).fetchone()
        with pytest.raises(psycopg.errors.InvalidTextRepresentation) as caught:
            db.execute("SELECT * FROM timesheet_client.weekly_report WHERE client_group::int = 1")
        assert other not in str(caught.value)


def test_explain_shows_nothing_below(world):
    """Neither a table nor how many rows it has, nor how many the filter took."""
    with world.connect("one") as db:
        for view in VIEWS:
            plan = "\n".join(
                line for line, in db.execute(f"EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM timesheet_client.{view}")
            )
            assert (
                f"timesheet_client.{view}_rows" in plan
                and "Removed by Filter" not in plan
                and "timesheet.time_entries" not in plan
                and "_rollup" not in plan
            )


def test_objects_of_its_own_in_front_of_ours_change_nothing(world):
    with world.connect("one") as db:
        before = rows(db, "SELECT * FROM timesheet_client.weekly_report")
        db.execute("CREATE TEMP TABLE client_access AS SELECT 'x' AS role_name, 1 AS client_group_id")
        db.execute("CREATE TEMP VIEW pg_roles AS SELECT session_user::name AS rolname, 10::oid AS oid")
        db.execute("CREATE TEMP TABLE time_entries ()")
        db.execute(
            "CREATE FUNCTION pg_temp.client_groups_of_caller() RETURNS int[] LANGUAGE sql AS 'SELECT ARRAY[1, 2, 3]'"
        )
        db.execute("CREATE FUNCTION pg_temp.eq(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'")
        db.execute("CREATE OPERATOR pg_temp.= (LEFTARG = int, RIGHTARG = int, FUNCTION = pg_temp.eq)")
        db.execute("SET search_path = pg_temp, pg_catalog")
        db.execute("SET enable_indexscan = off")
        assert rows(db, "SELECT * FROM timesheet_client.weekly_report") == before


def test_a_setting_that_every_session_may_change_is_not_trusted(world):
    with world.connect("none") as db:
        for setting in ("request.jwt.claims", "timesheet.role", "request.jwt.claim.role"):
            db.execute("SELECT set_config(%s, %s, false)", (setting, '{"role": "%s"}' % world.roles["one"][0]))
        assert db.execute("SELECT count(*) FROM timesheet_client.weekly_report").fetchone() == (0,)
        for claim in (
            f"SET ROLE {world.roles['one'][0]}",
            f"SELECT set_config('role', '{world.roles['one'][0]}', false)",
            f"SET SESSION AUTHORIZATION {world.roles['one'][0]}",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(claim)


def test_a_role_that_is_set_counts_and_not_who_signed_in(world):
    """As an API does that signs in once and sets the role that a token names."""
    signed_in, uri = world.login(world.uri, options="LOGIN NOINHERIT")
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        for which in ("one", "two"):
            db.execute(f"GRANT {world.roles[which][0]} TO {signed_in}")
    with psycopg.connect(uri, autocommit=True) as db:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("SELECT * FROM timesheet_client.weekly_report")
        for which in ("one", "two"):
            db.execute(f"SET ROLE {world.roles[which][0]}")
            assert {g for g, in db.execute("SELECT client_group_id FROM timesheet_client.weekly_report")} == set(
                world.roles[which][2]
            )


def test_a_person_who_inherits_a_clients_role_sees_what_it_sees(world):
    _, uri = world.login(world.uri, world.roles["both"][0])
    with psycopg.connect(uri, autocommit=True) as db, world.connect("both") as its:
        query = "SELECT * FROM timesheet_client.daily_report"
        assert rows(db, query) == rows(its, query) != []


def test_access_that_is_taken_is_gone_at_once(world):
    name, uri = world.login(world.uri, "timesheet_client")
    with psycopg.connect(uri, autocommit=True) as db:
        for groups in ((1,), (2, 3), ()):
            assert world.let(name, groups) == len(groups)
            assert {g for g, in db.execute("SELECT client_group_id FROM timesheet_client.client_groups")} == {
                world.groups[g] for g in groups
            }


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM timesheet.weekly_report",
        "SELECT * FROM timesheet.client_access",
        "SELECT * FROM timesheet.sessions(NULL, NULL)",
        "SELECT timesheet.engine()",
        "SELECT timesheet.client_groups_of_caller()",
        "SELECT timesheet.set_client_access(session_user, '{1,2,3}')",
        "SELECT * FROM timesheet.agents",
        "SELECT timesheet.refresh()",
        "UPDATE timesheet_client.client_groups SET name = 'x'",
        "DELETE FROM timesheet_client.weekly_report",
        "CREATE TABLE timesheet_client.mine ()",
        "CREATE OR REPLACE VIEW timesheet_client.weekly_report AS SELECT 1",
        "SELECT * FROM timesheet.explain('2026-11-16', 1)",
    ],
)
def test_it_may_not(world, attempt):
    with world.connect("one") as db, pytest.raises(
        (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)
    ):
        db.execute(attempt)


def test_hours_are_rounded_by_the_same_function(world):
    with world.connect("one") as db:
        assert (
            db.execute("SELECT timesheet_client.round_hours(ARRAY[12, 12, 12])").fetchone()
            == world.db.execute("SELECT timesheet.round_hours(ARRAY[12, 12, 12])").fetchone()
        )


@pytest.mark.parametrize(
    ("role", "groups", "error", "says"),
    [
        ("nobody at all", "{1}", psycopg.errors.UndefinedObject, 'role "nobody at all" does not exist'),
        (None, "{1}", psycopg.errors.UndefinedObject, 'role "null" does not exist'),
        ("timesheet_reader", "{1}", psycopg.errors.InvalidParameterValue, "is not a member of timesheet_client"),
        ("timesheet_client", "{1}", psycopg.errors.InvalidParameterValue, "is not a member of timesheet_client"),
    ],
)
def test_access_is_refused_where_it_could_not_work_or_would_reach_everybody(world, role, groups, error, says):
    with pytest.raises(error, match=says) as caught:
        world.db.execute("SELECT timesheet.set_client_access(%s, %s)", (role, groups))
    assert caught.value.diag.message_hint


def test_an_unknown_client_group_is_refused_and_changes_nothing(world):
    name, _, groups = world.roles["one"]
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="there is no client group 999999"):
        world.db.execute("SELECT timesheet.set_client_access(%s, '{999999}')", (name,))
    assert world.db.execute(
        "SELECT client_group_id FROM timesheet.client_access WHERE role_name = %s", (name,)
    ).fetchall() == [(g,) for g in groups]
