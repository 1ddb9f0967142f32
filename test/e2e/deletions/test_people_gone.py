"""People, groups and activities that leave the lists: what is asked for by id,
and whose entries wait for a person to decide."""


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
    NOTHING,
    fault,
    last_run,
    alerts,
    ACTIVITY,
    status,
    raw,
    held,
    erase,
    asked,
)  # noqa: F401 (fixtures)


pytestmark = pytest.mark.every_server


def test_entries_of_an_erased_person_are_kept_counted_and_shown(agent, daemon, db, jibble):
    typed = {
        "id": entry_id(9),
        "personId": PERSON,
        "date": "2026-11-18",
        "duration": "PT1H",
        "status": "Active",
        "activityId": None,
    }
    jibble.admin("PUT", "objects/HourEntries", typed)
    daemon.must("sync", *WINDOW)
    (agent_id,) = db.execute("SELECT agent_id FROM timesheet.agents WHERE jibble_id = %s", (PERSON,)).fetchone()
    erase(jibble)
    done = daemon.must("sync", *WINDOW)
    assert "2 that Jibble no longer shows are kept until a person decides" in done.stderr
    assert hours(db) == (9 * H, 0) and held(db) == 3 and alerts(db) == [("deletions_held", f"agent {agent_id}", True)]
    (detail,) = db.execute("SELECT detail FROM timesheet.alerts").fetchone()
    assert detail == (
        "Jibble no longer shows 3 entries of Test Person, nor the person; they still count. If they are to be deleted,"
        " run timesheetd sync --since 2026-11-18 --until 2026-11-18 --allow-mass-deletion"
    )
    assert status(db, "agents", PERSON) == "Removed" and raw(db, "People", PERSON) == ["Joined", None]
    assert last_run(db)[0] == "succeeded"

    # They are not asked for again and again; nor does a replay change anything.
    jibble.admin("DELETE", "requests")
    daemon.must("sync", *WINDOW)
    assert asked(jibble) == [] and asked(jibble, "HourEntries") == [] and asked(jibble, "/People") == []
    daemon.must("replay")
    assert (
        hours(db) == (9 * H, 0) and held(db) == 3 and len(alerts(db)) == 1 and status(db, "agents", PERSON) == "Removed"
    )

    daemon.must("sync", *WINDOW, "--allow-mass-deletion")
    assert (
        hours(db) == (None, None) and held(db) == 0 and alerts(db) == [("deletions_held", f"agent {agent_id}", False)]
    )
    daemon.must("replay")
    assert hours(db) == (None, None)


def test_they_are_released_when_the_person_and_they_are_back(agent, daemon, db, jibble):
    objects = [("People", jibble.admin("GET", f"objects/People/{PERSON}"))] + [
        ("TimeEntries", event(n, clock, kind)) for n, clock, kind in ((1, "09:00", "In"), (2, "17:00", "Out"))
    ]
    erase(jibble)
    daemon.must("sync", *WINDOW)
    assert held(db) == 2
    for resource, one in objects:
        jibble.admin("PUT", f"objects/{resource}", one)
    daemon.must("sync", *WINDOW)
    assert (
        held(db) == 0
        and [is_open for *_, is_open in alerts(db)] == [False]
        and status(db, "agents", PERSON) == "Joined"
        and hours(db) == (8 * H, 0)
    )

    # One that goes now goes as any other's.
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (15 * H, 0) and held(db) == 0


def test_a_person_who_is_back_alone_holds_nothing_any_more(agent, daemon, db, jibble):
    person = jibble.admin("GET", f"objects/People/{PERSON}")
    erase(jibble)
    daemon.must("sync", *WINDOW)
    jibble.admin("PUT", "objects/People", person)
    daemon.must("sync", *WINDOW)
    assert held(db) == 0 and hours(db) == (None, None) and versions(db, 1) == ["Active", None]


def test_a_person_erased_a_moment_after_the_list_was_read_is_noticed(agent, daemon, db, jibble):
    """Listed still, but not found any more."""
    for n in (1, 2):
        jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(n)}")
    fault(jibble, f"id eq {PERSON}")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and held(db) == 2 and versions(db, 1) == ["Active"]


@pytest.mark.parametrize("spoiled", [{}, {"action": "status", "status": 400}])
def test_where_no_person_can_be_asked_for_the_list_of_people_counts(agent, daemon, db, jibble, spoiled):
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    fault(jibble, "/workspace/v1/People?$top=2", **spoiled)
    daemon.must("sync", *WINDOW)
    assert versions(db, 2) == ["Active", None] and held(db) == 0


def test_an_entry_of_a_removed_person_who_is_still_there_goes(agent, daemon, db, jibble):
    jibble.admin("PUT", "personality", {"removed_people": "by_id"})
    jibble.admin("PATCH", f"objects/People/{PERSON}", {"status": "Removed"})
    jibble.admin("DELETE", f"objects/TimeEntries/{entry_id(2)}")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (15 * H, 0) and held(db) == 0


@pytest.mark.parametrize(
    "resource, table, switch, jibble_id, live, gone",
    [
        ("People", "agents", "removed_people", PERSON, "Joined", "Removed"),
        ("Groups", "client_groups", "archived_groups", GROUPS[0], "Active", "Archived"),
        ("Activities", "activities", "archived_activities", ACTIVITY, "Active", "Archived"),
    ],
)
def test_what_a_list_lacks_is_asked_for_by_id(
    agent, daemon, db, jibble, resource, table, switch, jibble_id, live, gone
):
    name = "full_name" if resource == "People" else "name"

    def shown():
        return db.execute(
            f"SELECT status, {name} IS NOT NULL FROM timesheet.{table} WHERE jibble_id = %s", (jibble_id,)
        ).fetchone()

    jibble.admin(
        "PUT", "objects/Activities", {"id": ACTIVITY, "code": "X1", "name": "Test activity", "status": "Active"}
    )
    daemon.must("sync", *WINDOW)
    for position in ("by_id", "gone"):
        jibble.admin("PUT", "personality", {switch: position})
        jibble.admin("PATCH", f"objects/{resource}/{jibble_id}", {"status": gone})
        daemon.must("sync", *WINDOW)
        assert shown() == (gone, True) and raw(db, resource, jibble_id)[-1] == (gone if position == "by_id" else None)
        jibble.admin("DELETE", "requests")
        daemon.must("sync", *WINDOW)
        assert asked(jibble, f"/{resource}") == []  # it was asked for once
        daemon.must("replay")
        assert shown() == (gone, True) and hours(db) == (8 * H, 0)

        jibble.admin("PATCH", f"objects/{resource}/{jibble_id}", {"status": live})
        daemon.must("sync", *WINDOW)
        assert shown() == (live, True) and hours(db) == (8 * H, 0)
    assert alerts(db) == []


def test_no_person_becomes_removed_on_an_answer_that_is_not_proven(agent, daemon, db, jibble):
    jibble.admin("PUT", "personality", {"removed_people": "by_id"})
    jibble.admin("PATCH", f"objects/People/{PERSON}", {"status": "Removed"})
    fault(jibble, "/workspace/v1/People?$top=2")
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and "People" in done.stderr and "run timesheetd probe" in done.stderr
    assert status(db, "agents", PERSON) == "Joined" and last_run(db)[0] == "failed"
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert status(db, "agents", PERSON) == "Removed" and raw(db, "People", PERSON) == ["Joined", "Removed"]


def test_an_empty_list_is_accepted_where_a_person_says_so(agent, daemon, db, jibble):
    fault(jibble, "/Groups")
    daemon.must("sync", *WINDOW)
    assert status(db, "client_groups", GROUPS[0]) == "Active" and alerts(db) == [("deletions_held", "Groups", True)]
    daemon.must("sync", *WINDOW, "--allow-mass-deletion")
    assert status(db, "client_groups", GROUPS[0]) == "Archived" and alerts(db) == [("deletions_held", "Groups", False)]
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert status(db, "client_groups", GROUPS[0]) == "Active"


def unnamed(db):
    return db.execute("SELECT count(*) FROM timesheet.activities WHERE name IS NULL").fetchone()[0]


def test_names_of_what_no_list_shows_are_known_after_one_pass(daemon, db, jibble):
    """As at first contact: entries name activities and people that Jibble shows only to who asks for them."""
    jibble.admin(
        "PUT", "personality", {"archived_activities": "by_id", "removed_people": "by_id", "archived_groups": "by_id"}
    )
    jibble.admin("PUT", "objects/Groups", {"id": GROUPS[0], "name": "Old group", "status": "Archived"})
    jibble.admin(
        "PUT", "objects/Activities", {"id": ACTIVITY, "code": "X1", "name": "Old activity", "status": "Archived"}
    )
    jibble.admin(
        "PUT",
        "objects/People",
        {
            "id": PERSON,
            "fullName": "Old Hand",
            "groupId": GROUPS[0],
            "status": "Removed",
            "ICultureSettings/TimeZone": "Asia/Manila",
            "updatedAt": "2026-11-01T00:00:00Z",
        },
    )
    for one in (event(1, "09:00", "In", activityId=ACTIVITY), event(2, "17:00", "Out")):
        jibble.admin("PUT", "objects/TimeEntries", one)
    daemon.must("sync", *WINDOW)
    assert (
        db.execute(
            """
        SELECT a.full_name, a.status, c.name, g.name, g.status, e.workday_end FROM timesheet.time_entries AS e
        JOIN timesheet.agents AS a USING (agent_id)
        JOIN timesheet.activities AS c USING (activity_id) JOIN timesheet.client_groups AS g
          ON g.client_group_id = e.client_group_id
        WHERE a.jibble_id = %s AND e.jibble_activity_id = %s AND e.workday_end = '2026-11-18T16:00Z'""",
            (PERSON, entry_id(1)),
        ).fetchone()[:5]
        == ("Old Hand", "Removed", "Old activity", "Old group", "Archived")
    )
    assert unnamed(db) == 0 and hours(db) == (8 * H, 0)


def test_what_is_nowhere_is_asked_for_once(daemon, db, jibble):
    jibble.admin("PUT", "personality", {"archived_activities": "gone"})
    jibble.admin(
        "PUT", "objects/Activities", {"id": ACTIVITY, "code": "X1", "name": "Old activity", "status": "Archived"}
    )
    for one in (event(1, "09:00", "In", activityId=ACTIVITY), event(2, "17:00", "Out")):
        jibble.admin("PUT", "objects/TimeEntries", one)
    daemon.must("sync", *WINDOW)
    assert (
        status(db, "activities", ACTIVITY) == "Archived"
        and raw(db, "Activities", ACTIVITY) == [None]
        and hours(db) == (8 * H, 0)
    )
    jibble.admin("DELETE", "requests")
    daemon.must("sync", *WINDOW)
    assert asked(jibble, "/Activities") == []
    daemon.must("replay")
    assert status(db, "activities", ACTIVITY) == "Archived"
    jibble.admin("PUT", "personality", {"archived_activities": "listed"})
    daemon.must("sync", *WINDOW)
    assert unnamed(db) == 0


def test_a_name_that_cannot_be_asked_for_fails_nothing(daemon, db, jibble):
    jibble.admin("PUT", "personality", {"archived_activities": "gone"})
    jibble.admin(
        "PUT", "objects/Activities", {"id": ACTIVITY, "code": "X1", "name": "Old activity", "status": "Archived"}
    )
    jibble.admin("PUT", "objects/TimeEntries", event(1, "09:00", "In", activityId=ACTIVITY))
    fault(jibble, "/Activities?$top=2", body=NOTHING)
    for _ in range(2):
        done = daemon.must("sync", *WINDOW)
        assert "without a name" in done.stderr and raw(db, "Activities", ACTIVITY) == []


def test_a_limited_number_is_asked_for_in_a_pass(daemon, db, jibble):
    """120 archived activities: a hundred at once, the others in the next pass, which is said."""
    jibble.admin("PUT", "personality", {"archived_activities": "by_id"})
    for n in range(120):
        activity = f"00000000-0000-4000-8000-00000001{n:04x}"
        jibble.admin(
            "PUT", "objects/Activities", {"id": activity, "code": f"Y{n}", "name": f"Old {n}", "status": "Archived"}
        )
        jibble.admin(
            "PUT",
            "objects/TimeEntries",
            event(n, "09:00", "In", activityId=activity) | {"id": f"00000000-0000-4000-8000-00000002{n:04x}"},
        )
    before = len(asked(jibble, "/Activities"))
    done = daemon.must("sync", *WINDOW)
    ours = unnamed(db)
    assert "asking for 100 of them" in done.stderr and ours >= 20 and len(asked(jibble, "/Activities")) - before <= 102
    while ours:
        daemon.must("sync", *WINDOW)
        assert unnamed(db) == max(0, ours - 100)
        ours = unnamed(db)
