"""All of a person's entries vanish at once while the person is there: deleted, unless all that is left is one other person's.

A key that lost the right to read others' entries still finds its own, which proves nothing of theirs.
"""

import pytest

from test_deletions import H, PERSON, WINDOW, agent, asked, entry_id, event, hours, versions  # noqa: F401
from test_deletions_proven import LIVE, alerts, fault, last_run
from test_people_gone import erase, held, reasons

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
    objects = [jibble.admin("GET", f"objects/TimeEntries/{one}") for one, in db.execute(
        "SELECT e.jibble_activity_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) WHERE a.jibble_id <> %s", (person,)).fetchall()]
    for one in objects:
        jibble.admin("DELETE", f"objects/TimeEntries/{one['id']}")
    return objects


def test_the_only_entries_ever_go_while_others_are_shown(earlier, daemon, db, jibble):
    """As an administrator may delete them; the same form of question finds other people's."""
    vanish(jibble, 1, 2, 5, 6)
    daemon.must("sync", *WINDOW)
    assert hours(db) == (None, None) and held(db) == 0 and alerts(db) == [] and versions(db, 1) == ["Active", None]


def test_they_are_held_where_all_that_is_left_is_one_other_persons(earlier, daemon, db, jibble):
    other, = db.execute("SELECT a.jibble_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) WHERE a.jibble_id <> %s LIMIT 1", (PERSON,)).fetchone()
    objects = all_but(jibble, db, other)
    for _ in range(2):
        daemon.must("sync", *WINDOW)
        assert last_run(db) == ("succeeded", "") and hours(db) == (8 * H, 0) and reasons(db) == {"person_not_shown"}
    detail, = db.execute("SELECT detail FROM timesheet.alerts AS a JOIN timesheet.agents AS g ON a.subject = 'agent ' || g.agent_id WHERE g.jibble_id = %s", (PERSON,)).fetchone()
    assert detail == ("Jibble shows 2 entries of Test Person no more, and nothing but what is one other person's; they still count. Once it is certain that its key"
                      " may read everybody's and that they are to go, run timesheetd sync --since 2026-11-18 --until 2026-11-18 --allow-mass-deletion")
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
    other, = db.execute("SELECT a.jibble_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) WHERE a.jibble_id <> %s LIMIT 1", (PERSON,)).fetchone()
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
    jibble.admin("PATCH", f"objects/TimeEntries/{entry_id(2)}", {"time": "2026-11-10T09:00:00Z", "belongsToDate": "2026-11-10"})
    daemon.must("sync", *WINDOW)
    assert versions(db, 1) == ["Active", None] and versions(db, 2) == ["Active", "Active"] and held(db) == 0


def test_time_entries_that_are_shown_prove_that_hour_entries_would_be(agent, daemon, db, jibble):
    """Who types in hours once may delete them; others' hour entries prove the form."""
    other, = db.execute("SELECT jibble_id::text FROM timesheet.agents WHERE jibble_id <> %s AND status = 'Joined' ORDER BY 1 LIMIT 1", (PERSON,)).fetchone()
    typed = {"id": entry_id(9), "personId": PERSON, "date": "2026-11-18", "duration": "PT1H", "status": "Active", "activityId": None}
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
    people, = db.execute("SELECT count(DISTINCT agent_id) - 1 FROM timesheet.time_entries WHERE deleted_at IS NULL").fetchone()
    for one, in db.execute("SELECT e.jibble_activity_id::text FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id)"
                           " WHERE a.jibble_id <> %s", (PERSON,)).fetchall():
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
        assert versions(db, 3) == ["Active"] and hours(db) == (9 * H, 0) and held(db) == 4 and reasons(db) == {"person_deleted"}
    detail, = db.execute("SELECT detail FROM timesheet.alerts WHERE resolved_at IS NULL").fetchone()
    assert detail.startswith("Jibble shows 4 entries of Test Person no more, nor the person") and "--since 2026-11-18 --until 2026-11-18" in detail
    daemon.must("sync", *WINDOW, "--allow-mass-deletion")
    assert hours(db) == (None, None) and held(db) == 0


DAY = ("--since", "2026-11-18", "--until", "2026-11-18")
OF_DAY = "SELECT count(*) FROM timesheet.time_entries WHERE deleted_at IS NULL AND belongs_to_date = '2026-11-18'"


@pytest.mark.parametrize("undated", ["found", "empty"])
def test_a_person_s_decision_on_an_empty_window_is_carried_out_once_other_days_are_found(agent, daemon, db, jibble, undated):
    jibble.admin("PUT", "personality", {"entries_without_date": undated})
    live, of_day = db.execute(LIVE).fetchone()[0], db.execute(OF_DAY).fetchone()[0]
    assert live > of_day > 50
    for one, in db.execute("SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE belongs_to_date = '2026-11-18'").fetchall():
        jibble.admin("DELETE", f"objects/TimeEntries/{one}")
    daemon.must("sync", *DAY)
    assert db.execute(LIVE).fetchone() == (live,) and alerts(db) == [("deletions_held", "TimeEntries", True)]
    daemon.must("sync", *DAY, "--allow-mass-deletion")
    assert db.execute(LIVE).fetchone() == (live - of_day,) and alerts(db) == [("deletions_held", "TimeEntries", False)]


def test_it_is_not_carried_out_where_nothing_of_other_days_is_found_either(agent, daemon, db, jibble):
    live = db.execute(LIVE).fetchone()
    fault(jibble, "TimeEntries")
    done = daemon("sync", *DAY, "--allow-mass-deletion")
    assert done.returncode == 1 and "run timesheetd probe" in done.stderr.splitlines()[-1] and last_run(db)[0] == "failed"
    assert db.execute(LIVE).fetchone() == live and hours(db) == (8 * H, 0)
