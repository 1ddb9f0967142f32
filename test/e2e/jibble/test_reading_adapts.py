"""Reading that adapts: each list has a second form, and what an answer does not have changes nothing that was known.
Here by the fake's personalities; test_reading_lacks.py has what it does not do."""

import re
import signal

import pytest

from conftest import Daemon, FakeJibble, set_cutoffs, truth_rows, wait_until
from peer_server import Status
from two_people import peer, reader  # noqa: F401 (fixtures)
from two_people import LISTS, connect


WINDOW = ("--since", "2026-11-09", "--until", "2026-11-25")

HOURS = """
    SELECT h.workday::text, a.jibble_id::text, v.jibble_id::text, h.work_seconds, h.break_seconds
    FROM timesheet.daily_hours('2026-11-11', '2026-11-24', NULL, 'infinity') AS h
    JOIN timesheet.agents AS a USING (agent_id)
    LEFT JOIN timesheet.activities AS v USING (activity_id)"""

PERSONALITIES = {
    "no order by id: 400": {"id_order": "refused_400"},
    "no order by id: 500": {"id_order": "refused_500"},
    "no zones by time tracking": {"people_time_zones": "refused_400"},
    "count refused": {"count": "refused_400"},
    "entries with a count: 500": {"entries_500": "with_count"},
    "many entries: 500": {"entries_500": "large_pages"},
    # Slash keys are not asked for while time tracking tells zones.
    "no slash keys: 400, no count": {"select_slash_keys": "refused_400", "count": "missing"},
    "no slash keys: 500, no more than 100 may be asked for": {
        "select_slash_keys": "refused_500",
        "page_cap": "refused_above_100",
    },
    "slash keys left out, pages of 100": {"select_slash_keys": "left_out", "page_cap": "100"},
    "ties in pages of 50 without a count": {"id_order": "refused_400", "count": "missing", "page_cap": "50"},
    "all of it": {
        "id_order": "refused_400",
        "people_time_zones": "refused_400",
        "count": "refused_400",
        "page_cap": "refused_above_100",
        "entries_500": "large_pages",
    },
}


@pytest.fixture(scope="module")
def world(migrated_database, tmp_path_factory):
    """One organisation for all personalities: the fake, the hours that are true, and what an ordinary sync keeps."""
    fake = FakeJibble(tmp_path_factory.mktemp("adapting") / "truth.json", "--weeks", "2")
    wanted = {
        (row["workday"], row["agent_id"], row["activity_id"], row["work_seconds"], row["break_seconds"])
        for row in truth_rows(fake, "2026-11-11", "2026-11-24", "--daily")
    }
    assert len(wanted) > 500
    defaults = fake.admin("GET", "personality")

    def sync(personality, command=("sync", *WINDOW)):
        fake.admin("PUT", "personality", defaults | personality)
        fake.admin("DELETE", "requests")
        daemon = Daemon(migrated_database(), fake)
        done = daemon(*command)
        return daemon, done

    sync.fake, sync.wanted = fake, wanted
    yield sync
    fake.stop()


def hours(world, db):
    set_cutoffs(db, world.fake)
    return set(db.execute(HOURS))


def kept(db):
    """Ids of every kept object by resource, each as often as it was kept; and the zones in force."""
    return (
        db.execute(
            "SELECT resource, jibble_id FROM timesheet.raw_events WHERE resource <> 'TimeTrackingPeople' ORDER BY 1, 2"
        ).fetchall(),
        db.execute("SELECT jibble_id, time_zone, status, email FROM timesheet.agents ORDER BY 1").fetchall(),
    )


@pytest.fixture(scope="module")
def ordinary(world):
    daemon, done = world({})
    assert done.returncode == 0 and " warning " not in done.stderr, done.stderr
    with connect(daemon) as db:
        assert hours(world, db) == world.wanted
        assert len({zone for _, zone, _, _ in kept(db)[1]}) > 2
        return kept(db)


@pytest.mark.parametrize("name", PERSONALITIES)
def test_for_every_refusal_the_hours_are_the_same(world, ordinary, name):
    daemon, done = world(PERSONALITIES[name])
    assert done.returncode == 0, done.stderr
    with connect(daemon) as db:
        assert hours(world, db) == world.wanted
        assert kept(db) == ordinary


def test_an_ordinary_sync_asks_in_the_first_form_and_no_more_than_it_needs(world, ordinary):
    _, done = world({})
    asked = [
        (r["path"].rsplit("/", 1)[1], r["query"]) for r in world.fake.admin("GET", "requests") if "/v1/" in r["path"]
    ]
    assert all("$orderby=id asc" in query and "$count=true" in query for _, query in asked)
    # A list of one page is asked for twice: the page, and that nothing follows its last row.
    assert [path for path, _ in asked if path != "TimeEntries" and path != "HourEntries"] == [
        path for path in ("Organizations", "Groups", "People", "People", "Activities", "Schedules") for _ in (1, 2)
    ]
    assert not any("/" in query.split("$select=")[1].split("&")[0] for path, query in asked if path == "People")
    assert not re.search("pin|face", " ".join(query for _, query in asked), re.IGNORECASE)


def test_a_refused_form_is_warned_of_once_and_not_asked_for_again(world):
    """A process that reads three slices, so one that remembers."""
    _, done = world({"id_order": "refused_400"}, ("backfill", "--since", "2026-09-20", "--until", "2026-11-25"))
    assert done.returncode == 0, done.stderr
    refused = [r["path"].rsplit("/v1/", 1)[1] for r in world.fake.admin("GET", "requests") if r["status"] == 400]
    assert sorted(refused) == sorted([*LISTS, "People", "Schedules"])  # each list once, people by both hosts
    assert len(world.fake.requests("TimeEntries")) > 5
    (warning,) = [line for line in done.stderr.splitlines() if " warning " in line and "TimeEntries" in line]
    assert re.search(
        r"TimeEntries: Jibble answered 400 .*to \$orderby=id asc, \$count=true, \$top=1000; from now on it is "
        r"asked for with \$orderby=time asc",
        warning,
    )


def test_a_service_remembers_from_pass_to_pass(reader, peer):
    peer.refuse = (
        lambda name, query: Status(400) if query.get("$orderby") == "id asc" or name == "TimeTrackingPeople" else None
    )
    for person in peer.lists["People"]:
        person |= {"ICultureSettings/TimeZone": "Asia/Manila"}
    process = reader.start("run", SYNC_INTERVAL="1")
    wait_until(lambda: len(peer.asked("HourEntries")) > 2 * 4)
    process.send_signal(signal.SIGTERM)
    log = process.communicate(timeout=120)[1]
    assert process.returncode == 0, log
    for name in ("Groups", "Activities", "TimeEntries", "HourEntries"):
        forms = [request.query.get("$orderby", ["none"])[0] for request in peer.asked(name)]
        assert forms[0] == "id asc" and "id asc" not in forms[1:]
        assert len([line for line in log.splitlines() if " warning " in line and f" {name}: " in line]) == 1, log
    # Time tracking's people in four forms, once; from then on the workspace tells the zones.
    assert len([request for request in peer.asked("People") if request.path.startswith("/tracking")]) == 4


def test_zones_of_neither_source_are_an_error(world):
    """Nobody's hours are counted by a zone that was guessed."""
    for keys in ("refused_400", "left_out"):
        daemon, done = world({"people_time_zones": "refused_400", "select_slash_keys": keys})
        last = done.stderr.splitlines()[-1]
        assert done.returncode == 1 and "People" in last and "timesheetd probe" in last, done.stderr
        assert ("400" if keys == "refused_400" else "200") in last
        with connect(daemon) as db:
            assert db.execute("SELECT count(*) FROM timesheet.agents").fetchone() == (0,)
            assert db.execute("SELECT status FROM timesheet.ingest_runs").fetchall() == [("failed",)]


def test_check_asks_as_sync_does(world):
    _, done = world(PERSONALITIES["all of it"], ("check",))
    assert re.search(r"^ok +jibble", done.stdout, re.MULTILINE), done.stdout
