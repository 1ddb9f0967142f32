"""Who reads while a replay is under way sees each agent as it was or as it will be, never half of one."""

import threading

import psycopg
import pytest

from agency import (  # noqa: F401 (fixtures)
    agency_template,
    agents_with_entries,
    copies,
    damage_every_day,
    replays_left,
    slow_down,
)
from background import InTheBackground
from conftest import uri_of
from odd_history import connect

WEEKS = 12
# Each agent's rows of a report as one text. A half would be another text than both. Names are not among them: they
# are of the first step, which is one of all agents.
HASHED = """
    SELECT agent_id, md5(string_agg(r::text, '|' ORDER BY r::text)) FROM (
      SELECT {columns} FROM timesheet.{view}
    ) AS r GROUP BY agent_id"""
VIEWS = {
    "weekly_report": "agent_id, week_start, client_group_id, activity_id, work_seconds, break_seconds, "
    "manual_seconds, sessions",
    "daily_report": "agent_id, workday, client_group_id, activity_id, work_seconds, break_seconds, "
    "manual_seconds, sessions",
    "session_log": "agent_id, workday, started_at, ended_at, jibble_activity_id",
}
# Several agents' rows at once, to see those together that go over together.
TOGETHER = """
    SELECT count(*), count(DISTINCT jibble_activity_id), md5(string_agg(agent_id || ' ' || started_at, '|' ORDER BY
      agent_id, started_at, jibble_activity_id)) FROM timesheet.session_log WHERE agent_id = ANY (%s)"""


def seen(db, view):
    return dict(db.execute(HASHED.format(view=view, columns=VIEWS[view])).fetchall())


def watched(uri, look):
    """What look(connection) gives, again and again in transactions of its own, while the replay runs."""
    answers, is_over = [], threading.Event()

    def reader():
        with psycopg.connect(uri, autocommit=True) as db:
            while not is_over.is_set():
                answers.append(look(db))

    thread = InTheBackground(reader)
    try:
        with connect(uri) as db:
            db.execute("CALL timesheet.replay_in_steps()")
    finally:
        is_over.set()
        thread.join()
    return answers


@pytest.mark.parametrize("view", VIEWS)
def test_each_agent_is_as_before_or_as_after(copies, view):  # noqa: F811
    name = copies()
    uri = uri_of(name)
    with connect(uri) as db:
        after = seen(db, view)
        damage_every_day(db)
        db.execute("SELECT timesheet.refresh()")
        before = seen(db, view)
        agents = agents_with_entries(db)
        assert before.keys() == after.keys() and all(before[agent] != after[agent] for agent in agents)
        slow_down(db)
        answers = watched(uri, lambda reader: seen(reader, view))
        assert seen(db, view) == after and replays_left(db) == (0, 0)
    done, mixed = set(), 0
    for answer in answers:
        assert answer.keys() == after.keys()
        assert [agent for agent in agents if answer[agent] not in (before[agent], after[agent])] == []
        now = {agent for agent in agents if answer[agent] == after[agent]}
        assert done <= now, "an agent went back"
        done, mixed = now, mixed + (0 < len(now) < len(agents))
    assert mixed > 0, "no reader saw a step"


def test_a_snapshot_has_one_state_of_an_agent_in_all_reports(copies):  # noqa: F811
    uri = uri_of(copies())
    with connect(uri) as db:
        after = {view: seen(db, view) for view in VIEWS}
        damage_every_day(db)
        before = {view: seen(db, view) for view in VIEWS}
        agents = agents_with_entries(db)
        slow_down(db)

        def look(reader):
            with reader.transaction():
                reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                return {view: seen(reader, view) for view in VIEWS}

        for answer in watched(uri, look):
            for agent in agents:
                states = [
                    (answer[view][agent] == before[view][agent], answer[view][agent] == after[view][agent])
                    for view in VIEWS
                ]
                assert set(states) in ({(True, False)}, {(False, True)}), (agent, states)


def test_agents_whose_entries_change_hands_go_over_together(copies):  # noqa: F811
    """By hand, every second entry of one was given to another: the entries are of one of both at any time."""
    uri = uri_of(copies())
    with connect(uri) as db:
        agents = agents_with_entries(db)
        pair = [agents[1], agents[-2]]
        after = db.execute(TOGETHER, (pair,)).fetchone()
        db.execute(
            "UPDATE timesheet.time_entries SET agent_id = %s WHERE agent_id = %s "
            "AND hashtext(jibble_activity_id::text) %% 2 = 0",
            (pair[1], pair[0]),
        )
        before = db.execute(TOGETHER, (pair,)).fetchone()
        assert before != after
        db.execute(
            "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc - interval '10 minutes' "
            "WHERE raw_type = 'In' AND agent_id <> ALL (%s)",
            (pair,),
        )
        slow_down(db)
        answers = watched(uri, lambda reader: reader.execute(TOGETHER, (pair,)).fetchone())
        assert set(answers) <= {before, after} and len(answers) > 3
        assert db.execute(TOGETHER, (pair,)).fetchone() == after


def test_names_and_histories_change_as_one(copies):  # noqa: F811
    """The first step rebuilds what all agents need: no reader meets an agent without a zone."""
    uri = uri_of(copies())
    look = (
        "SELECT (SELECT count(*) FROM timesheet.agents AS a WHERE NOT EXISTS (SELECT FROM timesheet.agent_history AS t "
        "WHERE t.agent_id = a.agent_id AND t.valid_from = '-infinity')), "
        "(SELECT count(*) FILTER (WHERE full_name LIKE '% (damaged)') FROM timesheet.agents), "
        "(SELECT count(*) FROM timesheet.agents)"
    )
    with connect(uri) as db:
        damage_every_day(db)
        (_, all_damaged, every) = db.execute(look).fetchone()
        slow_down(db)
        answers = watched(uri, lambda reader: reader.execute(look).fetchone())
        assert {answer[0] for answer in answers} == {0} and {answer[2] for answer in answers} == {every}
        assert {answer[1] for answer in answers} <= {all_damaged, 0}
        assert db.execute(look).fetchone() == (0, 0, every)
