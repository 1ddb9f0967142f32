"""Values as Jibble may write them, by timesheetd: digits below a microsecond, zones by other names,
and a server that lacks one."""

import ctypes
import datetime
import json
import pathlib
import subprocess
import zoneinfo

import psycopg
import pytest

from conftest import ENGINES, Daemon, FakeJibble, truth_rows
from stage import guid, shown_week, stage, daemon as stage_daemon  # noqa: F401 (fixtures)
from oracle import workday

pytestmark = pytest.mark.every_native_server

SINCE, UNTIL = "2026-11-15", "2026-11-25"
OFFSETS = {
    "UTC+08:00": datetime.timedelta(hours=8),
    "UTC-05:30": -datetime.timedelta(hours=5, minutes=30),
    "UTC+05:45": datetime.timedelta(hours=5, minutes=45),
}
NOW = "2026-11-25T05:00:00Z"


# --- digits below a microsecond


@pytest.fixture(scope="module")
def seven_digits(tmp_path_factory, migrated_database):
    fake = FakeJibble(
        tmp_path_factory.mktemp("truth") / "truth.json",
        "--weeks",
        "3",
        "--now",
        NOW,
        "--personality",
        json.dumps({"seventh_digit": "any"}),
    )
    daemon = Daemon(migrated_database(), fake)
    daemon.must("backfill", "--since", "2026-11-01", "--until", UNTIL)
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
        yield fake, db
    fake.stop()


def test_instants_are_cut_at_the_microsecond(seven_digits):
    """By the text alone: what stands before the seventh digit, in UTC."""
    _, db = seven_digits
    db.execute("SET timezone = 'UTC'")
    rows = db.execute(
        """SELECT r.payload ->> 'time', to_char(e.start_time_utc, 'YYYY-MM-DD"T"HH24:MI:SS.US'),
                         r.payload ->> 'updatedAt', to_char(e.jibble_updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.US'),
                                r.payload ->> 'createdAt', to_char(e.jibble_created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US')
                         FROM timesheet.time_entries AS e JOIN timesheet.raw_events AS r ON r.jibble_id =
                         e.jibble_activity_id AND r.resource = 'TimeEntries'"""
    ).fetchall()
    assert len(rows) > 500
    assert sum(row[0].endswith("9Z") for row in rows) > 50, "nothing here would have been rounded up"
    assert [row for row in rows if (row[0][:26], row[2][:26], row[4][:26]) != row[1::2]] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_seventh_digit_changes_no_hour(seven_digits, engine):
    fake, db = seven_digits
    db.execute("SELECT timesheet.use_engine(%s)", (engine,))
    found = db.execute(
        """SELECT a.jibble_id::text, h.workday::text, sum(h.work_seconds)::int,
                          sum(h.break_seconds)::int FROM timesheet.daily_hours('2026-11-09', '2026-11-23', NULL,
                          'infinity') AS h
                          JOIN timesheet.agents AS a USING (agent_id)
                          JOIN timesheet.client_groups AS g ON g.client_group_id = h.client_group_id
                          WHERE g.jibble_id <> ALL (%s) GROUP BY 1, 2""",
        ([g["id"] for g in json.loads(fake.truth.read_text())["groups"] if g["day_cutoff"] != "00:00"],),
    ).fetchall()
    nights = {g["id"] for g in json.loads(fake.truth.read_text())["groups"] if g["day_cutoff"] != "00:00"}
    wanted = {}
    for row in truth_rows(fake, "2026-11-09", "2026-11-23", "--daily"):
        if row["group_id"] not in nights and row["group_id"] is not None:
            work, rest = wanted.get((row["agent_id"], row["workday"]), (0, 0))
            wanted[row["agent_id"], row["workday"]] = work + row["work_seconds"], rest + row["break_seconds"]
    assert {row[:2]: row[2:] for row in found} == wanted and len(wanted) > 100


# --- zones by other names


@pytest.fixture(scope="module")
def renamed(tmp_path_factory, migrated_database):
    """Everybody's zone by another name than the tz database's, after the fake made their entries in that zone."""
    other = {
        "Asia/Manila": " UTC+08:00",
        "America/New_York": "Eastern Standard Time",
        "Europe/London": "GB-Eire",
        "Asia/Kolkata": "asia/CALCUTTA",
    }
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "3", "--now", NOW)
    plain, named = Daemon(migrated_database(), fake), Daemon(migrated_database(), fake)
    plain.must("backfill", "--since", "2026-11-01", "--until", UNTIL)
    with psycopg.connect(plain.environment["DATABASE_URL"]) as db:
        said = db.execute(
            "SELECT resource, jibble_id::text, payload FROM timesheet.raw_events"
            " WHERE resource IN ('People', 'TimeTrackingPeople', 'Organizations')"
        ).fetchall()
    for resource, id, payload in said:
        changed = {
            key: other[value] for key, value in payload.items() if key.lower().endswith("timezone") and value in other
        }
        if changed:
            fake.admin("PATCH", f"objects/{resource.removeprefix('Time')}/{id}", changed)  # TrackingPeople, there
    named.must("backfill", "--since", "2026-11-01", "--until", UNTIL)
    yield plain.environment["DATABASE_URL"], named.environment["DATABASE_URL"]
    fake.stop()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_hours_are_the_same_by_every_name(renamed, engine):
    found = []
    for uri in renamed:
        with psycopg.connect(uri) as db:
            db.execute("SELECT timesheet.use_engine(%s)", (engine,))
            found.append(
                [
                    db.execute(query).fetchall()
                    for query in (
                        "SELECT a.jibble_id, h.workday, h.work_seconds, h.unconfirmed_seconds, h.break_seconds,"
                        " h.session_count FROM timesheet.daily_hours(NULL, NULL, NULL, 'infinity') AS h"
                        " JOIN timesheet.agents AS a USING (agent_id) ORDER BY 1, 2, 3, 4, 5, 6",
                        "SELECT agent_jibble_id, workday, clock_in_local, clock_out_local, last_activity_local, notes"
                        " FROM timesheet.attendance WHERE workday < '2026-11-24' ORDER BY 1, 2",
                        "SELECT jibble_activity_id, workday, workday_end FROM timesheet.time_entries ORDER BY 1",
                    )
                ]
            )
            zones = {z for z, in db.execute("SELECT DISTINCT time_zone FROM timesheet.time_entries")}
            names = {name for name, in db.execute("SELECT name FROM pg_timezone_names")}
    # As Jibble names them where the server has that name, else what it links to.
    assert zones == {
        "Etc/GMT-8",
        "America/New_York",
        "GB-Eire" if "GB-Eire" in names else "Europe/London",
        "Asia/Calcutta" if "Asia/Calcutta" in names else "Asia/Kolkata",
    }
    assert found[0] == found[1] and len(found[0][0]) > 500


def test_workdays_are_those_of_the_oracle(renamed):
    """Independent of PostgreSQL's zones: Python's, and UTC+08:00 by hand."""
    with psycopg.connect(renamed[1]) as db:
        rows = db.execute(
            "SELECT (extract(epoch FROM start_time_utc) * 1000000)::bigint, belongs_to_date,"
            " time_zone, workday,"
            " (extract(epoch FROM workday_end) * 1000000)::bigint FROM timesheet.time_entries"
        ).fetchall()
    wrong = [
        row
        for row in rows
        if workday.place(row[0], row[1], {"Etc/GMT-8": "UTC+08:00"}.get(row[2], row[2]), 0, False)[:2] != row[3:]
    ]
    assert wrong == [] and len(rows) > 500


def test_windows_names_are_those_of_unicode(renamed):
    """The table beside the one in the ICU library that PostgreSQL's package needs,
    which Unicode generates from the same source."""
    library = sorted(pathlib.Path("/usr/lib").glob("*/libicuuc.so.*[0-9]"))[-1].name
    icu, version = ctypes.CDLL(library), library.split(".")[2]
    pointer, error = ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)

    def function(name, result, *arguments):
        found = getattr(icu, f"{name}_{version}")
        found.restype, found.argtypes = result, arguments
        return found

    failed, length = ctypes.c_int(0), ctypes.c_int(0)
    names = function("ures_openDirect", pointer, ctypes.c_char_p, ctypes.c_char_p, error)(None, b"windowsZones", failed)
    by_key = function("ures_getByKey", pointer, pointer, ctypes.c_char_p, pointer, error)
    names = by_key(names, b"mapTimezones", None, failed)
    at = function("ures_getByIndex", pointer, pointer, ctypes.c_int, pointer, error)
    key = function("ures_getKey", ctypes.c_char_p, pointer)
    text = function("ures_getStringByKey", pointer, pointer, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int), error)
    theirs = {}
    for n in range(function("ures_getSize", ctypes.c_int, pointer)(names)):
        entry = at(names, n, None, failed)
        zone = text(entry, b"001", length, failed)
        theirs[key(entry).decode()] = ctypes.string_at(zone, 2 * length.value).decode("utf-16-le")
    assert failed.value <= 0 and len(theirs) >= 139
    if (
        int(version) < 76
    ):  # Almaty and Chihuahua have other clocks since then, so Unicode took other cities for these two
        theirs |= {"Central Asia Standard Time": "Asia/Bishkek", "Mountain Standard Time (Mexico)": "America/Mazatlan"}
    with psycopg.connect(renamed[1]) as db:
        taken = dict(
            db.execute(
                "SELECT n, timesheet.canonical_time_zone(n) FROM unnest(%s::text[]) AS n", (list(theirs),)
            ).fetchall()
        )
    instants = [datetime.datetime(2026, month, 15, 12, tzinfo=datetime.timezone.utc) for month in range(1, 13)]

    # Unicode keeps names that the tz database calls links; Debian 13 has those in a package of its own.
    links = dict(
        reversed(line.split()[1:3])
        for line in pathlib.Path("/usr/share/zoneinfo/tzdata.zi").read_text().splitlines()
        if line.startswith("L ")
    )

    def clock(zone):
        return [instant.astimezone(zoneinfo.ZoneInfo(links.get(zone, zone))).utcoffset() for instant in instants]

    assert {
        name: (taken[name], zone)
        for name, zone in theirs.items()
        if taken[name] is None or clock(taken[name]) != clock(zone)
    } == {}


# --- offsets in e-mails


@pytest.mark.parametrize("offset", OFFSETS)
def test_an_email_shows_local_times_of_an_offset(stage, stage_daemon, offset):  # noqa: F811
    """Clocked in at 09:15 by the agent's clock and never out: noted at 09:15, counted until midnight,
    in that zone by name."""
    stage.feed(
        "People",
        {
            "id": guid("agent", 1),
            "fullName": "Maria Santos",
            "status": "Joined",
            "groupId": guid("group", 1),
            "ICultureSettings/TimeZone": offset,
        },
    )
    stage.db.execute("UPDATE timesheet.client_groups SET time_zone = %s", (offset,))
    local = datetime.datetime.combine(stage.week + datetime.timedelta(days=1), datetime.time(9, 15))
    stage.db.execute("SELECT timesheet.replay()")  # the first version of the person was in UTC
    stage.db.execute(
        "SELECT timesheet.set_working_time('2020-01-01', " " (SELECT agent_id FROM timesheet.agents), time_zone => %s)",
        (offset,),
    )
    stage.feed(
        "TimeEntries",
        {
            "id": guid("event", 1),
            "personId": guid("agent", 1),
            "type": "In",
            "time": (local - OFFSETS[offset]).isoformat() + "Z",
            "status": "Active",
            "belongsToDate": str(local.date()),
        },
    )
    mail = shown_week(stage, stage_daemon)
    assert mail.texts("note-when") == [f"{local:%a} {local.day} {local:%b}, 09:15"]
    assert mail.texts("note-zone") == [offset]
    midnight = local.date() + datetime.timedelta(days=1)
    assert f"Counted until {midnight:%a} {midnight.day} {midnight:%b}, 00:00: 14.75 h, unconfirmed." in mail.text
    assert mail.json["as_of"].endswith(f"({offset})") and mail.json["time_zones"] == offset
    shown = datetime.datetime.strptime(mail.json["as_of"].split(" (")[0], "%a %d %b %Y, %H:%M")
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert abs(now + OFFSETS[offset] - shown) < datetime.timedelta(minutes=5)
    assert "Etc/" not in mail.html + mail.text and "&lt;+" not in mail.html and "<+" not in mail.text


# --- a server that lacks a zone

HARMED = "America/New_York"


@pytest.fixture(scope="module")
def original(tmp_path_factory, migrated_database):
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "3", "--now", NOW)
    daemon = Daemon(migrated_database(), fake)
    daemon.must("backfill", "--since", "2026-11-01", "--until", UNTIL)
    uri = daemon.environment["DATABASE_URL"]
    with psycopg.connect(uri, autocommit=True) as db:
        (group,) = db.execute("SELECT min(client_group_id) FROM timesheet.client_groups").fetchone()
        db.execute("UPDATE timesheet.client_groups SET time_zone = %s WHERE client_group_id = %s", (HARMED, group))
        db.execute(
            "SELECT timesheet.set_working_time('2026-11-10', for_agent => min(agent_id), time_zone => %s)"
            " FROM timesheet.agents WHERE time_zone = 'Asia/Manila'",
            (HARMED,),
        )
        db.execute("UPDATE timesheet.settings SET default_time_zone = %s", (HARMED,))
        db.execute("SELECT timesheet.refresh()")
    yield fake, uri
    fake.stop()


@pytest.fixture(scope="module")
def restored(original, new_database):
    """As it would be where the server lacks the name: a dump in which a name stands that no server knows."""
    fake, uri = original
    dump = subprocess.run(
        ["pg_dump", "-n", "timesheet", "-n", "timesheet_client", uri], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    copies = dump.split("\nCOPY ")
    harmed = {
        "attribute_history",
        "agent_history",
        "agents",
        "time_entries",
        "attendance_rollup",
        "client_groups",
        "working_time_overrides",
        "settings",
        "raw_events",
    }
    for n, part in enumerate(copies):
        if part.split(" (")[0].removeprefix("timesheet.") in harmed:
            copies[n] = part.replace(HARMED, "US/Lost")
    copy = new_database()
    done = subprocess.run(
        ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", copy],
        input="\nCOPY ".join(copies),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return Daemon(copy, fake)


LOST = "SELECT count(*) FROM timesheet.time_entries WHERE time_zone = 'US/Lost'"
VIEWS = (
    "SELECT * FROM timesheet.attendance",
    "SELECT * FROM timesheet.notes",
    "SELECT * FROM timesheet.daily_report",
    "SELECT * FROM timesheet.weekly_report",
    "SELECT * FROM timesheet.session_log",
    "SELECT * FROM timesheet.client_group_names",
    "SELECT * FROM timesheet.agent_names",
    "SELECT * FROM timesheet.feed_health",
    "SELECT * FROM timesheet.silent_agents",
    "SELECT * FROM timesheet.digest_health",
    "SELECT * FROM timesheet.client_attendance(ARRAY("
    "SELECT client_group_id FROM timesheet.client_groups), NULL, NULL)",
    "SELECT e.* FROM timesheet.agents AS a CROSS JOIN LATERAL timesheet.explain('2026-11-17', a.agent_id) AS e",
    "SELECT timesheet.nightly_resync_is_due(), timesheet.last_week_day()",
    "SELECT * FROM timesheet.digest_schedule('2026-11-01', '2026-12-01')",
    "SELECT * FROM timesheet.audit('2026-11-10', '2026-11-20', '{}')",
)


def lost(db):
    return [
        a
        for a, in db.execute(
            "SELECT DISTINCT agent_id FROM timesheet.agent_history WHERE time_zone = %s" " ORDER BY 1", (HARMED,)
        )
    ]


def others(db, harmed):
    return db.execute(
        "SELECT workday, client_group_id, agent_id, activity_id, work_seconds, break_seconds,"
        " manual_seconds, sessions FROM timesheet.daily_report"
        " WHERE agent_id <> ALL (%s) AND workday < '2026-11-24' ORDER BY 1, 2, 3, 4",
        (harmed,),
    ).fetchall()


def test_a_restore_brings_every_row_back_where_a_zone_is_not_known(original, restored):
    with psycopg.connect(original[1]) as before, psycopg.connect(restored.environment["DATABASE_URL"]) as after:
        for table in (
            "client_groups",
            "agents",
            "settings",
            "working_time_overrides",
            "time_entries",
            "agent_history",
            "attendance_rollup",
            "raw_events",
        ):
            count = f"SELECT count(*) FROM timesheet.{table}"
            assert before.execute(count).fetchone() == after.execute(count).fetchone() != (0,), table
        keys = (
            "SELECT count(*) FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace"
            " WHERE n.nspname = 'timesheet' AND c.contype = 'f'"
        )
        assert before.execute(keys).fetchone() == after.execute(keys).fetchone()
        assert after.execute(LOST).fetchone()[0] > 50


@pytest.mark.parametrize("engine", ENGINES)
def test_everybody_else_is_read_as_before(original, restored, engine):
    if engine == "native":
        restored.must("migrate")
    with psycopg.connect(original[1], autocommit=True) as before, psycopg.connect(
        restored.environment["DATABASE_URL"], autocommit=True
    ) as after:
        harmed = lost(before)
        assert 1 < len(harmed) < 10
        for db in (before, after):
            db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        for view in VIEWS:
            after.execute(view).fetchall()
        assert others(after, harmed) == others(before, harmed)
        local = (
            "SELECT agent_id, workday, time_zone, clock_in_local, clock_out_local FROM timesheet.attendance"
            " WHERE agent_id <> ALL (%s) AND workday < '2026-11-24' ORDER BY 1, 2",
            (harmed,),
        )
        assert after.execute(*local).fetchall() == before.execute(*local).fetchall()


def test_it_goes_on_there_and_is_noted(original, restored):
    """Corrections, settings, refresh, a sync and a replay; only those whose zone it was are counted otherwise,
    and that is noted."""
    with psycopg.connect(original[1]) as before, psycopg.connect(
        restored.environment["DATABASE_URL"], autocommit=True
    ) as after:
        harmed = lost(before)
        wanted = others(before, harmed)
        (manila,) = after.execute(
            "SELECT max(agent_id) FROM timesheet.agents WHERE time_zone = 'Asia/Manila'" " AND agent_id <> ALL (%s)",
            (harmed,),
        ).fetchone()
        correction = (
            "SELECT timesheet.set_working_time("
            "'2026-11-01', for_agent => %s, time_zone => 'Asia/Manila', day_cutoff => '00:00')"
        )
        after.execute(correction, (manila,))
        after.execute("UPDATE timesheet.settings SET day_cutoff = '01:00'")
        after.execute("UPDATE timesheet.settings SET day_cutoff = '00:00'")
        for (group,) in after.execute("SELECT client_group_id FROM timesheet.client_groups").fetchall():
            after.execute(
                "SELECT timesheet.set_working_time('2026-11-01', for_client_group => %s, " " day_cutoff => '00:00')",
                (group,),
            )
            after.execute(
                "UPDATE timesheet.client_groups SET week_starts_on = week_starts_on" " WHERE client_group_id = %s",
                (group,),
            )
        after.execute("DELETE FROM timesheet.working_time_overrides WHERE day_cutoff IS NOT NULL AND time_zone IS NULL")
        after.execute(
            "SELECT timesheet.rebuild_agent_history(array_agg(agent_id)),"
            " timesheet.reassign_workdays(array_agg(agent_id)) FROM timesheet.agents"
        )
        for step in (
            lambda: after.execute("SELECT timesheet.refresh()"),
            lambda: restored.must("replay"),
            lambda: after.execute("SELECT timesheet.replay('2026-11-01', '2026-11-20')"),
        ):
            step()
            assert others(after, harmed) == wanted
            for view in VIEWS:
                after.execute(view).fetchall()
            assert after.execute("SELECT count(*) FROM timesheet.ingest_problems").fetchone() == (0,)
            noted = after.execute(
                "SELECT DISTINCT agent_id, detail FROM timesheet.notes"
                " WHERE code = 'unknown_time_zone' AND detail LIKE '%counted in%'"
                " AND workday BETWEEN '2026-11-11' AND '2026-11-20' ORDER BY 1"
            ).fetchall()
            ours = before.execute(
                "SELECT DISTINCT agent_id FROM timesheet.time_entries WHERE time_zone = %s"
                " AND workday BETWEEN '2026-11-11' AND '2026-11-20' AND deleted_at IS NULL",
                (HARMED,),
            )
            assert {agent for agent, _ in noted} == {a for a, in ours} != set()
            assert all(detail.startswith('time zone "US/Lost" is not known here; counted in ') for _, detail in noted)
        assert after.execute(LOST).fetchone() == (0,)
        restored.must("sync", "--since", SINCE, "--until", UNTIL)
        restored.must("check")
        assert others(after, harmed) == wanted


def test_a_zone_that_comes_back_is_used_again(restored):
    """The settings' is given a name that is known: its agents are placed by it at the next refresh."""
    with psycopg.connect(restored.environment["DATABASE_URL"], autocommit=True) as db:
        db.execute(
            "UPDATE timesheet.agent_history SET unknown_time_zone = 'Asia/Manila'"
            " WHERE agent_id = (SELECT min(agent_id) FROM timesheet.agents)"
        )
        assert db.execute(
            "SELECT timesheet.agents_of_changed_zones() = ARRAY(SELECT min(agent_id)" " FROM timesheet.agents)"
        ).fetchone() == (True,)
        db.execute("SELECT timesheet.refresh()")
        assert db.execute("SELECT timesheet.agents_of_changed_zones()").fetchone() == (None,)
