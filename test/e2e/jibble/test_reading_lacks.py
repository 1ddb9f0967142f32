"""What an answer lacks or refuses changes nothing that was known, and what fits no form is a clear error.
By a hand-written Jibble: members left out, other shapes, and equal rows in another order for each page."""

import re
import signal

import pytest

from conftest import wait_until
from peer_server import Status
from two_people import peer, reader  # noqa: F401 (fixtures)
from two_people import ANN, BEN, DAYS, GROUP, LISTS, connect, entry, state, work_seconds


LACKING = {
    "Organizations": ["name", "ICultureSettings/TimeZone"],
    "Groups": ["name", "code", "status"],
    "People": ["fullName", "email", "status", "groupId", "updatedAt"],
    "TimeTrackingPeople": ["fullName", "timeSheetTimeZone"],
    "Activities": ["name", "code", "status"],
    "TimeEntries": ["personId", "type", "activityId", "clientType", "status", "time", "createdAt"],
}


@pytest.mark.parametrize("resource", [*LACKING, "all"])
def test_what_an_answer_lacks_changes_nothing_that_was_known(reader, peer, resource):
    peer.lists["Organizations"][0]["ICultureSettings/TimeZone"] = "Asia/Tokyo"
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        before = state(db)
        assert (
            before[0][0][1:5] == ("ann", "ann@example.com", "Joined", "Asia/Manila")
            and len(before[3]) == 2
            and work_seconds(db) == 8 * 3600
        )
        peer.without = LACKING if resource == "all" else {resource: LACKING[resource]}
        reader.must("sync", *DAYS)
        assert (
            db.execute("SELECT changed FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1").fetchone()[0]
            > 0
        )
        assert state(db) == before
        reader.must("replay")
        assert state(db) == before
        # And back: again nothing has happened.
        peer.without = {}
        reader.must("sync", *DAYS)
        assert state(db) == before and work_seconds(db) == 8 * 3600


def test_a_refusal_for_one_pass_puts_no_person_into_utc(reader, peer):
    """As it was: one 400 on people, five minutes of UTC in the history, for ever."""
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        before = state(db)
        peer.refuse = (
            lambda name, query: Status(400, {"error": {"code": "BadRequest"}}) if name == "TimeTrackingPeople" else None
        )
        for person in peer.lists["People"]:
            person |= {"ICultureSettings/TimeZone": "Asia/Manila", "ICalculationSettings/TimeSheetTimeZone": None}
        done = reader.must("sync", *DAYS)
        assert "TimeTrackingPeople" in done.stderr and state(db) == before
        # The workspace alone tells of a change: it counts from when it came, and history stays.
        peer.lists["People"][0]["ICultureSettings/TimeZone"] = "Europe/Paris"
        reader.must("sync", *DAYS)
        assert db.execute("SELECT full_name, time_zone FROM timesheet.agents ORDER BY 1").fetchall() == [
            ("ann", "Europe/Paris"),
            ("ben", "Asia/Manila"),
        ]
        assert db.execute("SELECT DISTINCT time_zone FROM timesheet.time_entries").fetchall() == [("Asia/Manila",)]
        # And time tracking again, which shows the change by now.
        peer.refuse = lambda name, query: None
        peer.lists["TimeTrackingPeople"][0]["timeZone"] = "Europe/Paris"
        now = state(db)
        for person in peer.lists["People"]:
            del person["ICultureSettings/TimeZone"], person["ICalculationSettings/TimeSheetTimeZone"]
        reader.must("sync", *DAYS)
        assert state(db) == now


def test_time_tracking_that_leaves_zones_out_is_no_source_of_them(reader, peer):
    peer.without = {"TimeTrackingPeople": ["timeZone", "timeSheetTimeZone"]}
    for person in peer.lists["People"]:
        person |= {"ICultureSettings/TimeZone": "Asia/Kolkata"}
    done = reader.must("sync", *DAYS)
    assert re.search("left out timeZone, timeSheetTimeZone", done.stderr)
    with connect(reader) as db:
        assert db.execute("SELECT DISTINCT time_zone FROM timesheet.time_entries").fetchall() == [("Asia/Kolkata",)]


def test_where_no_form_is_accepted_the_resource_is_named(reader, peer):
    for resource in LISTS[1:]:
        peer.refuse = lambda name, query: Status(400, {"error": {"code": "BadRequest"}}) if name == resource else None
        done = reader("sync", *DAYS)
        last = done.stderr.splitlines()[-1]
        assert done.returncode == 1 and resource in last and "400 (BadRequest)" in last and "timesheetd probe" in last
        with connect(reader) as db:
            assert db.execute("SELECT count(*) FROM timesheet.agents").fetchone() == (0,)
            status, error = db.execute(
                "SELECT status, error FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
            ).fetchone()
            assert status == "failed" and resource in error and "timesheetd probe" in error


@pytest.mark.parametrize("status", [400, 402, 403, 404, 500])
def test_an_organisation_that_is_refused_keeps_what_was_known_of_it(reader, peer, status):
    """Only the zone of people without one of their own depends on it."""
    peer.lists["Organizations"][0]["ICultureSettings/TimeZone"] = "Asia/Tokyo"
    for person in peer.lists["TimeTrackingPeople"]:
        person["timeZone"] = None
    peer.lists["TimeTrackingPeople"][0]["timeZone"] = "Asia/Manila"
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        before = state(db)
        assert {row[4] for row in before[0]} == {"Asia/Manila", "Asia/Tokyo"}
        peer.refuse = lambda name, query: Status(status, {"error": {"code": "x"}}) if name == "Organizations" else None
        process = reader.start("run", SYNC_INTERVAL="1")
        passes = len(peer.asked("HourEntries"))
        wait_until(
            lambda: len(peer.asked("HourEntries")) > passes + (2 if status == 500 else 2 * 3), 90
        )  # which is tried again and again
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=120)[1]
        assert process.returncode == 0, log
        (warning,) = [line for line in log.splitlines() if "Organizations" in line and "going on without it" in line]
        assert " warning " in warning and str(status) in warning and ("timesheetd probe" in warning or status == 402)
        assert state(db) == before


def test_an_organisation_that_was_never_seen_keeps_no_person_out(reader, peer):
    peer.refuse = lambda name, query: Status(403) if name == "Organizations" else None
    done = reader.must("sync", *DAYS)
    assert "settings.default_time_zone" in done.stderr
    with connect(reader) as db:
        assert work_seconds(db) == 8 * 3600


@pytest.mark.parametrize("status", [401, 402])
def test_a_missing_right_is_no_matter_of_form(reader, peer, status):
    peer.refuse = (
        lambda name, query: Status(status, {"error": {"code": "feature_restricted_subscription"}})
        if name == "Groups"
        else None
    )
    done = reader("sync", *DAYS)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1 and "Groups" in last and str(status) in last and "probe" not in last
    assert {request.query["$orderby"][0] for request in peer.asked("Groups")} == {"id asc"}


def test_a_429_is_waited_for_in_the_same_form(reader, peer):
    answers = [Status(429, None, {"Retry-After": "1"})]
    peer.refuse = lambda name, query: answers.pop() if name == "Groups" and answers else None
    reader.must("sync", *DAYS)
    assert {request.query["$orderby"][0] for request in peer.asked("Groups")} == {"id asc"}


SHAPES = {
    "an object of another kind": {"data": [], "total": 0},
    "rows that are no objects": {"value": [1, 2, 3]},
    "rows without an id": {"value": [{"Id": GROUP, "Name": "Acme"}, {"Id": ANN, "Name": "Bolt"}]},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_answer_that_fits_no_form_is_a_clear_error(reader, peer, shape):
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        before = state(db)
        peer.refuse = lambda name, query: Status(200, SHAPES[shape]) if name == "Groups" else None
        done = reader("sync", *DAYS)
        last = done.stderr.splitlines()[-1]
        assert done.returncode == 1 and "Groups" in last and "200" in last and "timesheetd probe" in last, done.stderr
        assert state(db) == before
        assert db.execute(
            "SELECT status FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1"
        ).fetchone() == ("failed",)


def test_a_shape_that_one_form_brings_is_not_the_end(reader, peer):
    peer.refuse = (
        lambda name, query: Status(200, {"rows": []})
        if name == "Groups" and query.get("$orderby") == "id asc"
        else None
    )
    done = reader.must("sync", *DAYS)
    assert re.search("warning .*Groups.*from now on it is asked for with", done.stderr)
    with connect(reader) as db:
        assert db.execute("SELECT name FROM timesheet.client_groups").fetchall() == [("Acme",)]


def many(count, at_once):
    """Entries of two people, so many at each instant: a clock-in and a clock-out a minute apart, in turns."""
    return [
        entry(
            n,
            (ANN, BEN)[n % 2],
            f"2026-11-17T{n // at_once // 60:02}:{n // at_once % 60:02}:00Z",
            ("In", "Out")[n // at_once % 2],
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("cap, tells_count", [(50, True), (100, False)])
def test_an_order_with_ties_is_read_to_the_last_row(reader, peer, cap, tells_count, seed):
    peer.lists["TimeEntries"] = many(430, 4)
    peer.refuse = lambda name, query: Status(400) if query.get("$orderby") == "id asc" else None
    peer.cap, peer.tells_count, peer.ties = cap, tells_count, seed
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        assert db.execute(
            "SELECT count(*), count(DISTINCT jibble_activity_id) FROM timesheet.time_entries WHERE deleted_at IS NULL"
        ).fetchone() == (430, 430)
    pages = 430 // (cap - 1) + 2
    assert len(peer.asked("TimeEntries")) <= 1 + 4 * 2 * pages  # no more than four readings
    if seed is None:
        assert len(peer.asked("TimeEntries")) <= 1 + pages


@pytest.mark.parametrize("tells_count", [True, False])
def test_rows_that_come_and_go_while_an_order_with_ties_is_paged(reader, peer, tells_count):
    peer.lists["TimeEntries"] = many(300, 4)
    peer.refuse = lambda name, query: Status(400) if query.get("$orderby") == "id asc" else None
    peer.cap, peer.tells_count = 50, tells_count
    came = [entry(1000 + n, ANN, f"2026-11-17T00:00:{n + 1:02}Z", "In") for n in range(3)]
    moves = iter([lambda rows: rows[3:] + came[:1], lambda rows: came[1:] + rows])

    def move(name, skip):
        if name == "TimeEntries" and skip in (49, 98) and (step := next(moves, None)) is not None:
            peer.lists[name] = step(peer.lists[name])

    peer.before_page = move
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        known = {str(one) for one, in db.execute("SELECT jibble_activity_id FROM timesheet.time_entries")}
    assert {row["id"] for row in peer.lists["TimeEntries"]} <= known
    assert len(known) == 303


@pytest.mark.parametrize("resource", ["Activities", "TimeEntries"])
def test_so_is_one_that_is_no_json(reader, peer, resource):
    """However long it stays so: the resource, the status and what to run."""
    peer.refuse = lambda name, query: Status(200, "<html>Just a moment…</html>") if name == resource else None
    done = reader("sync", *DAYS)
    last = done.stderr.splitlines()[-1]
    assert (
        done.returncode == 1
        and resource in last
        and "status 200" in last
        and "timesheetd probe" in last
        and "Just" not in done.stderr
    )
