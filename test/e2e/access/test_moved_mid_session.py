"""Who moves to another client in the middle of a session: whose its hours are, and who sees them."""

import psycopg
import pytest

from conftest import ENGINES
from stage import Stage
from logins import login  # noqa: F401 (a fixture)
from oracle.workday import ONE_DAY
from moved_clients import FUNCTIONS


pytestmark = pytest.mark.every_server


VIEWS = ("weekly_report", "daily_report", "attendance", "session_log", "notes")


@pytest.fixture(scope="module")
def mid_session(migrated_database, login):  # noqa: F811
    """Agent 1 works 09:00 to 12:00 and, after a break, 13:00 to 17:00, and moves from client 1 to client 2 at 15:00, to
    where the groups' own zone is another; agent 2 clocks out of client 1 at 10:00, moves at 11:00, and clocks out once
    more, of nothing, at 12:00."""
    uri = migrated_database()
    stage = Stage(uri)
    for n in (1, 2):
        stage.client_group(n)
        stage.agent(n, 1)
    stage.db.execute("SET timezone = 'UTC'")
    stage.db.execute("UPDATE timesheet.client_groups SET time_zone = 'Europe/Paris' WHERE name = 'Client 1'")
    stage.contact("one@example.com", 1, more=[("two@example.com", 2)])
    stage.feed(
        "TimeEntries",
        stage.event(1, 1, 1, "09:00", "In"),
        stage.event(2, 1, 1, "12:00", "StartBreak"),
        stage.event(3, 1, 1, "13:00", "In"),
        stage.event(4, 1, 1, "17:00", "Out"),
        stage.event(5, 2, 1, "09:00", "In"),
        stage.event(6, 2, 1, "10:00", "Out"),
        stage.event(7, 2, 1, "12:00", "Out"),
    )
    stage.day = stage.week + ONE_DAY
    stage.db.execute(
        "SELECT timesheet.set_working_time('2020-01-01', for_client_group => client_group_id, "
        "time_zone => 'Asia/Kolkata') FROM timesheet.client_groups WHERE name = 'Client 2'"
    )
    stage.db.execute(
        "SELECT timesheet.assign_client_group(a.agent_id, g.client_group_id, m.at) "
        "FROM (VALUES ('Agent 1', %s::timestamptz), ('Agent 2', %s)) AS m (agent, at)"
        " JOIN timesheet.agents AS a ON a.full_name = m.agent, timesheet.client_groups AS g WHERE g.name = 'Client 2'",
        (f"{stage.day} 15:00Z", f"{stage.day} 11:00Z"),
    )
    stage.clients = {}
    for n in (1, 2):
        name, its = login(uri, "timesheet_client")
        stage.db.execute(
            "SELECT timesheet.set_client_access(%s, ARRAY(SELECT client_group_id FROM timesheet.client_groups "
            "WHERE name = %s))",
            (name, f"Client {n}"),
        )
        stage.clients[n] = its
    yield stage
    stage.close()


@pytest.fixture(params=["stale", "stored"])
def either_way(mid_session, request):
    mid_session.db.execute(
        "SELECT timesheet.mark_all_days()" if request.param == "stale" else "SELECT timesheet.refresh()"
    )


CLOCKS = (
    "SELECT agent, client_group, client_groups, clock_in_local::time::text, clock_out_local::time::text, "
    "last_activity_local::time::text, time_zone,"
    " work_seconds, break_seconds, notes FROM {}.attendance ORDER BY agent"
)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_moved_in_the_middle_of_a_session_worked_for_the_old_client(mid_session, either_way, engine):
    """R8: the session is wholly Client 1's, though the clock-out came when the agent was Client 2's."""
    stage = mid_session
    stage.db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    with psycopg.connect(stage.clients[1]) as db:
        assert db.execute(CLOCKS.format("timesheet_client")).fetchall() == [
            ("Agent 1", "Client 1", ["Client 1"], "09:00:00", "17:00:00", "17:00:00", "UTC", 25200, 3600, ""),
            ("Agent 2", "Client 1", ["Client 1"], "09:00:00", "10:00:00", "10:00:00", "UTC", 3600, 0, ""),
        ]
        assert db.execute(
            "SELECT count(*) FROM timesheet_client.attendance_rows(%s, %s)", (stage.day, stage.day + ONE_DAY)
        ).fetchone() == (2,)
        assert db.execute("SELECT * FROM timesheet_client.notes").fetchall() == []
    with psycopg.connect(stage.clients[2]) as db:
        # Of agent 1 nothing at all; of agent 2 the clock-out that closed nothing, by Client 2's zone:
        # 12:00 is 17:30 in Kolkata.
        assert db.execute(CLOCKS.format("timesheet_client")).fetchall() == [
            ("Agent 2", "Client 2", [], None, None, "17:30:00", "Asia/Kolkata", 0, 0, "clock_out_without_clock_in")
        ]
        assert db.execute("SELECT agent, code, at_local::time::text FROM timesheet_client.notes").fetchall() == [
            ("Agent 2", "clock_out_without_clock_in", "17:30:00")
        ]
        for view in VIEWS:
            assert db.execute(
                f"SELECT count(*) FROM timesheet_client.{view}_rows() WHERE agent = 'Agent 1'"
            ).fetchone() == (0,), view
        for function in FUNCTIONS:
            asked = (
                f"SELECT count(*) FROM timesheet_client.{function}(NULL, NULL, (SELECT min(agent_id) "
                "FROM timesheet_client.attendance) - 1, '2040-01-01Z')"
            )
            assert db.execute(asked).fetchone() == (0,), function


def test_staff_find_the_day_by_every_client_that_got_hours_of_it(mid_session, either_way):
    stage = mid_session
    assert stage.db.execute(CLOCKS.format("timesheet")).fetchall() == [
        ("Agent 1", "Client 1", ["Client 1"], "09:00:00", "17:00:00", "17:00:00", "UTC", 25200, 3600, ""),
        (
            "Agent 2",
            "Client 1",
            ["Client 1"],
            "09:00:00",
            "10:00:00",
            "12:00:00",
            "UTC",
            3600,
            0,
            "clock_out_without_clock_in",
        ),
    ]
    assert stage.db.execute(
        "SELECT array_agg(agent ORDER BY agent) FROM timesheet.attendance WHERE 'Client 1' = ANY (client_groups)"
    ).fetchone() == (["Agent 1", "Agent 2"],)


def test_a_digest_names_the_zones_of_its_own_sessions(mid_session, either_way):
    """Paris and UTC are what a digest says where nobody worked."""
    zones = {}
    for email in ("one@example.com", "two@example.com"):
        (content,) = mid_session.db.execute(
            "SELECT timesheet.digest_content(c.contact_id, %s) FROM timesheet.contacts AS c WHERE c.email = %s",
            (mid_session.week, email),
        ).fetchone()
        zones[email] = [(g["name"], g["hours"], g["day_zones"]) for g in content["client_groups"]]
        assert content["time_zones"] == "UTC"
    assert zones == {"one@example.com": [("Client 1", "8.00", "UTC")], "two@example.com": [("Client 2", "0.00", "UTC")]}
