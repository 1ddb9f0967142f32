"""Gone must be proven: no empty answer is believed before the same question has found something known to live."""

import signal
import time

import pytest

from conftest import wait_until
from one_agent import (
    WINDOW,
    PERSON,
    H,
    entry_id,
    event,
    agent,
    agent_template,
    daemon,
    hours,
    versions,
    LIVE,
    fault,
    last_run,
    alerts,
    asked,
)  # noqa: F401 (fixtures)

pytestmark = pytest.mark.every_server


@pytest.mark.parametrize(
    "spoiled",
    [{}, {"action": "status", "status": 400}, {"action": "status", "status": 403}, {"action": "status", "status": 404}],
)
def test_where_no_form_proves_itself_the_run_fails_and_what_it_read_counts(agent, daemon, db, jibble, spoiled):
    """Nothing found, or every question refused."""
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    for one in (event(3, "12:00", "StartBreak"), event(4, "13:00", "In")):
        jibble.admin("PUT", "objects/TimeEntries", one)
    fault(jibble, "id eq", **spoiled)
    done = daemon("sync", *WINDOW)
    assert (
        done.returncode == 1
        and "run timesheetd probe" in done.stderr.splitlines()[-1]
        and "by id, by id and date, by id and time: " in done.stderr.splitlines()[-1]
    )
    assert versions(db, 2) == ["Active"] and hours(db) == (7 * H, 1 * H)  # the break is there, and the out still is
    status, error = last_run(db)
    assert status == "failed" and "run timesheetd probe" in error and alerts(db) == []
    assert daemon("sync", *WINDOW).returncode == 1 and hours(db) == (7 * H, 1 * H)

    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert (
        versions(db, 2) == ["Active", None] and hours(db)[0] == 3 * H + 11 * H
    )  # in again at 13:00, and no end until midnight


def test_many_that_are_proven_gone_go_at_once(agent, daemon, db, jibble):
    """However many: there is no number from which a proof is not enough."""
    ids = [
        i
        for i, in db.execute(
            "SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE deleted_at IS NULL "
            "AND belongs_to_date BETWEEN '2026-11-17' AND '2026-11-19'"
        )
    ]
    assert len(ids) > 210
    for one in ids[5:]:
        jibble.admin("DELETE", f"objects/TimeEntries/{one}")
    daemon.must("sync", *WINDOW)
    assert db.execute(LIVE).fetchone() == (5,) and alerts(db) == []


def test_a_question_without_a_date_that_finds_nothing_is_asked_with_one(agent, daemon, db, jibble):
    """Deleted is what is deleted, and what moved to another day is found."""
    jibble.admin("PUT", "personality", {"entries_without_date": "empty"})
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    jibble.admin(
        "PATCH", f"objects/TimeEntries/{entry_id(1)}", {"time": "2026-11-10T01:00:00Z", "belongsToDate": "2026-11-10"}
    )
    done = daemon.must("sync", *WINDOW)
    assert "asked by id and date from now on" in done.stderr
    assert versions(db, 2) == ["Active", None] and versions(db, 1) == ["Active", "Active"]
    assert hours(db) == (None, None) and hours(db, "2026-11-10") == (15 * H, 0)


def test_hour_entries_are_asked_for_with_a_date_as_well(agent, daemon, db, jibble):
    for n in (8, 9):
        jibble.admin(
            "PUT",
            "objects/HourEntries",
            {
                "id": entry_id(n),
                "personId": PERSON,
                "date": "2026-11-18",
                "duration": "PT1H",
                "status": "Active",
                "activityId": None,
            },
        )
    daemon.must("sync", *WINDOW)
    jibble.admin("PUT", "personality", {"entries_without_date": "empty"})
    jibble.admin("DELETE", f"objects/HourEntries/{entry_id(9)}")
    jibble.admin("PATCH", f"objects/HourEntries/{entry_id(8)}", {"date": "2026-11-10"})
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and hours(db, "2026-11-10") == (1 * H, 0)


def test_a_form_that_found_something_is_remembered_by_the_process(agent, daemon, db, jibble):
    """The service asks in it at once in its next pass, and warns once."""
    jibble.admin("PUT", "personality", {"entries_without_date": "empty"})
    date = time.strftime("%Y-%m-%d", time.gmtime())
    for n in (11, 12, 13):
        jibble.admin("PUT", "objects/TimeEntries", event(n, "09:00", "In", date=date))
    service = daemon.start("run", SYNC_INTERVAL="1")
    try:
        for n in (11, 12):
            wait_until(lambda: versions(db, n) == ["Active"])
            jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(n)}")
            wait_until(lambda: versions(db, n) == ["Active", None])
    finally:
        service.send_signal(signal.SIGTERM)
        log = service.communicate(timeout=30)[1]
    assert log.count("asked by id and date from now on") == 1
    questions = [
        r["query"].split("$filter=")[1] for r in jibble.requests("TimeEntries") if f"id eq {entry_id(12)}" in r["query"]
    ]
    assert questions and all("belongsToDate" in q for q in questions)


def test_a_key_that_loses_its_rights_halfway_deletes_nothing(agent, daemon, db, jibble):
    """1 is deleted; 2 has moved, but the answers are empty from there on."""
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(1)}")
    jibble.admin(
        "PATCH", f"objects/TimeEntries/{entry_id(2)}", {"time": "2026-11-10T09:00:00Z", "belongsToDate": "2026-11-10"}
    )
    fault(jibble, "TimeEntries?$top=2", skip=3)  # asked for 1, proven, asked for 1 again
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and "run timesheetd probe" in done.stderr.splitlines()[-1]
    assert versions(db, 1) == ["Active"] and versions(db, 2) == ["Active"] and hours(db) == (8 * H, 0)


def test_a_server_that_overlooks_the_filter_proves_nothing(agent, daemon, db, jibble):
    """It gives the same object whatever it is asked for, the one that would be a proof among them."""
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    jibble.admin("DELETE", "requests")
    daemon("sync", *WINDOW)
    witness = asked(jibble)[1]
    jibble.admin("PUT", "objects/TimeEntries", event(2, "17:00", "Out"))
    daemon.must("sync", *WINDOW)
    before = versions(db, 2)

    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    fault(jibble, "id eq", body='{"value": [' + f'{{"id": "{witness}"}}' + "]}")
    assert daemon("sync", *WINDOW).returncode == 1
    jibble.admin("DELETE", "faults")
    fault(jibble, "id eq", body='{"value": [' + f'{{"id": "{witness}"}}, {{"id": "{entry_id(1)}"}}' + "]}")
    assert daemon("sync", *WINDOW).returncode == 1
    assert versions(db, 2) == before and hours(db) == (8 * H, 0)


def test_a_key_that_loses_its_rights_empties_every_list_and_deletes_nothing(agent, daemon, db, jibble):
    """With status 200. Held back: an alert for each list, exit 0, and no question for each entry."""
    before = db.execute(LIVE).fetchone(), hours(db)
    people = db.execute("SELECT count(*) FROM timesheet.agents WHERE status = 'Removed'").fetchone()
    fault(jibble, "/v1/")
    jibble.admin("DELETE", "requests")
    for _ in range(2):
        done = daemon.must("sync", *WINDOW)
        assert "kept until a person decides" in done.stderr and last_run(db) == ("succeeded", "")
        assert (db.execute(LIVE).fetchone(), hours(db)) == before
        assert db.execute("SELECT count(*) FROM timesheet.agents WHERE status = 'Removed'").fetchone() == people
        assert sorted(alerts(db)) == [
            ("deletions_held", subject, True)
            for subject in ("Activities", "Groups", "HourEntries", "People", "TimeEntries")
        ]
    assert not [r for r in jibble.requests("") if "id eq" in r["query"]]
    (held,) = db.execute("SELECT deletions_held FROM timesheet.feed_health").fetchone()
    assert (
        held
        == db.execute(
            "SELECT (SELECT count(*) FROM timesheet.time_entries WHERE deleted_at IS NULL "
            "AND belongs_to_date BETWEEN '2026-11-17' AND '2026-11-19')"
            " + (SELECT count(*) FROM timesheet.hour_entries WHERE deleted_at IS NULL AND workday BETWEEN "
            "'2026-11-17' AND '2026-11-19')"
        ).fetchone()[0]
        > 200
    )
    (detail,) = db.execute("SELECT detail FROM timesheet.alerts WHERE subject = 'TimeEntries'").fetchone()
    assert (
        detail.startswith("Jibble lists no time entries for Tue 17 – Thu 19 Nov 2026, though ")
        and "timesheetd sync --since 2026-11-17 --until 2026-11-19 --allow-mass-deletion" in detail
    )

    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert (db.execute(LIVE).fetchone(), hours(db)) == before and {is_open for *_, is_open in alerts(db)} == {False}
    assert db.execute("SELECT deletions_held FROM timesheet.feed_health").fetchone() == (0,)


def test_what_is_held_back_goes_where_a_person_says_so(agent, daemon, db, jibble):
    before = db.execute(LIVE).fetchone()
    fault(jibble, "TimeEntries")
    daemon.must("sync", *WINDOW)
    assert alerts(db) == [("deletions_held", "TimeEntries", True)]
    daemon.must("sync", *WINDOW, "--allow-mass-deletion")
    assert db.execute(LIVE).fetchone() == (0,) and alerts(db) == [("deletions_held", "TimeEntries", False)]
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert db.execute(LIVE).fetchone() == before and hours(db) == (8 * H, 0)


def test_a_person_cannot_accept_what_a_source_that_answers_cannot_prove(agent, daemon, db, jibble):
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    fault(jibble, "id eq")
    done = daemon("sync", *WINDOW, "--allow-mass-deletion")
    assert (
        done.returncode == 1
        and "run timesheetd probe" in done.stderr
        and versions(db, 2) == ["Active"]
        and hours(db) == (8 * H, 0)
    )


def test_what_a_larger_window_can_prove_is_held_back_no_longer(agent, daemon, db, jibble):
    """The day had these entries only, and none of other days was found; with the days around it something is listed."""
    day = ("--since", "2026-11-18", "--until", "2026-11-18")
    for (one,) in db.execute(
        "SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE belongs_to_date = '2026-11-18'"
    ).fetchall():
        jibble.admin("DELETE", f"objects/TimeEntries/{one}")
    fault(jibble, "TimeEntries?$top=2&")
    daemon.must("sync", *day)
    assert hours(db) == (8 * H, 0) and alerts(db) == [("deletions_held", "TimeEntries", True)]
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (None, None) and alerts(db) == [("deletions_held", "TimeEntries", False)]


def test_two_passes_at_once_delete_once(agent, daemon, db, jibble):
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    passes = [daemon.start("sync", *WINDOW) for _ in range(2)]
    assert [p.wait(60) for p in passes] == [0, 0]
    for p in passes:
        p.communicate()
    assert versions(db, 2) == ["Active", None] and hours(db) == (15 * H, 0)


def test_a_crash_between_the_proof_and_the_end_of_the_run_loses_nothing(agent, daemon, db, jibble):
    for n in (8, 9):
        jibble.admin(
            "PUT",
            "objects/HourEntries",
            {
                "id": entry_id(n),
                "personId": PERSON,
                "date": "2026-11-11",
                "duration": "PT1H",
                "status": "Active",
                "activityId": None,
            },
        )
    daemon.must("sync", "--since", "2026-11-11", "--until", "2026-11-19")
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    jibble.admin("DELETE", f"objects/HourEntries/{entry_id(9)}")  # asked for after the time entries
    jibble.admin("POST", "faults", {"path_contains": "HourEntries?$top=2&", "times": 1, "action": "slow", "seconds": 5})
    process = daemon.start("sync", "--since", "2026-11-11", "--until", "2026-11-19")
    wait_until(lambda: versions(db, 2) == ["Active", None])
    process.kill()
    process.communicate()
    assert hours(db) == (8 * H, 0)
    daemon.must("sync", *WINDOW)
    assert versions(db, 2) == ["Active", None] and hours(db) == (15 * H, 0)
    daemon.must("replay")
    assert hours(db) == (15 * H, 0)
