"""Reading that adapts: each list has a second form, and what an answer does not have changes nothing that was known.

The fake's personalities first; then a hand-written Jibble for what it does not do: members left out, other shapes, and
equal rows in another order for each page.
"""

import random
import re
import signal

import psycopg
import pytest

from conftest import ENGINES, Daemon, FakeJibble, set_cutoffs, truth_rows, wait_until
from peer_server import Peer, Status

WINDOW = ("--since", "2026-11-09", "--until", "2026-11-25")
LISTS = ("Organizations", "Groups", "People", "Activities", "TimeEntries", "HourEntries")
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


def connect(daemon):
    return psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True)


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


# A hand-written Jibble, small enough to work out by hand.

ORG, GROUP, ANN, BEN, CALLS = (f"00000000-0000-4000-8000-0000000000{n}" for n in ("0a", "0b", "0c", "0d", "0e"))


class Jibble(Peer):
    """Lists of objects; a test changes them, and how they are shown."""

    def __init__(self):
        self.lists = {
            "Organizations": [{"id": ORG, "name": "Us", "ICultureSettings/TimeZone": "UTC"}],
            "Groups": [{"id": GROUP, "name": "Acme", "code": "A", "status": "Active"}],
            "People": [
                {
                    "id": one,
                    "fullName": name,
                    "email": f"{name}@example.com",
                    "status": "Joined",
                    "groupId": GROUP,
                    "updatedAt": "2026-01-01T00:00:00Z",
                }
                for one, name in ((ANN, "ann"), (BEN, "ben"))
            ],
            "TimeTrackingPeople": [
                {"id": one, "fullName": name, "timeZone": "Asia/Manila", "timeSheetTimeZone": None}
                for one, name in ((ANN, "ann"), (BEN, "ben"))
            ],
            "Activities": [{"id": CALLS, "name": "Calls", "code": "C", "status": "Active"}],
            "Schedules": [],
            "TimeEntries": [entry(1, ANN, "2026-11-17T01:00:00Z", "In"), entry(2, ANN, "2026-11-17T09:00:00Z", "Out")],
            "HourEntries": [],
        }
        self.without = {}  # members that a list's answers lack
        self.cap = 1000
        self.refuse = lambda name, query: None  # an answer instead
        self.ties = None  # a seed: rows of the same time come in another order for each page
        self.tells_count = True
        self.before_page = lambda name, skip: None
        super().__init__()

    def answer(self, request):
        if request.path == "/connect/token":
            return Status(200, {"access_token": "token", "expires_in": 3600})
        host, _, name = request.path.removeprefix("/").partition("/v1/")
        name = "TimeTrackingPeople" if (host, name) == ("tracking", "People") else name
        query = {key: values[0] for key, values in request.query.items()}
        if (instead := self.refuse(name, query)) is not None:
            return instead
        if "$skip" not in query:
            return Status(404)  # Jibble's own hours, which the service compares once a night
        skip, top = int(query["$skip"]), min(int(query["$top"]), self.cap)
        self.before_page(name, skip)
        rows = list(self.lists[name])
        if (
            since := re.search(r"(?:belongsToDate|date) ge (\S+) and \S+ le (\S+)", query.get("$filter", ""))
        ) is not None:
            rows = [row for row in rows if since[1] <= row.get("belongsToDate", row.get("date")) <= since[2]]
        elif "$filter" in query:
            rows = [row for row in rows if row["id"] == query["$filter"].removeprefix("id eq ")]
        order = query.get("$orderby", "").removesuffix(" asc")
        if self.ties is not None:
            random.Random(f"{self.ties} {skip} {top}").shuffle(rows)
        if order:
            rows.sort(key=lambda row: str(row.get(order)))
        lacking = self.without.get(name, ())
        page = {
            "value": [
                {key: value for key, value in row.items() if key not in lacking} for row in rows[skip : skip + top]
            ]
        }
        return Status(200, ({"@odata.count": len(rows)} if self.tells_count and "$count" in query else {}) | page)

    def asked(self, name):
        return [request for request in self.requests if request.path.endswith("/v1/" + name)]


def entry(n, person, time, kind, **more):
    return {
        "id": f"00000000-0000-4000-9000-{n:012x}",
        "personId": person,
        "type": kind,
        "time": time,
        "belongsToDate": time[:10],
        "activityId": CALLS,
        "clientType": "Web",
        "status": "Active",
        "createdAt": "2026-11-17T00:00:00Z",
    } | more


@pytest.fixture
def peer():
    with Jibble() as it:
        yield it


@pytest.fixture
def reader(new_database, peer):
    daemon = Daemon(new_database())
    daemon.environment |= {
        "JIBBLE_CLIENT_ID": "demo",
        "JIBBLE_CLIENT_SECRET": "demo-secret",
        "JIBBLE_REQUESTS_PER_SECOND": "1000",
        "JIBBLE_IDENTITY_URL": peer.url,
        "JIBBLE_WORKSPACE_URL": peer.url + "/workspace",
        "JIBBLE_TIME_TRACKING_URL": peer.url + "/tracking",
        "JIBBLE_TIME_ATTENDANCE_URL": peer.url + "/attendance",
    }
    daemon.must("migrate")
    return daemon


DAYS = ("--since", "2026-11-16", "--until", "2026-11-18")


def state(db):
    return [
        db.execute(query).fetchall()
        for query in (
            "SELECT jibble_id, full_name, email, status, time_zone, client_group_id FROM timesheet.agents ORDER BY 1",
            "SELECT name, code, status FROM timesheet.client_groups",
            "SELECT name, code, status FROM timesheet.activities",
            "SELECT agent_id, valid_from::text, client_group_id, time_zone FROM timesheet.agent_history ORDER BY 1, 2",
            "SELECT jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc, raw_type, "
            "belongs_to_date, workday, workday_end, deleted_at"
            " FROM timesheet.time_entries ORDER BY 1",
        )
    ]


def work_seconds(db):
    found = set()
    for engine in ENGINES:
        db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        found.add(
            db.execute(
                "SELECT sum(work_seconds)::int FROM timesheet.daily_hours(NULL, NULL, NULL, 'infinity')"
            ).fetchone()[0]
        )
    assert len(found) == 1
    return found.pop()


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
    """Only the zone of whoever has none of their own hangs on it."""
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
