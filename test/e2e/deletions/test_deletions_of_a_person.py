"""All of a person's entries vanish at once while the person is there: deleted,
unless all that is left is one other person's.

A key that lost the right to read others' entries still finds its own, which proves nothing of theirs.
"""

import contextlib
import urllib.error

import pytest

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
    held,
    reasons,
    erase,
    asked,
)  # noqa: F401 (fixtures)


pytestmark = pytest.mark.every_server

BEFORE = ("--since", "2026-11-04", "--until", "2026-11-04")


@pytest.fixture
def earlier(agent, daemon, jibble):
    """An hour of work two weeks before, in which nobody else was read."""
    for one in (event(5, "09:00", "In", date="2026-11-04"), event(6, "10:00", "Out", date="2026-11-04")):
        jibble.admin("PUT", "objects/TimeEntries", one)
    daemon.must("sync", *BEFORE)


def vanish(jibble, *numbers, resource="TimeEntries"):
    for n in numbers:
        jibble.admin("DELETE", f"objects/{resource}/{entry_id(n)}")


@pytest.mark.parametrize("undated", ["found", "empty"])
def test_they_go_where_an_earlier_entry_of_the_person_is_found(earlier, daemon, db, jibble, undated):
    """By the same form of question as finds other people's."""
    jibble.admin("PUT", "personality", {"entries_without_date": undated})
    vanish(jibble, 1, 2)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (None, None) and hours(db, "2026-11-04") == (1 * H, 0) and alerts(db) == [] and held(db) == 0


def all_but(jibble, db, person):
    """What a key shows that may read one person's entries only: theirs. Returns what it does not show."""
    objects = []
    for (one,) in db.execute(
        "SELECT e.jibble_activity_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a "
        "USING (agent_id) WHERE a.jibble_id <> %s",
        (person,),
    ).fetchall():
        with contextlib.suppress(urllib.error.HTTPError):  # it is deleted already
            objects.append(jibble.admin("GET", f"objects/TimeEntries/{one}"))
    for one in objects:
        jibble.admin("DELETE", f"objects/TimeEntries/{one['id']}")
    return objects


def test_the_only_entries_ever_go_while_others_are_shown(earlier, daemon, db, jibble):
    """As an administrator may delete them; the same form of question finds other people's."""
    vanish(jibble, 1, 2, 5, 6)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (None, None) and held(db) == 0 and alerts(db) == [] and versions(db, 1) == ["Active", None]


def test_they_are_held_where_all_that_is_left_is_one_other_persons(earlier, daemon, db, jibble):
    (other,) = db.execute(
        "SELECT a.jibble_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) "
        "WHERE a.jibble_id <> %s LIMIT 1",
        (PERSON,),
    ).fetchone()
    objects = all_but(jibble, db, other)
    for _ in range(2):
        daemon.must("sync", *WINDOW)
        assert last_run(db) == ("succeeded", "") and hours(db) == (8 * H, 0) and reasons(db) == {"person_not_shown"}
    (detail,) = db.execute(
        "SELECT detail FROM timesheet.alerts AS a JOIN timesheet.agents AS g ON a.subject = 'agent ' || g.agent_id "
        "WHERE g.jibble_id = %s",
        (PERSON,),
    ).fetchone()
    assert detail == (
        "Jibble no longer shows 2 entries of Test Person, and shows the entries of one other person only; "
        "they still count. If you are sure that the API key may read everybody's entries and that they are to be "
        "deleted, run timesheetd sync --since 2026-11-18 --until 2026-11-18 --allow-mass-deletion"
    )
    daemon.must("replay")
    assert hours(db) == (8 * H, 0) and held(db) > 100

    for one in objects:
        jibble.admin("PUT", "objects/TimeEntries", one)
    daemon.must("sync", *WINDOW)
    assert held(db) == 0 and not any(is_open for *_, is_open in alerts(db)) and hours(db) == (8 * H, 0)
    vanish(jibble, 2)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (15 * H, 0)


def test_they_go_where_a_person_says_so(earlier, daemon, db, jibble):
    (other,) = db.execute(
        "SELECT a.jibble_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) "
        "WHERE a.jibble_id <> %s LIMIT 1",
        (PERSON,),
    ).fetchone()
    all_but(jibble, db, other)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and held(db) > 100
    daemon.must("sync", *WINDOW, "--allow-mass-deletion")
    assert hours(db) == (None, None) and held(db) == 0 and not any(is_open for *_, is_open in alerts(db))


def test_they_go_where_others_came_in_their_place(agent, daemon, db, jibble):
    """An edit in Jibble may be a deletion and a new entry, which no run has derived yet."""
    vanish(jibble, 1, 2)
    for one in (event(3, "10:00", "In"), event(4, "16:00", "Out")):
        jibble.admin("PUT", "objects/TimeEntries", one)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (6 * H, 0) and held(db) == 0 and versions(db, 1) == ["Active", None]


def test_one_that_moved_is_found_and_proves_that_the_other_is_gone(agent, daemon, db, jibble):
    vanish(jibble, 1)
    jibble.admin(
        "PATCH", f"objects/TimeEntries/{entry_id(2)}", {"time": "2026-11-10T09:00:00Z", "belongsToDate": "2026-11-10"}
    )
    daemon.must("sync", *WINDOW)
    assert versions(db, 1) == ["Active", None] and versions(db, 2) == ["Active", "Active"] and held(db) == 0


def test_time_entries_that_are_shown_prove_that_hour_entries_would_be(agent, daemon, db, jibble):
    """Who types in hours once may delete them; others' hour entries prove the form."""
    (other,) = db.execute(
        "SELECT jibble_id::text FROM timesheet.agents WHERE jibble_id <> %s AND status = 'Joined' ORDER BY 1 LIMIT 1",
        (PERSON,),
    ).fetchone()
    typed = {
        "id": entry_id(9),
        "personId": PERSON,
        "date": "2026-11-18",
        "duration": "PT1H",
        "status": "Active",
        "activityId": None,
    }
    for one in (typed, typed | {"id": entry_id(8), "personId": other}):
        jibble.admin("PUT", "objects/HourEntries", one)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (9 * H, 0)
    vanish(jibble, 9, resource="HourEntries")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and held(db) == 0


def test_a_key_reduced_to_one_person_deletes_nothing_of_anybody_elses(agent, daemon, db, jibble):
    """And asks no question for each entry, though it is so in every pass."""
    live = db.execute(LIVE).fetchone()
    (people,) = db.execute(
        "SELECT count(DISTINCT agent_id) - 1 FROM timesheet.time_entries WHERE deleted_at IS NULL"
    ).fetchone()
    for (one,) in db.execute(
        "SELECT e.jibble_activity_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id)"
        " WHERE a.jibble_id <> %s",
        (PERSON,),
    ).fetchall():
        jibble.admin("DELETE", f"objects/TimeEntries/{one}")
    jibble.admin("DELETE", "requests")
    daemon.must("sync", *WINDOW)
    assert db.execute(LIVE).fetchone() == live and reasons(db) >= {"person_not_shown"} and people > 30
    assert len([subject for _, subject, is_open in alerts(db) if is_open and subject.startswith("agent ")]) == people
    assert len(asked(jibble)) <= 2 * people + 5


def test_entries_that_only_a_failed_run_has_read_are_held_with_their_erased_person(agent, daemon, db, jibble):
    """They are kept, counted and shown as the others are, once they are derived."""
    for one in (event(3, "18:00", "In"), event(4, "19:00", "Out")):
        jibble.admin("PUT", "objects/TimeEntries", one)
    jibble.admin("POST", "faults", {"path_contains": "HourEntries", "times": 9, "action": "status", "status": 403})
    assert daemon("sync", *WINDOW).returncode == 1
    jibble.admin("DELETE", "faults")
    assert versions(db, 3) == ["Active"] and hours(db) == (8 * H, 0)
    erase(jibble)
    for _ in range(2):
        daemon.must("sync", *WINDOW)
        assert (
            versions(db, 3) == ["Active"]
            and hours(db) == (9 * H, 0)
            and held(db) == 4
            and reasons(db) == {"person_deleted"}
        )
    (detail,) = db.execute("SELECT detail FROM timesheet.alerts WHERE resolved_at IS NULL").fetchone()
    assert (
        detail.startswith("Jibble no longer shows 4 entries of Test Person, nor the person")
        and "--since 2026-11-18 --until 2026-11-18" in detail
    )
    daemon.must("sync", *WINDOW, "--allow-mass-deletion")
    assert hours(db) == (None, None) and held(db) == 0


DAY = ("--since", "2026-11-18", "--until", "2026-11-18")
OF_DAY = "SELECT count(*) FROM timesheet.time_entries WHERE deleted_at IS NULL AND belongs_to_date = '2026-11-18'"


def clear(jibble, db, resource, but=()):
    """Deletes in Jibble what the tables have, but for these people's."""
    table, column = {
        "TimeEntries": ("time_entries", "jibble_activity_id"),
        "HourEntries": ("hour_entries", "jibble_id"),
    }[resource]
    for (one,) in db.execute(
        f"SELECT e.{column}::text FROM timesheet.{table} AS e JOIN timesheet.agents AS a USING (agent_id)"
        " WHERE a.jibble_id::text <> ALL (%s)",
        (list(but),),
    ).fetchall():
        with contextlib.suppress(urllib.error.HTTPError):  # it is deleted already
            jibble.admin("DELETE", f"objects/{resource}/{one}")


def typed(n, person=PERSON, date="2026-11-18"):
    return {
        "id": entry_id(n),
        "personId": person,
        "date": date,
        "duration": "PT1H",
        "status": "Active",
        "activityId": None,
    }


def another(db):
    return db.execute(
        "SELECT a.jibble_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) "
        "WHERE a.jibble_id <> %s ORDER BY 1 LIMIT 1",
        (PERSON,),
    ).fetchone()[0]


NEXT_DAY = "2026-11-19"
THIRD = "00000000-0000-4000-8000-0000000000a3"


def next_day(jibble, db, other):
    """An hour of the person's on a day that shows one other person beside."""
    for one in (
        event(5, "09:00", "In", date=NEXT_DAY),
        event(6, "10:00", "Out", date=NEXT_DAY),
        event(7, "09:00", "In", date=NEXT_DAY) | {"personId": other},
    ):
        jibble.admin("PUT", "objects/TimeEntries", one)
    for (one,) in db.execute(
        "SELECT e.jibble_activity_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a "
        "USING (agent_id) WHERE e.belongs_to_date = %s"
        " AND a.jibble_id <> %s",
        (NEXT_DAY, other),
    ).fetchall():
        jibble.admin("DELETE", f"objects/TimeEntries/{one}")


def test_what_is_held_stays_so_in_a_window_that_lacks_one_person_only(agent, daemon, db, jibble):
    """Nobody has decided; nor does it go once several others are shown again, but only once the person is."""
    other = another(db)
    next_day(jibble, db, other)
    daemon.must("sync", *WINDOW)
    assert hours(db, NEXT_DAY) == (1 * H, 0)
    objects = [one for one in all_but(jibble, db, other) if one["personId"] != PERSON]
    daemon.must("sync", *WINDOW)
    before = held(db)
    assert hours(db, NEXT_DAY) == (1 * H, 0) and reasons(db) == {"person_not_shown"} and before > 100
    for _ in range(2):
        daemon.must("sync", "--since", NEXT_DAY, "--until", NEXT_DAY)
        assert hours(db, NEXT_DAY) == (1 * H, 0) and held(db) == before

    for one in objects:
        jibble.admin("PUT", "objects/TimeEntries", one)
    daemon.must("sync", *WINDOW)
    assert hours(db, NEXT_DAY) == (1 * H, 0) and held(db) == 4 and reasons(db) == {"person_not_shown"}

    jibble.admin("PUT", "objects/TimeEntries", event(1, "09:00", "In"))
    daemon.must("sync", *WINDOW)
    assert held(db) == 0 and versions(db, 2)[-1] is None and hours(db, NEXT_DAY) == (None, None)


def test_nor_does_it_go_where_a_person_says_so_of_other_days(agent, daemon, db, jibble):
    other = another(db)
    next_day(jibble, db, other)
    daemon.must("sync", *WINDOW)
    all_but(jibble, db, other)
    daemon.must("sync", *WINDOW)
    daemon.must("sync", "--since", NEXT_DAY, "--until", NEXT_DAY, "--allow-mass-deletion")
    assert hours(db, NEXT_DAY) == (None, None) and hours(db) == (8 * H, 0) and reasons(db) == {"person_not_shown"}


def test_what_is_held_stays_so_where_a_list_comes_back_empty(agent, daemon, db, jibble):
    """For the same reason as before, so that it is not deleted once the list shows something."""
    all_but(jibble, db, another(db))
    daemon.must("sync", *WINDOW)
    fault(jibble, "TimeEntries")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and reasons(db) == {"person_not_shown", "nothing_listed"}
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and reasons(db) == {"person_not_shown"}


def test_whose_time_entries_are_held_has_their_hour_entries_held(agent, daemon, db, jibble):
    """Only two have ever typed any in, so that of hour entries one person's vanish."""
    other = another(db)
    clear(jibble, db, "HourEntries")
    for one in (typed(9), typed(8, other)):
        jibble.admin("PUT", "objects/HourEntries", one)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (9 * H, 0) and held(db) == 0
    all_but(jibble, db, other)
    vanish(jibble, 9, resource="HourEntries")
    for _ in range(2):
        daemon.must("sync", *WINDOW)
        assert hours(db) == (9 * H, 0) and versions(db, 9) == ["Active"]


def test_people_are_counted_over_both_lists(agent, daemon, db, jibble):
    """One person's time entries and another's hour entries are two people's, however few each list lacks."""
    other = another(db)
    jibble.admin(
        "PUT",
        "objects/People",
        {
            "id": THIRD,
            "fullName": "Third Person",
            "groupId": None,
            "status": "Joined",
            "ICultureSettings/TimeZone": "Asia/Manila",
        },
    )
    clear(jibble, db, "TimeEntries", [other, PERSON])
    clear(jibble, db, "HourEntries")
    for one in (typed(9, THIRD), typed(8, other)):
        jibble.admin("PUT", "objects/HourEntries", one)
    daemon.must("sync", *WINDOW)
    assert held(db) == 0 and hours(db) == (8 * H, 0)
    vanish(jibble, 1, 2)
    vanish(jibble, 9, resource="HourEntries")
    daemon.must("sync", *WINDOW)
    assert (
        hours(db) == (8 * H, 0)
        and versions(db, 9) == ["Active"]
        and held(db) == 3
        and reasons(db) == {"person_not_shown"}
    )


def test_people_who_are_gone_and_held_count_among_those_who_vanished(agent, daemon, db, jibble):
    other = another(db)
    jibble.admin(
        "PUT",
        "objects/People",
        {
            "id": THIRD,
            "fullName": "Third Person",
            "groupId": None,
            "status": "Joined",
            "ICultureSettings/TimeZone": "Asia/Manila",
        },
    )
    jibble.admin("PUT", "objects/TimeEntries", event(3, "09:00", "In") | {"personId": THIRD})
    daemon.must("sync", *WINDOW)
    erase(jibble, THIRD)
    daemon.must("sync", *WINDOW)
    assert held(db) == 1 and reasons(db) == {"person_deleted"}
    clear(jibble, db, "TimeEntries", [other, PERSON])
    daemon.must("sync", *WINDOW)
    assert held(db) == 1
    vanish(jibble, 1, 2)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and held(db) == 3 and reasons(db) == {"person_deleted", "person_not_shown"}


DAY = ("--since", "2026-11-18", "--until", "2026-11-18")
OF_DAY = "SELECT count(*) FROM timesheet.time_entries WHERE deleted_at IS NULL AND belongs_to_date = '2026-11-18'"


def of_day_go(jibble, db):
    for (one,) in db.execute(
        "SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE belongs_to_date = '2026-11-18'"
    ).fetchall():
        jibble.admin("DELETE", f"objects/TimeEntries/{one}")
    for (one,) in db.execute(
        "SELECT jibble_id::text FROM timesheet.hour_entries WHERE workday = '2026-11-18'"
    ).fetchall():
        jibble.admin("DELETE", f"objects/HourEntries/{one}")


@pytest.mark.parametrize("undated", ["found", "empty"])
def test_an_empty_window_is_proven_by_entries_of_other_days(agent, daemon, db, jibble, undated):
    jibble.admin("PUT", "personality", {"entries_without_date": undated})
    live, of_day = db.execute(LIVE).fetchone()[0], db.execute(OF_DAY).fetchone()[0]
    assert live > of_day > 50
    of_day_go(jibble, db)
    daemon.must("sync", *DAY)
    assert db.execute(LIVE).fetchone() == (live - of_day,) and hours(db) == (None, None)
    assert alerts(db) == [("deletions_held", "HourEntries", True)]  # of other days none is known


@pytest.mark.parametrize("spoiled", [{}, {"action": "status", "status": 403}])
def test_it_is_held_where_none_is_found(agent, daemon, db, jibble, spoiled):
    """And goes by a person's decision, once they are."""
    live, of_day = db.execute(LIVE).fetchone()[0], db.execute(OF_DAY).fetchone()[0]
    of_day_go(jibble, db)
    fault(jibble, "TimeEntries?$top=2&", **spoiled)
    daemon.must("sync", *DAY)
    assert (
        db.execute(LIVE).fetchone() == (live,)
        and ("deletions_held", "TimeEntries", True) in alerts(db)
        and last_run(db) == ("succeeded", "")
    )
    assert len([1 for one in asked(jibble) if one]) <= 9
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *DAY, "--allow-mass-deletion")
    assert db.execute(LIVE).fetchone() == (live - of_day,) and not any(is_open for *_, is_open in alerts(db))


def test_what_an_empty_list_lacks_lives_where_it_is_found_by_its_id(agent, daemon, db, jibble):
    live = db.execute(LIVE).fetchone()
    fault(jibble, "belongsToDate ge 2026-11-18")
    daemon.must("sync", *DAY)
    assert len(asked(jibble)) > 50 and db.execute(LIVE).fetchone() == live and hours(db) == (8 * H, 0) and held(db) == 0


def test_an_empty_window_says_nothing_of_one_who_is_not_found_on_other_days(agent, daemon, db, jibble):
    """A key that was reduced to somebody who did not work that day shows the same."""
    of_day_go(jibble, db)
    for n, clock, kind in ((1, "09:00", "In"), (2, "17:00", "Out")):
        jibble.admin("PUT", "objects/TimeEntries", event(n, clock, kind))
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and held(db) == 0
    vanish(jibble, 1, 2)
    daemon.must("sync", *DAY)
    assert hours(db) == (8 * H, 0) and reasons(db) == {"person_not_shown"} and held(db) == 2


def test_the_only_hour_entry_of_a_window_goes_where_one_of_other_days_is_found(earlier, daemon, db, jibble):
    clear(jibble, db, "HourEntries")
    jibble.admin("PUT", "objects/HourEntries", typed(8, another(db), date="2026-11-04"))
    jibble.admin("PUT", "objects/HourEntries", typed(9))
    for window in (BEFORE, WINDOW):
        daemon.must("sync", *window)
    assert hours(db) == (9 * H, 0) and held(db) == 0
    vanish(jibble, 9, resource="HourEntries")
    fault(jibble, "HourEntries")
    daemon.must("sync", *WINDOW)
    assert (
        hours(db) == (9 * H, 0)
        and reasons(db) == {"nothing_listed"}
        and alerts(db) == [("deletions_held", "HourEntries", True)]
    )
    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert hours(db) == (8 * H, 0) and held(db) == 0 and versions(db, 9) == ["Active", None]


def test_it_is_not_carried_out_where_nothing_of_other_days_is_found_either(agent, daemon, db, jibble):
    live = db.execute(LIVE).fetchone()
    fault(jibble, "TimeEntries")
    done = daemon("sync", *DAY, "--allow-mass-deletion")
    assert (
        done.returncode == 1 and "run timesheetd probe" in done.stderr.splitlines()[-1] and last_run(db)[0] == "failed"
    )
    assert db.execute(LIVE).fetchone() == live and hours(db) == (8 * H, 0)
