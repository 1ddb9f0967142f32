"""Edits, archives, deletions and returns: what Jibble shows last is what counts, and nothing is forgotten.

One agent's Wednesday, with hours worked out by hand, through sync after sync.
"""

import datetime

import pytest

from one_agent import (
    WINDOW,
    PERSON,
    GROUPS,
    H,
    entry_id,
    event,
    agent,
    agent_template,
    daemon,
    hours,
    versions,
    asked,
)  # noqa: F401 (fixtures)

pytestmark = pytest.mark.every_server


def test_a_day_of_changes(agent, daemon, db, jibble):
    assert hours(db) == (8 * H, 0)

    # Late: a break that an offline phone sends a day later.
    jibble.admin("PUT", "objects/TimeEntries", event(3, "12:00", "StartBreak", createdAt="2026-11-19T01:00:00Z"))
    jibble.admin("PUT", "objects/TimeEntries", event(4, "13:00", "In", createdAt="2026-11-19T01:00:00Z"))
    daemon.must("sync", *WINDOW)
    assert hours(db) == (7 * H, 1 * H)

    # Edited in place.
    jibble.admin("PATCH", f"objects/TimeEntries/{entry_id(2)}", {"time": "2026-11-18T10:00:00Z"})
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 1 * H)

    # Archived: the break now lasts until the out, for exactly six hours.
    jibble.admin("PATCH", f"objects/TimeEntries/{entry_id(4)}", {"status": "Archived"})
    daemon.must("sync", *WINDOW)
    assert hours(db) == (3 * H, 6 * H)
    assert versions(db, 4) == ["Active", "Archived"]

    # Vanished: without the break it is one session, 09:00 to 18:00.
    gone = jibble.admin("GET", f"objects/TimeEntries/{entry_id(3)}")
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(3)}")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (9 * H, 0)
    assert versions(db, 3) == ["Active", None]
    assert db.execute("SELECT deleted FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1").fetchone() == (
        1,
    )

    # Returned, and its end as well.
    jibble.admin("PUT", "objects/TimeEntries", gone)
    jibble.admin("PATCH", f"objects/TimeEntries/{entry_id(4)}", {"status": "Active"})
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 1 * H)
    assert versions(db, 3) == ["Active", None, "Active"] and versions(db, 4) == ["Active", "Archived", "Active"]

    # Moved out of the window: it is asked for by its id, found, and counted on its new day.
    jibble.admin(
        "PATCH", f"objects/TimeEntries/{entry_id(1)}", {"time": "2026-11-10T01:00:00Z", "belongsToDate": "2026-11-10"}
    )
    jibble.admin("DELETE", "requests")
    daemon.must("sync", *WINDOW)
    assert asked(jibble) == [entry_id(1)]  # what is found needs no proof
    assert hours(db) == (5 * H, 1 * H)
    assert hours(db, "2026-11-10") == (15 * H, 0)  # 09:00 and no end: until midnight
    assert versions(db, 1) == ["Active", "Active"]

    # Everything gone at once.
    for n in (1, 2, 3, 4):
        jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(n)}")
    daemon.must("sync", "--since", "2026-11-10", "--until", "2026-11-19")
    assert hours(db) == (None, None) and hours(db, "2026-11-10") == (None, None)
    assert db.execute(
        "SELECT count(*) FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) "
        "WHERE a.jibble_id = %s",
        (PERSON,),
    ).fetchone() == (
        4,
    )  # kept for audit

    # And the same again from what was kept.
    before = db.execute(
        "SELECT count(*), sum(seconds) FROM timesheet.sessions(NULL, NULL, NULL, 'infinity')"
    ).fetchone()
    daemon.must("replay")
    assert (
        db.execute("SELECT count(*), sum(seconds) FROM timesheet.sessions(NULL, NULL, NULL, 'infinity')").fetchone()
        == before
    )
    assert hours(db) == (None, None)


def test_hour_entries_can_be_missing_too(agent, daemon, db, jibble):
    typed = {
        "id": entry_id(9),
        "personId": PERSON,
        "date": "2026-11-18",
        "duration": "PT1H30M",
        "status": "Active",
        "activityId": None,
    }
    jibble.admin("PUT", "objects/HourEntries", typed)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (9.5 * H, 0)
    jibble.admin("DELETE", f"objects/HourEntries/{entry_id(9)}")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0)


def test_a_group_move_leaves_earlier_work_where_it_was(agent, daemon, db, jibble):
    """It holds from when Jibble says the person was changed, as that lies between two reads."""
    now = datetime.datetime.now(datetime.timezone.utc)
    tomorrow = (now + datetime.timedelta(days=1)).date().isoformat()
    jibble.admin(
        "PATCH", f"objects/People/{PERSON}", {"groupId": GROUPS[1], "updatedAt": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    )
    jibble.admin("PUT", "objects/TimeEntries", event(5, "20:00", "In", date=tomorrow))
    jibble.admin("PUT", "objects/TimeEntries", event(6, "21:00", "Out", date=tomorrow))
    daemon.must("sync", "--since", "2026-11-17", "--until", tomorrow)
    assert (
        db.execute(
            """
        SELECT h.workday::text, g.name, h.work_seconds FROM timesheet.agents AS a
        CROSS JOIN LATERAL timesheet.daily_hours(NULL, NULL, a.agent_id, 'infinity') AS h
        JOIN timesheet.client_groups AS g ON g.client_group_id = h.client_group_id
        WHERE a.jibble_id = %s ORDER BY h.workday""",
            (PERSON,),
        ).fetchall()
        == [("2026-11-18", "Group 0", 8 * H), (tomorrow, "Group 1", 1 * H)]
    )


def test_an_unchanged_re_read_writes_nothing(agent, daemon, db):
    def everything():
        return [
            db.execute(
                "SELECT sum(hashtext(t.xmin::text || t.ctid::text || t::text)::bigint), count(*) "
                f"FROM timesheet.{table} AS t"
            ).fetchone()
            for table in (
                "raw_events",
                "time_entries",
                "hour_entries",
                "agents",
                "client_groups",
                "activities",
                "agent_history",
            )
        ]

    before = everything()
    daemon.must("sync", *WINDOW)
    assert everything() == before
    assert db.execute(
        "SELECT status, new, changed, deleted FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
    ).fetchone() == ("succeeded", 0, 0, 0)


def test_nothing_is_deleted_on_an_unanswered_question(agent, daemon, db, jibble):
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    jibble.admin("POST", "faults", {"path_contains": "id eq", "times": 9, "action": "status", "status": 403})
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and "403" in done.stderr
    assert hours(db) == (8 * H, 0) and versions(db, 2) == ["Active"]
    assert db.execute(
        "SELECT status, error LIKE '%%403%%' FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
    ).fetchone() == ("failed", True)
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (15 * H, 0) and versions(db, 2) == ["Active", None]


def test_nothing_is_deleted_by_a_window_that_was_not_read_whole(agent, daemon, db, jibble):
    """The count promises more than comes: read again, and given up without believing the gap."""
    jibble.admin(
        "POST",
        "faults",
        {"path_contains": "TimeEntries", "times": 99, "action": "body", "body": '{"@odata.count": 5000, "value": []}'},
    )
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and "could not be read whole" in done.stderr
    assert hours(db) == (8 * H, 0)


def test_few_questions_besides_those_for_what_is_missing(agent, daemon, jibble):
    """The first one again once the form is proven, and two proofs: before and after."""
    for n in (1, 2):
        jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(n)}")
    jibble.admin("DELETE", "requests")
    daemon.must("sync", *WINDOW)
    ids = asked(jibble)
    assert [n for n in ids if n in (entry_id(1), entry_id(2))] == [entry_id(1), entry_id(1), entry_id(2)] and len(
        ids
    ) == 5
    assert ids[1] == ids[4] and asked(jibble, "/People") == [PERSON]


def test_what_only_a_failed_run_has_seen_and_then_vanishes_never_counts(agent, daemon, db, jibble):
    jibble.admin("PUT", "objects/TimeEntries", event(3, "12:00", "StartBreak"))
    jibble.admin("POST", "faults", {"path_contains": "HourEntries", "times": 9, "action": "status", "status": 403})
    assert daemon("sync", *WINDOW).returncode == 1
    jibble.admin("DELETE", "faults")
    assert versions(db, 3) == ["Active"] and hours(db) == (8 * H, 0)
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(3)}")
    daemon.must("sync", *WINDOW)
    assert versions(db, 3) == ["Active", None] and hours(db) == (8 * H, 0)


def test_entries_outside_of_the_window_are_left_alone(agent, daemon, db, jibble):
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    daemon.must("sync", "--since", "2026-11-19", "--until", "2026-11-19")
    assert hours(db) == (8 * H, 0)


def test_an_entry_without_a_date_is_looked_for_by_its_workday(agent, daemon, db, jibble):
    """No window of Jibble's dates ever shows it."""
    jibble.admin("PATCH", f"objects/TimeEntries/{entry_id(2)}", {"belongsToDate": None})
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and db.execute(
        "SELECT belongs_to_date FROM timesheet.time_entries WHERE jibble_activity_id = %s", (entry_id(2),)
    ).fetchone() == (None,)
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    daemon.must("sync", "--since", "2026-11-19", "--until", "2026-11-19")
    assert hours(db) == (8 * H, 0)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (15 * H, 0) and versions(db, 2)[-1] is None


def test_so_is_one_that_only_a_failed_run_has_seen(agent, daemon, db, jibble):
    jibble.admin("PUT", "objects/TimeEntries", event(3, "12:00", "StartBreak"))
    daemon.must("sync", *WINDOW)
    jibble.admin("PATCH", f"objects/TimeEntries/{entry_id(3)}", {"belongsToDate": None})
    jibble.admin("POST", "faults", {"path_contains": "HourEntries", "times": 99, "action": "status", "status": 403})
    assert daemon("sync", *WINDOW).returncode == 1
    jibble.admin("DELETE", "faults")
    assert versions(db, 3) == ["Active", "Active"]
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(3)}")
    daemon.must("sync", *WINDOW)
    assert versions(db, 3)[-1] is None and hours(db) == (8 * H, 0)


def test_an_hour_entry_without_a_date_is_looked_for_as_well(agent, daemon, db, jibble):
    """What it said last of a date still counts."""
    jibble.admin(
        "PUT",
        "objects/HourEntries",
        {
            "id": entry_id(9),
            "personId": PERSON,
            "date": "2026-11-18",
            "duration": "PT1H30M",
            "status": "Active",
            "activityId": None,
        },
    )
    daemon.must("sync", *WINDOW)
    jibble.admin("PATCH", f"objects/HourEntries/{entry_id(9)}", {"date": None})
    daemon.must("sync", *WINDOW)
    assert hours(db) == (9.5 * H, 0)
    jibble.admin("DELETE", f"objects/HourEntries/{entry_id(9)}")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0)


def test_a_rejected_entry_that_vanishes_is_asked_for_and_its_problem_ends(agent, daemon, db, jibble):
    """No row is there of it, only its payload: without a question by id it would be counted as rejected permanently."""
    jibble.admin("PUT", "objects/TimeEntries", event(5, "12:00", "Out", personId=None))
    daemon.must("sync", *WINDOW)
    rejected = "SELECT rejected FROM timesheet.feed_health"
    notes = "SELECT count(*) > 0 FROM timesheet.notes WHERE workday = '2026-11-18' AND code = 'rejected_entry'"
    assert db.execute(rejected).fetchone() == (1,) and versions(db, 5) == ["Active"]
    assert hours(db) == (8 * H, 0) and db.execute(notes).fetchone() == (True,)

    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(5)}")
    jibble.admin("DELETE", "requests")
    daemon.must("sync", *WINDOW)
    assert entry_id(5) in asked(jibble)
    assert db.execute(rejected).fetchone() == (0,) and versions(db, 5) == ["Active", None]
    assert db.execute(notes).fetchone() == (False,)

    # Back, and now with its person: it counts.
    jibble.admin("PUT", "objects/TimeEntries", event(5, "12:00", "Out"))
    daemon.must("sync", *WINDOW)
    assert db.execute(rejected).fetchone() == (0,) and hours(db) == (3 * H, 0)
    assert db.execute(notes).fetchone() == (False,)
