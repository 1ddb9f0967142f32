"""Two members of staff at once, or one and a pass: each change is made once or refused with a reason; none is lost."""

import concurrent.futures
import uuid

import psycopg
import pytest

from conftest import wait_until
from locks import with_lock_timeout
from logins import login  # noqa: F401 (a fixture)
from stage import stage  # noqa: F401 (a fixture)

pytestmark = pytest.mark.every_server

ASSIGN = "SELECT timesheet.operate_assign_client_group(%s, %s, %s, '2026-11-16 00:00Z', %s)"
SETTINGS = "SELECT timesheet.operate_update_settings(%s, %s)"


@pytest.fixture
def world(stage):  # noqa: F811
    """One agent with a shift, and two client groups; the owner's connection and the ids."""
    for n in (1, 2):
        stage.client_group(n)
    stage.agent(1, 1)
    stage.shift(1, 1, 0, "09:00", "17:30")
    ((agent,),) = stage.db.execute("SELECT agent_id FROM timesheet.agents").fetchall()
    groups = [
        id for (id,) in stage.db.execute("SELECT client_group_id FROM timesheet.client_groups ORDER BY 1").fetchall()
    ]
    return stage, agent, groups


@pytest.fixture
def operator(stage, login):  # noqa: F811
    """Does one statement as a login of the role alone, on a connection of its own: its value, or the error."""
    uri = login(stage.uri, "timesheet_operator")[1]

    def do(sql, *parameters, timeout="20s"):
        with psycopg.connect(with_lock_timeout(uri, timeout), autocommit=True) as db:
            try:
                return db.execute(sql, parameters).fetchone()[0]
            except psycopg.Error as error:
                return error

    return do


def waiting_writers(db):
    return db.execute(
        "SELECT count(*) FROM pg_locks WHERE relation = 'timesheet.writers_lock'::regclass AND NOT granted"
    ).fetchone()[0]


def test_the_same_form_sent_twice_at_once_acts_once(world, operator):
    stage, agent, groups = world  # noqa: F811
    request = str(uuid.uuid4())
    with concurrent.futures.ThreadPoolExecutor() as two:
        first, second = two.map(lambda _: operator(ASSIGN, "ann@agency.example", agent, groups[1], request), range(2))
    assert first == second == 2
    assert stage.db.execute("SELECT count(*) FROM timesheet.corrections").fetchone() == (1,)
    assert stage.db.execute("SELECT count(*) FROM timesheet.operator_actions").fetchone() == (1,)


def test_of_two_who_take_back_the_same_correction_one_is_refused(world, operator):
    stage, agent, groups = world  # noqa: F811
    operator(ASSIGN, "ann@agency.example", agent, groups[1], None)
    ((correction,),) = stage.db.execute("SELECT correction_id FROM timesheet.corrections").fetchall()
    revoke = "SELECT timesheet.operate_revoke_correction(%s, %s)"
    with concurrent.futures.ThreadPoolExecutor() as two:
        done = list(two.map(lambda actor: operator(revoke, actor, correction), ("ann@a.example", "bob@a.example")))
    assert sorted(str(each) for each in done if not isinstance(each, psycopg.Error)) == ["2"]
    (refused,) = [each for each in done if isinstance(each, psycopg.Error)]
    assert refused.sqlstate == "55000" and "was taken back already" in str(refused)
    assert stage.db.execute("SELECT count(*) FROM timesheet.operator_actions").fetchone() == (2,)


def test_settings_by_hand_and_from_the_dashboard_do_not_end_each_other(world, operator):
    """Each waits for who writes; neither holds what the other needs."""
    stage, *_ = world  # noqa: F811
    with concurrent.futures.ThreadPoolExecutor() as two, psycopg.connect(stage.uri) as writer, psycopg.connect(
        stage.uri, autocommit=True
    ) as owner:
        writer.execute("SELECT timesheet.lock_writers()")
        hand = two.submit(owner.execute, "UPDATE timesheet.settings SET max_session = '17:00'")
        wait_until(lambda: waiting_writers(stage.db) == 1)
        staff = two.submit(operator, SETTINGS, "ann@agency.example", '{"max_session": "18:00"}')
        wait_until(lambda: waiting_writers(stage.db) == 2)
        writer.commit()
        hand.result()
        assert staff.result()["max_session"] == "18:00:00"
    assert stage.db.execute("SELECT max_session::text FROM timesheet.settings").fetchone() == ("18:00:00",)


def test_a_pass_that_reads_is_not_disturbed(world, operator):
    """What would change what it reads waits as long as it may, then says so, and is not recorded."""
    stage, agent, _ = world  # noqa: F811
    ((alert,),) = stage.db.execute("SELECT timesheet.raise_alert('deletions_held', 'contacts', '1')").fetchall()
    with psycopg.connect(stage.uri) as reading:
        reading.execute("SELECT timesheet.take_ingest_lock()")
        for sql, arguments in (
            ("SELECT timesheet.operate_resolve_deletions(%s, %s, true)", (alert,)),
            ("SELECT timesheet.operate_erase_agent(%s, %s)", (agent,)),
        ):
            refused = operator(sql, "ann@agency.example", *arguments, timeout="300ms")
            assert isinstance(refused, psycopg.errors.LockNotAvailable), refused
    assert stage.db.execute("SELECT count(*) FROM timesheet.operator_actions").fetchone() == (0,)
