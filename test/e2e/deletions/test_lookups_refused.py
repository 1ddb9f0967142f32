"""Questions for people, groups and activities by their id: a second form where one is refused,
and no failure where all are.

What a list shows without a name is not asked for; what was never understood can be found gone as well.
"""

import pytest

from nightly_runs import now_jibble, make, rows, outcomes, audits, run_until  # noqa: F401 (fixtures)
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
    NOTHING,
    fault,
    last_run,
    alerts,
    ACTIVITY,
    status,
    raw,
)  # noqa: F401 (fixtures)


LISTS = [
    ("People", "agents", "removed_people", PERSON, "Joined", "Removed"),
    ("Groups", "client_groups", "archived_groups", GROUPS[0], "Active", "Archived"),
    ("Activities", "activities", "archived_activities", ACTIVITY, "Active", "Archived"),
]


def left(daemon, jibble, resource, switch, jibble_id, gone, position="gone"):
    """It leaves its list, while the form of question without an order is refused."""
    jibble.admin(
        "PUT", "objects/Activities", {"id": ACTIVITY, "code": "X1", "name": "Test activity", "status": "Active"}
    )
    daemon.must("sync", *WINDOW)
    jibble.admin("PUT", "personality", {switch: position})
    jibble.admin("PATCH", f"objects/{resource}/{jibble_id}", {"status": gone})


@pytest.mark.every_server
@pytest.mark.parametrize("resource, table, switch, jibble_id, live, gone", LISTS)
@pytest.mark.parametrize("answer", [400, 403, 404])
def test_what_cannot_be_asked_for_stays_as_it_was_and_fails_nothing(
    agent, daemon, db, jibble, resource, table, switch, jibble_id, live, gone, answer
):
    left(daemon, jibble, resource, switch, jibble_id, gone)
    jibble.admin("PUT", "objects/TimeEntries", event(3, "18:00", "In"))
    fault(jibble, f"/workspace/v1/{resource}?$top=2", action="status", status=answer)
    for _ in range(2):
        done = daemon.must("sync", *WINDOW)
        (warned,) = (line for line in done.stderr.splitlines() if "refuses every query" in line)
        assert (
            f" warning {resource}: " in warned
            and str(answer) in warned
            and "run timesheetd probe" in warned
            and "are left unchanged" in warned
        )
        assert (
            last_run(db) == ("succeeded", "")
            and status(db, table, jibble_id) == live
            and raw(db, resource, jibble_id) == [live]
        )
        assert hours(db)[0] == 8 * H + 6 * H and alerts(db) == []  # in again at 18:00, and no end until midnight

    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert status(db, table, jibble_id) == gone and raw(db, resource, jibble_id) == [live, None]


@pytest.mark.every_server
@pytest.mark.parametrize("resource, table, switch, jibble_id, live, gone", LISTS)
@pytest.mark.parametrize("position", ["by_id", "gone"])
def test_where_no_filter_is_accepted_it_is_asked_for_by_its_key(
    agent, daemon, db, jibble, resource, table, switch, jibble_id, live, gone, position
):
    left(daemon, jibble, resource, switch, jibble_id, gone, position)
    jibble.admin("PUT", "personality", {"object_by_key": "served"})
    fault(jibble, f"/workspace/v1/{resource}?$top=2", action="status", status=400)
    daemon.must("sync", *WINDOW)
    assert status(db, table, jibble_id) == gone and raw(db, resource, jibble_id) == [
        live,
        gone if position == "by_id" else None,
    ]
    (names,) = db.execute(
        f"SELECT count(*) FROM timesheet.{table} WHERE {'full_name' if resource == 'People' else 'name'} IS NULL"
    ).fetchone()
    assert names == 0 and hours(db) == (8 * H, 0)
    keyed = [r for r in jibble.requests(f"/{resource}(")]
    assert (
        keyed
        and all("$filter" not in r["query"] for r in keyed)
        and (resource != "People" or all("$select=id," in r["query"] for r in keyed))
    )


@pytest.mark.parametrize("resource, table, switch, jibble_id, live, gone", LISTS)
def test_where_an_order_is_demanded_it_is_asked_for_in_one(
    agent, daemon, db, jibble, resource, table, switch, jibble_id, live, gone
):
    left(daemon, jibble, resource, switch, jibble_id, gone)
    fault(
        jibble,
        f"/workspace/v1/{resource}?$top=2&$skip=0&$" + ("select" if resource == "People" else "filter"),
        action="status",
        status=400,
    )
    done = daemon.must("sync", *WINDOW)
    assert f"{resource}: asked by id in order from now on" in done.stderr and status(db, table, jibble_id) == gone


def test_an_empty_answer_is_no_refusal(agent, daemon, db, jibble):
    """Nothing that was listed is found in one form, the others are refused: then the run fails, and says so."""
    left(daemon, jibble, "Groups", "archived_groups", GROUPS[0], "Archived")
    fault(jibble, "/Groups?$top=2&$skip=0&$filter", body=NOTHING)
    fault(jibble, "/Groups?$top=2&$skip=0&$orderby", action="status", status=400)
    done = daemon("sync", *WINDOW)
    assert (
        done.returncode == 1
        and "run timesheetd probe" in done.stderr.splitlines()[-1]
        and status(db, "client_groups", GROUPS[0]) == "Active"
    )


@pytest.mark.every_server
def test_what_is_listed_without_a_name_is_not_asked_for(agent, daemon, db, jibble):
    """But for the zone that no list shows of the person."""
    for resource, one in (
        ("Groups", {"id": GROUPS[0], "name": None, "status": "Active"}),
        ("People", {"id": PERSON, "fullName": None, "groupId": GROUPS[0], "status": "Joined"}),
        ("Activities", {"id": ACTIVITY, "code": "X1", "name": None, "status": "Active"}),
    ):
        jibble.admin("PUT", f"objects/{resource}", one)
    jibble.admin("PUT", "objects/TimeEntries", event(1, "09:00", "In", activityId=ACTIVITY))
    daemon.must("sync", *WINDOW)
    daemon.must("sync", *WINDOW)
    assert not [
        r["query"] for r in jibble.requests("/workspace/v1/") if "id eq" in r["query"] and "TimeZone" not in r["query"]
    ] and hours(db) == (8 * H, 0)
    assert [command for command, in db.execute("SELECT DISTINCT command FROM timesheet.ingest_runs")] == ["sync"]


REJECTED = {"id": PERSON, "fullName": "Test Person", "groupId": "none of ours", "status": "Joined"}


@pytest.mark.every_server
def test_a_person_without_any_version_that_was_understood_is_removed_when_gone(daemon, db, jibble):
    jibble.admin("PUT", "personality", {"removed_people": "gone"})
    jibble.admin("PUT", "objects/People", REJECTED)
    jibble.admin("PUT", "objects/TimeEntries", event(1, "09:00", "In"))
    daemon.must("sync", *WINDOW)
    (problem,) = db.execute(
        "SELECT p.problem FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r USING (raw_event_id) "
        "WHERE r.jibble_id = %s",
        (PERSON,),
    ).fetchone()
    assert "none of ours" in problem and status(db, "agents", PERSON) is None
    jibble.admin("PATCH", f"objects/People/{PERSON}", {"status": "Removed"})
    daemon.must("sync", *WINDOW)
    assert raw(db, "People", PERSON) == ["Joined", None] and status(db, "agents", PERSON) == "Removed"
    daemon.must("replay")
    assert status(db, "agents", PERSON) == "Removed"

    # Back, in the same way: nothing more is known than that.
    jibble.admin("PATCH", f"objects/People/{PERSON}", {"status": "Joined"})
    for command in (("sync", *WINDOW), ("replay",)):
        daemon.must(*command)
        assert status(db, "agents", PERSON) is None
    jibble.admin("PUT", "objects/People", REJECTED | {"groupId": None})
    daemon.must("sync", *WINDOW)
    assert status(db, "agents", PERSON) == "Joined"


def test_the_service_goes_on_and_says_it_once(make, now_jibble):
    service = make()
    now_jibble.admin("PUT", "objects/Groups", {"id": GROUPS[0], "name": "Group", "status": "Active"})
    service.must("sync")
    now_jibble.admin("DELETE", f"objects/Groups/{GROUPS[0]}")
    fault(now_jibble, "/Groups?$top=2", action="status", status=400)
    log = run_until(
        service,
        lambda: outcomes(service).count(("sync", "succeeded")) >= 4 and ("nightly", "succeeded") in outcomes(service),
    )
    assert log.count("Jibble refuses every query") == 1 and {outcome for _, outcome in outcomes(service)} == {
        "succeeded"
    }
    assert rows(service, f"SELECT status FROM timesheet.client_groups WHERE jibble_id = '{GROUPS[0]}'") == [("Active",)]


def test_entries_without_a_date_that_no_question_finds_are_said_once(make, now_jibble):
    """They stay as they are in every pass."""
    service = make()
    service.must("sync")
    ((one,),) = rows(
        service,
        "SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE belongs_to_date = current_date - 1 "
        "ORDER BY start_time_utc LIMIT 1",
    )
    now_jibble.admin("PATCH", f"objects/TimeEntries/{one}", {"belongsToDate": None})
    service.must("sync")
    now_jibble.admin("DELETE", f"objects/TimeEntries/{one}")
    fault(now_jibble, "id eq")
    log = run_until(service, lambda: outcomes(service).count(("sync", "succeeded")) >= 5)
    assert log.count("1 entries without a date are left unchanged") == 1 and {
        outcome for _, outcome in outcomes(service)
    } == {"succeeded"}
    assert rows(
        service, f"SELECT belongs_to_date, deleted_at FROM timesheet.time_entries WHERE jibble_activity_id = '{one}'"
    ) == [(None, None)]


def vanished(service, now_jibble):
    """An entry that no question can prove deleted."""
    service.must("sync")
    ((one,),) = rows(
        service,
        "SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE belongs_to_date < current_date "
        "ORDER BY start_time_utc DESC LIMIT 1",
    )
    now_jibble.admin("DELETE", f"objects/TimeEntries/{one}")
    fault(now_jibble, "id eq")


def test_a_failed_proof_keeps_no_night_from_being_read_and_audited(make, now_jibble):
    """Once, and not again in each pass."""
    service = make()
    vanished(service, now_jibble)
    log = run_until(service, lambda: outcomes(service).count(("sync", "failed")) >= 4 and audits(now_jibble))
    assert (
        outcomes(service).count(("nightly", "failed")) == 1
        and "it is tried again in an hour" in log
        and log.count("audit of ") == 1
    )
    assert rows(
        service, "SELECT count(*) > 100 FROM timesheet.time_entries WHERE belongs_to_date < current_date - 4"
    ) == [(True,)]


def test_nor_one_that_a_schedule_starts(make, now_jibble):
    scheduled = make()
    vanished(scheduled, now_jibble)
    done = scheduled("nightly")
    assert (
        done.returncode == 1 and "run timesheetd probe" in done.stderr.splitlines()[-1] and "audit of " in done.stderr
    )
    assert outcomes(scheduled)[-1] == ("nightly", "failed") and audits(now_jibble)


def test_a_failed_proof_in_one_slice_keeps_no_other_from_being_read(agent, daemon, db, jibble):
    for one in (event(5, "09:00", "In", date="2026-11-10"), event(6, "10:00", "Out", date="2026-11-10")):
        jibble.admin("PUT", "objects/TimeEntries", one)
    daemon.must("sync", "--since", "2026-11-10", "--until", "2026-11-10")
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(6)}")
    jibble.admin("PUT", "objects/TimeEntries", event(3, "18:00", "Out", date="2026-11-18"))
    fault(jibble, "id eq")
    done = daemon("backfill", "--since", "2026-10-20", "--until", "2026-11-19")  # the second slice begins on the 17th
    assert (
        done.returncode == 1
        and "run timesheetd probe" in done.stderr.splitlines()[-1]
        and "2026-10-20…2026-11-16" in done.stderr.splitlines()[-1]
    )
    assert versions(db, 6) == ["Active"] and versions(db, 3) == ["Active"] and hours(db, "2026-11-10") == (1 * H, 0)
    assert db.execute(
        "SELECT command, status, since::text FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 2"
    ).fetchall() == [("backfill", "succeeded", "2026-11-17"), ("backfill", "failed", "2026-10-20")]
