"""timesheet.explain(): a day's hours down to the events, the versions and the runs behind them."""

import re

import pytest

from conftest import ENGINES

pytestmark = pytest.mark.every_server

WINDOW = ("--since", "2026-11-17", "--until", "2026-11-19")
PERSON = "00000000-0000-4000-8000-0000000000a1"


def entry_id(n):
    return f"00000000-0000-4000-8000-0000000000{n:02x}"


def event(n, at, kind, date="2026-11-18", **more):
    return {
        "id": entry_id(n),
        "personId": PERSON,
        "type": kind,
        "time": at,
        "belongsToDate": date,
        "clientType": "Web",
        "status": "Active",
        "activityId": None,
    } | more


@pytest.fixture
def agent(daemon, db, jibble):
    """Manila: In 09:00 (edited from 08:00), StartBreak 12:00 (vanished), In 22:00 that an out on the next day ends,
    15 minutes typed in."""
    jibble.admin(
        "PUT",
        "objects/People",
        {
            "id": PERSON,
            "fullName": "Test Person",
            "groupId": None,
            "status": "Joined",
            "ICultureSettings/TimeZone": "Asia/Manila",
        },
    )
    for one in (
        event(1, "2026-11-18T00:00:00Z", "In"),
        event(2, "2026-11-18T04:00:00Z", "StartBreak"),
        event(3, "2026-11-18T05:00:00Z", "Out", note="<b>bye</b>"),
        event(4, "2026-11-18T14:00:00Z", "In"),
        event(5, "2026-11-18T20:00:00Z", "Out", "2026-11-19"),
        event(6, "2026-11-18T06:00:00Z", "Teleport"),
    ):
        jibble.admin("PUT", "objects/TimeEntries", one)
    jibble.admin(
        "PUT",
        "objects/HourEntries",
        {
            "id": entry_id(9),
            "personId": PERSON,
            "date": "2026-11-18",
            "duration": "PT15M",
            "status": "Active",
            "activityId": None,
        },
    )
    daemon.must("sync", *WINDOW)
    jibble.admin("PATCH", f"objects/TimeEntries/{entry_id(1)}", {"time": "2026-11-18T01:00:00Z"})
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    daemon.must("sync", *WINDOW)
    return db.execute("SELECT agent_id FROM timesheet.agents WHERE jibble_id = %s", (PERSON,)).fetchone()[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_is_explained_down_to_the_runs(agent, db, engine):
    db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    rows = db.execute(
        "SELECT part, to_char(at AT TIME ZONE 'UTC', 'HH24:MI'), seconds, what, because, "
        "right(jibble_activity_id::text, 1), payload, ingest_run_id"
        " FROM timesheet.explain('2026-11-18', %s)",
        (agent,),
    ).fetchall()
    parts = {
        part: [row[1:] for row in rows if row[0] == part] for part in ("hours", "session", "event", "version", "run")
    }
    assert [row[0] for row in rows] == sorted(
        (row[0] for row in rows), key=["hours", "session", "event", "version", "run"].index
    )

    # 4 h and 6 h of work, and 15 minutes.
    assert [(seconds, what) for _, seconds, what, *_ in parts["hours"]] == [(36900, "(no client group), (no activity)")]
    assert parts["hours"][0][3] == "2 work sessions; 0:15:00 typed in without times (rule R10)"
    assert [row[:4] for row in parts["session"]] == [
        ("01:00", 4 * 3600, "Work, (no activity)", "worked without an activity until the clock-out (rule R5)"),
        ("14:00", 6 * 3600, "Work, (no activity)", "worked without an activity until the clock-out (rule R5)"),
    ]
    # The vanished one and the unknown one too, and the out of the next day.
    events = {id: (at, because) for at, _, _, because, id, *_ in parts["event"]}
    assert {id: at for id, (at, _) in events.items()} == {
        "1": "01:00",
        "2": "04:00",
        "3": "05:00",
        "4": "14:00",
        "5": "20:00",
        "6": "06:00",
        "9": None,
    }
    assert re.fullmatch(
        r"deleted: archived or missing in Jibble since \w{3} \d+ \w{3} \d{4}, \d\d:\d\d \(Asia/Manila\),"
        r" so it counts for nothing \(rule R1\)",
        events["2"][1],
    )
    assert events["6"][1] == "of an unknown type, so it counts for nothing (rule R1)"
    assert events["5"][1] == ("counts for Thu 19 Nov 2026, as in Jibble; the working zone was Asia/Manila (rule R3)")
    assert {id: what for _, _, what, _, id, *_ in parts["event"]} == {
        "1": "Clock-in by Web, (no activity)",
        "2": "Break by Web, (no activity)",
        "3": "Clock-out by Web, (no activity)",
        "4": "Clock-in by Web, (no activity)",
        "5": "Clock-out by Web, (no activity)",
        "6": "Teleport by Web, (no activity)",
        "9": "Hours typed in, (no activity)",
    }
    # Every version as it came, a tombstone among them, each with its run.
    versions = [(id, what, because) for _, _, what, because, id, *_ in parts["version"]]
    assert [v for v in versions if v[0] in "12"] == [
        ("1", "version 1", "as received"),
        ("2", "version 1", "as received"),
        ("1", "version 2", "as received"),
        ("2", "version 2: missing in Jibble", "Jibble no longer showed it"),
    ]
    assert len(versions) == 9 and [row[5]["note"] for row in parts["version"] if row[4] == "3"] == ["<b>bye</b>"]
    assert {row[6] for row in parts["version"]} == {row[6] for row in parts["run"]} and len(parts["run"]) == 2
    assert all(
        what == "sync of Tue 17 Nov 2026 to Thu 19 Nov 2026" and because == "succeeded"
        for _, _, what, because, *_ in parts["run"]
    )


def test_what_was_not_understood_is_explained_too(agent, daemon, db, jibble):
    jibble.admin("PUT", "objects/TimeEntries", event(7, "nonsense", "In"))
    daemon.must("sync", *WINDOW)
    assert db.execute(
        "SELECT payload ->> 'time', because LIKE 'rejected: %%' FROM timesheet.explain('2026-11-18', %s) "
        "WHERE jibble_activity_id = %s",
        (agent, entry_id(7)),
    ).fetchall() == [("nonsense", True)]


def test_the_sum_of_the_sessions_and_the_typed_in_is_the_hours(agent, db):
    """Of every day of everybody, by the views."""
    wrong = db.execute(
        """
        SELECT d.agent_id, d.workday FROM (SELECT agent_id, workday, sum(work_seconds + break_seconds) AS seconds
          FROM timesheet.daily_report GROUP BY 1, 2) AS d
        CROSS JOIN LATERAL (
          SELECT sum(x.seconds) FILTER (WHERE x.part = 'session'
            OR x.part = 'event' AND x.what LIKE 'Hours typed in%%' AND x.because LIKE '%%(rule R10)') AS seconds
          FROM timesheet.explain(d.workday, d.agent_id) AS x) AS e
        WHERE e.seconds IS DISTINCT FROM d.seconds"""
    ).fetchall()
    assert wrong == [] and db.execute("SELECT count(*) > 50 FROM timesheet.daily_report").fetchone() == (True,)


def test_a_day_of_nothing_is_explained_by_nothing(agent, db):
    assert db.execute("SELECT * FROM timesheet.explain('1999-01-01', %s)", (agent,)).fetchall() == []
    assert db.execute("SELECT * FROM timesheet.explain('2026-11-18', -1)").fetchall() == []
    assert db.execute("SELECT * FROM timesheet.explain(NULL, NULL)").fetchall() == []
