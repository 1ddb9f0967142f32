"""Where zones come from: a list of time tracking's people that is short or empty is no word on those it lacks, and what
changed while that list was refused is seen once it answers again."""

import re
import signal

import pytest

from conftest import wait_until
from peer_server import Status
from two_people import peer, reader  # noqa: F401 (fixtures)
from two_people import ANN, BEN, DAYS, connect, work_seconds

CULTURE, SHEET = "ICultureSettings/TimeZone", "ICalculationSettings/TimeSheetTimeZone"
TIMELINE = "SELECT agent_id, valid_from::text, time_zone FROM timesheet.agent_history ORDER BY 1, 2"


def zones(db):
    return dict(db.execute("SELECT full_name, time_zone FROM timesheet.agents"))


def history(db, name):
    return [
        zone
        for zone, in db.execute(
            "SELECT t.time_zone FROM timesheet.agent_history AS t"
            " JOIN timesheet.agents AS a USING (agent_id)"
            " WHERE a.full_name = %s ORDER BY t.valid_from",
            (name,),
        )
    ]


def show_in_workspace(peer, zone, *people):
    for person in peer.lists["People"]:
        if not people or person["id"] in people:
            person |= {CULTURE: zone, SHEET: None}


def plain_people(peer):
    """The workspace shows what it is asked for; without the keys where they are not."""
    serve = peer.answer

    def answer(request):
        given = serve(request)
        select = request.query.get("$select", [""])[0]
        if request.path == "/workspace/v1/People" and CULTURE not in select and isinstance(given.body, dict):
            for row in given.body.get("value", []):
                row.pop(CULTURE, None), row.pop(SHEET, None)
        return given

    peer.answer = answer


@pytest.fixture
def jibble(peer):  # noqa: F811
    plain_people(peer)
    return peer


def asked_by_id(peer, host, person):
    return [
        r for r in peer.asked("People") if r.path.startswith(host) and r.query.get("$filter") == [f"id eq {person}"]
    ]


@pytest.mark.parametrize("first", [True, False])
def test_an_empty_list_is_no_source(reader, jibble, first):  # noqa: F811
    """At first contact as later; the workspace tells the zones in its place."""
    tracked = jibble.lists["TimeTrackingPeople"]
    show_in_workspace(jibble, "Asia/Manila")
    if not first:
        reader.must("sync", *DAYS)
    jibble.lists["TimeTrackingPeople"] = []
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        assert zones(db) == {"ann": "Asia/Manila", "ben": "Asia/Manila"} and history(db, "ann") == ["Asia/Manila"]
        show_in_workspace(jibble, "Europe/Paris", ANN)
        reader.must("sync", *DAYS)
        assert history(db, "ann") == ["Asia/Manila", "Europe/Paris"] and history(db, "ben") == ["Asia/Manila"]
        # The list is asked for again in each pass.
        jibble.lists["TimeTrackingPeople"] = tracked
        tracked[0]["timeZone"] = "Europe/Rome"
        reader.must("sync", *DAYS)
        assert history(db, "ann") == ["Asia/Manila", "Europe/Paris", "Europe/Rome"]


def test_an_empty_list_where_the_workspace_shows_nothing_keeps_what_was_known(reader, jibble):  # noqa: F811
    reader.must("sync", *DAYS)
    jibble.lists["TimeTrackingPeople"] = []
    done = reader.must("sync", *DAYS)  # the workspace leaves the keys out
    assert "known before are kept" in done.stderr
    with connect(reader) as db:
        assert history(db, "ann") == history(db, "ben") == ["Asia/Manila"]
        # Of somebody new nothing is known, which keeps nobody else's hours from being counted.
        jibble.lists["Organizations"][0][CULTURE] = "Asia/Tokyo"
        new = ANN[:-2] + "1f"
        jibble.lists["People"].append({"id": new, "fullName": "cy", "status": "Joined"})
        late = {**jibble.lists["TimeEntries"][0], "id": new, "time": "2026-11-18T06:00:00Z"}
        jibble.lists["TimeEntries"].append(late)
        done = reader.must("sync", *DAYS)
        (warning,) = [line for line in done.stderr.splitlines() if "set_working_time" in line]
        assert "of 1 people no time zone is known" in warning and "default_time_zone" in warning
        assert zones(db) == {"ann": "Asia/Manila", "ben": "Asia/Manila", "cy": "Asia/Tokyo"}
        assert db.execute(
            "SELECT count(*) FROM timesheet.time_entries WHERE jibble_activity_id = %s", (new,)
        ).fetchone() == (1,)


def test_at_first_contact_no_hours_are_counted_by_a_zone_that_was_guessed(reader, jibble):  # noqa: F811
    jibble.lists["TimeTrackingPeople"] = []
    for _ in range(2):
        done = reader("sync", *DAYS)
        last = done.stderr.splitlines()[-1]
        assert done.returncode == 1 and "People" in last and "left out" in last
    with connect(reader) as db:
        assert zones(db) == {} and db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone() == (0,)


def passes_of_run(reader, jibble, number):
    """What `run` logs in so many passes."""
    before = len(jibble.asked("HourEntries"))
    process = reader.start("run", SYNC_INTERVAL="1", LOG_LEVEL="info")
    wait_until(lambda: len(jibble.asked("HourEntries")) > before + 2 * number, 60)
    process.send_signal(signal.SIGTERM)
    log = process.communicate(timeout=30)[1]
    assert process.returncode == 0, log
    return log


def test_that_what_is_known_is_kept_is_said_once(reader, jibble):  # noqa: F811
    reader.must("sync", *DAYS)
    jibble.lists["TimeTrackingPeople"] = []
    jibble.lists["People"].append({"id": ANN[:-2] + "1f", "fullName": "cy", "status": "Joined"})
    log = passes_of_run(reader, jibble, 3)
    assert log.count("known before are kept") == 1 and log.count("of 1 people no time zone is known") == 1


def test_who_was_asked_for_in_vain_is_not_asked_for_in_each_pass(reader, jibble):  # noqa: F811
    new = ANN[:-2] + "1f"
    jibble.lists["People"].append({"id": new, "fullName": "cy", "status": "Joined"})
    log = passes_of_run(reader, jibble, 4)
    assert log.count("nor does Jibble name their time zone") == 1
    for host in ("/tracking", "/workspace"):
        asked = [r for r in jibble.requests if r.path.startswith(host + "/v1/People") and new in r.path + str(r.query)]
        assert 0 < len(asked) <= 3, asked  # in each form once


@pytest.mark.parametrize("blank", ["", "  "])
def test_blanks_in_the_place_of_a_zone_are_no_change(reader, jibble, blank):  # noqa: F811
    for person in jibble.lists["TimeTrackingPeople"]:
        person |= {"timeZone": blank, "timeSheetTimeZone": None}
    show_in_workspace(jibble, "Asia/Manila")
    counts = []
    with connect(reader) as db:
        for _ in range(3):
            reader.must("sync", *DAYS)
            counts += db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone()
        assert counts[1:] == counts[:1] * 2 and history(db, "ann") == ["Asia/Manila"]


def test_an_outage_moves_no_history_of_people_without_a_zone_in_time_tracking(reader, jibble):  # noqa: F811
    """One member is null there and named in the workspace, as it always was; one pass is refused."""
    for person in jibble.lists["TimeTrackingPeople"]:
        person |= {"timeZone": "Asia/Manila", "timeSheetTimeZone": None}
    show_in_workspace(jibble, "Asia/Manila")
    for person in jibble.lists["People"]:
        person |= {SHEET: "Europe/London"}
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        seconds = work_seconds(db)
        places = db.execute(
            "SELECT jibble_activity_id, workday, time_zone FROM timesheet.time_entries ORDER BY 1"
        ).fetchall()
        assert {zone for _, _, zone in places} == {"Asia/Manila"}
        jibble.refuse = lambda name, query: Status(400) if name == "TimeTrackingPeople" else None
        reader.must("sync", *DAYS)
        assert history(db, "ann") == ["Asia/Manila", "Europe/London"]
        jibble.refuse = lambda name, query: None
        for _ in range(2):
            reader.must("sync", *DAYS)
            assert history(db, "ann") == history(db, "ben") == ["Asia/Manila", "Europe/London", "Asia/Manila"]
            rows = db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone()
        reader.must("sync", *DAYS)
        assert db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone() == rows
        assert work_seconds(db) == seconds
        assert (
            db.execute(
                "SELECT jibble_activity_id, workday, time_zone FROM timesheet.time_entries ORDER BY 1"
            ).fetchall()
            == places
        )
        before = db.execute(TIMELINE).fetchall()
        reader.must("replay")
        assert db.execute(TIMELINE).fetchall() == before


def test_an_organisation_without_people_needs_no_zones(reader, jibble):  # noqa: F811
    for name in ("People", "TimeTrackingPeople", "TimeEntries"):
        jibble.lists[name] = []
    jibble.refuse = lambda name, query: Status(400) if CULTURE in query.get("$select", "") else None
    reader.must("sync", *DAYS)


def test_a_list_of_nulls_is_no_source(reader, jibble):  # noqa: F811
    """Time tracking lists everybody and names nobody's zone: the workspace is asked, too."""
    jibble.lists["Organizations"][0][CULTURE] = "Asia/Tokyo"
    for person in jibble.lists["TimeTrackingPeople"]:
        person["timeZone"] = None
    jibble.lists["TimeTrackingPeople"][1]["timeZone"] = " "
    show_in_workspace(jibble, "Europe/Paris", ANN)
    show_in_workspace(jibble, None, BEN)
    for _ in range(2):
        reader.must("sync", *DAYS)
        with connect(reader) as db:
            assert history(db, "ann") == ["Europe/Paris"] and history(db, "ben") == ["Asia/Tokyo"]


def test_where_no_list_names_a_zone_the_organisations_counts(reader, jibble):  # noqa: F811
    """Nobody has a zone of their own, and the workspace refuses the keys: that is no failure, and asked once."""
    jibble.lists["Organizations"][0][CULTURE] = "Asia/Tokyo"
    for person in jibble.lists["TimeTrackingPeople"]:
        person["timeZone"] = None
    jibble.refuse = lambda name, query: Status(400) if CULTURE in query.get("$select", "") else None
    process = reader.start("run", SYNC_INTERVAL="1")
    wait_until(lambda: len(jibble.asked("HourEntries")) > 2 * 3)
    process.send_signal(signal.SIGTERM)
    log = process.communicate(timeout=30)[1]
    assert process.returncode == 0 and log.count("names a person's time zone") == 1, log
    assert len([r for r in jibble.asked("People") if CULTURE in r.query["$select"][0]]) == 4
    with connect(reader) as db:
        assert history(db, "ann") == history(db, "ben") == ["Asia/Tokyo"]


def test_people_missing_in_a_short_list_are_asked_for_by_id(reader, jibble):  # noqa: F811
    everybody = jibble.lists["TimeTrackingPeople"]
    serve = jibble.answer

    def answer(request):
        jibble.lists["TimeTrackingPeople"] = everybody if "$filter" in request.query else everybody[:1]
        return serve(request)

    jibble.answer = answer
    everybody[1]["timeZone"] = "Europe/Paris"
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        assert zones(db) == {"ann": "Asia/Manila", "ben": "Europe/Paris"}
        everybody[1]["timeZone"] = "Europe/Rome"
        reader.must("sync", *DAYS)
        assert history(db, "ben") == ["Europe/Paris"]
        reader.must("nightly")  # whether it has changed is asked once a day
        assert history(db, "ben") == ["Europe/Paris", "Europe/Rome"] and history(db, "ann") == ["Asia/Manila"]
    assert not asked_by_id(jibble, "/tracking", ANN)


def test_people_that_time_tracking_does_not_find_are_asked_for_once_at_the_workspace(reader, jibble):  # noqa: F811
    del jibble.lists["TimeTrackingPeople"][1]
    show_in_workspace(jibble, "Europe/Paris", BEN)
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        assert zones(db) == {"ann": "Asia/Manila", "ben": "Europe/Paris"}
        reader.must("sync", *DAYS)
        rows = db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone()
        reader.must("sync", *DAYS)
        assert db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone() == rows
        assert history(db, "ben") == ["Europe/Paris"]
    assert (
        len(asked_by_id(jibble, "/workspace", BEN)) == 1 and len(asked_by_id(jibble, "/tracking", BEN)) == 2
    )  # in two forms
    assert not asked_by_id(jibble, "/tracking", ANN)


@pytest.mark.parametrize("status", [200, 400])
def test_a_person_without_an_answer_keeps_the_zone_known_before(reader, jibble, status):  # noqa: F811
    reader.must("sync", *DAYS)
    del jibble.lists["TimeTrackingPeople"][1]
    if status == 400:
        jibble.refuse = lambda name, query: Status(400) if name == "TimeTrackingPeople" and "$filter" in query else None
    with connect(reader) as db:
        seconds = work_seconds(db)
        reader.must("sync", *DAYS)
        assert history(db, "ben") == ["Asia/Manila"] and work_seconds(db) == seconds


def test_people_without_a_named_zone_are_warned_of(reader, jibble):  # noqa: F811
    del jibble.lists["TimeTrackingPeople"][1]
    done = reader.must("sync", *DAYS)
    (warning,) = [line for line in done.stderr.splitlines() if " warning " in line]
    assert re.search(r"TimeTrackingPeople: 1 .* not listed.*set_working_time", warning)
    # Who is Removed is not missed.
    jibble.lists["People"][1]["status"] = "Removed"
    assert " warning " not in reader.must("sync", *DAYS).stderr


def test_no_more_are_asked_for_than_a_pass_may(reader, jibble):  # noqa: F811
    more = [f"00000000-0000-4000-8000-{n:012x}" for n in range(1000, 1130)]
    jibble.lists["People"] += [{"id": one, "fullName": one[-4:], "status": "Joined"} for one in more]
    reader.must("sync", *DAYS)
    found = [r for r in jibble.asked("People") if r.path.startswith("/tracking") and "$filter" in r.query]
    assert len({r.query["$filter"][0] for r in found}) == 100


def test_a_change_back_while_the_list_was_refused_is_seen_when_it_answers(reader, jibble):  # noqa: F811
    """Time tracking shows again exactly what it showed last: it differs from what was seen since."""
    show_in_workspace(jibble, "Asia/Manila")
    reader.must("sync", *DAYS)
    jibble.refuse = lambda name, query: Status(400) if name == "TimeTrackingPeople" else None
    show_in_workspace(jibble, "Europe/Paris", ANN)
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        assert history(db, "ann") == ["Asia/Manila", "Europe/Paris"]
        jibble.refuse = lambda name, query: None
        reader.must("sync", *DAYS)
        assert history(db, "ann") == ["Asia/Manila", "Europe/Paris", "Asia/Manila"]
        assert history(db, "ben") == ["Asia/Manila"]
        assert db.execute("SELECT DISTINCT time_zone FROM timesheet.time_entries").fetchall() == [("Asia/Manila",)]
        rows = db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone()
        reader.must("sync", *DAYS)
        assert db.execute("SELECT count(*) FROM timesheet.raw_events").fetchone() == rows
        before = db.execute(TIMELINE).fetchall()
        reader.must("replay")
        assert db.execute(TIMELINE).fetchall() == before


def test_what_the_list_shows_when_it_first_answers_changes_nothing_past(reader, jibble):  # noqa: F811
    jibble.refuse = lambda name, query: Status(400) if name == "TimeTrackingPeople" else None
    show_in_workspace(jibble, "Asia/Manila")
    reader.must("sync", *DAYS)
    jibble.refuse = lambda name, query: None
    jibble.lists["TimeTrackingPeople"][0]["timeZone"] = "Europe/Paris"
    reader.must("sync", *DAYS)
    with connect(reader) as db:
        assert history(db, "ann") == ["Asia/Manila", "Europe/Paris"]
        assert db.execute("SELECT DISTINCT time_zone FROM timesheet.time_entries").fetchall() == [("Asia/Manila",)]
