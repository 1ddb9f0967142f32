"""Whatever the settings of a session are, the same is stored and returned, or there is an error;
see test_fixed_settings.py."""

import datetime
import json
import re

import psycopg
import pytest

from conftest import ENGINES, Daemon
from stage import guid
from logins import login  # noqa: F401 (a fixture)

# Such plans cost so much by the planner's count that each would be compiled.
PLANS = {"jit": "off"} | {
    f"enable_{node}": "off"
    for node in ("hashagg", "hashjoin", "mergejoin", "sort", "seqscan", "bitmapscan", "memoize", "incremental_sort")
}
PARALLEL = {
    "parallel_setup_cost": "0",
    "parallel_tuple_cost": "0",
    "min_parallel_table_scan_size": "0",
    "min_parallel_index_scan_size": "0",
    "max_parallel_workers_per_gather": "2",
}
# What could well change something, one at a time; of the rest, some that have nothing to do with each other together.
HOSTILE = [
    {name: value}
    for name, value in [
        ("standard_conforming_strings", "off"),
        ("datestyle", "SQL, DMY"),
        ("intervalstyle", "sql_standard"),
        ("timezone", "Pacific/Kiritimati"),
        ("timezone", "FOO+13:37BAR,M10.5.0,M11.1.0"),
        ("timezone_abbreviations", "Australia"),
        ("search_path", "evil, pg_temp, pg_catalog"),
    ]
] + [
    {
        "datestyle": "German, DMY",
        "intervalstyle": "iso_8601",
        "timezone": "America/New_York",
        "backslash_quote": "off",
        "client_encoding": "LATIN1",
        "row_security": "off",
    },
    {
        "datestyle": "Postgres, MDY",
        "intervalstyle": "postgres_verbose",
        "timezone": "<-12>+12",
        "timezone_abbreviations": "India",
        "extra_float_digits": "-15",
        "bytea_output": "escape",
        "escape_string_warning": "off",
        "lc_time": "C",
        "lc_numeric": "C.UTF-8",
        "lc_monetary": "POSIX",
    },
    {
        "transform_null_equals": "on",
        "array_nulls": "off",
        "xmloption": "document",
        "xmlbinary": "hex",
        "default_text_search_config": "pg_catalog.german",
        "quote_all_identifiers": "on",
        "check_function_bodies": "off",
        "synchronous_commit": "off",
        "gin_fuzzy_search_limit": "1",
        "default_transaction_deferrable": "on",
        "client_min_messages": "error",
        "password_encryption": "md5",
    },
    {
        "plan_cache_mode": "force_generic_plan",
        "from_collapse_limit": "1",
        "join_collapse_limit": "1",
        "constraint_exclusion": "on",
        "geqo_threshold": "2",
        "hash_mem_multiplier": "1",
        "cursor_tuple_fraction": "1",
        "default_statistics_target": "1",
        "work_mem": "64kB",
    },
    PLANS,
    {"jit": "off", "enable_nestloop": "off", "enable_indexscan": "off"},
    PARALLEL,
]
TOGETHER = [
    {
        "standard_conforming_strings": "off",
        "datestyle": "SQL, DMY",
        "intervalstyle": "sql_standard",
        "timezone": "Pacific/Kiritimati",
        "timezone_abbreviations": "Australia",
        "search_path": "evil, pg_temp, pg_catalog",
        "array_nulls": "off",
        "transform_null_equals": "on",
        "extra_float_digits": "-15",
        "bytea_output": "escape",
        "quote_all_identifiers": "on",
        "plan_cache_mode": "force_generic_plan",
    },
    {
        "standard_conforming_strings": "off",
        "backslash_quote": "off",
        "datestyle": "German",
        "timezone": "FOO+13:37BAR,M10.5.0,M11.1.0",
        "work_mem": "64kB",
        "intervalstyle": "iso_8601",
    },
]
# What a table holds of a moment, or numbers by a sequence that no ROLLBACK turns back.
STORED = {
    "raw": "SELECT resource, jibble_id, payload::text FROM timesheet.raw_events",
    "problems": (
        "SELECT r.resource, r.payload::text, p.problem FROM timesheet.ingest_problems AS p "
        "JOIN timesheet.raw_events AS r USING (raw_event_id)"
    ),
    "attribute_history": (
        "SELECT resource, jibble_id, valid_from, group_jibble_id, sheet_zone, culture_zone, knows_group, "
        "names_sheet_zone, names_culture_zone FROM timesheet.attribute_history"
    ),
    "overrides": "SELECT agent_id, client_group_id, since, time_zone, day_cutoff FROM timesheet.working_time_overrides",
    "settings": (
        "SELECT day_cutoff, default_time_zone, max_session, overnight_switch, long_session, missing_clock_out, "
        "activity_after_break FROM timesheet.settings"
    ),
    "contacts": "SELECT email, removed_at FROM timesheet.contacts",
    "contact_problems": "SELECT record_id, value, problem FROM timesheet.contact_problems",
    "deliveries": "SELECT email, week, revision, content - 'as_of' FROM timesheet.digest_deliveries",
    "figures": "SELECT week, client_group_id, agent_id, workday, work_seconds, hours FROM timesheet.digest_figures",
    **{
        table: f"SELECT * FROM timesheet.{table}"
        for table in (
            "client_groups",
            "agents",
            "activities",
            "agent_history",
            "time_entries",
            "hour_entries",
            "daily_rollup",
            "session_rollup",
            "note_rollup",
            "attendance_rollup",
            "contact_client_groups",
        )
    },
}
SHOWN = {
    **{
        view: f"SELECT * FROM timesheet.{view}"
        for view in (
            "weekly_report",
            "daily_report",
            "attendance",
            "session_log",
            "notes",
            "client_group_names",
            "activity_names",
            "agent_names",
            "stale_agent_days",
            "silent_agents",
        )
    },
    **{
        "client_" + view: f"SELECT * FROM timesheet_client.{view}"
        for view in ("weekly_report", "daily_report", "attendance", "session_log", "notes", "client_groups")
    },
    "digest_weeks": "SELECT email, week, first_day, last_day, complete_at, due_at, waits_because "
    "FROM timesheet.digest_weeks",
    "digests": "SELECT email, week, period, title, hours, state FROM timesheet.digests",
    "digest_hours": "SELECT week, client_group, agent, workday, hours FROM timesheet.digest_hours",
    "feed_health": "SELECT fresh_through, is_stale, rejected, silent_agents, last_error FROM timesheet.feed_health",
}
ASKED = {
    **{
        f"{engine}{name}": f"SELECT * FROM timesheet.{engine}{name}(NULL, NULL, NULL, '2026-11-20 12:00+00')"
        for name in ("sessions", "daily_hours", "weekly_hours", "notes")
        for engine in ("", *(f"{e}_" for e in ENGINES))
    },
    "explained": "SELECT x.part, CASE WHEN x.part <> 'version' THEN x.at END AS at, x.until, x.seconds, x.what, "
    "x.because, x.payload::text"
    " FROM generate_series(1, 4) AS a, timesheet.explain('2026-10-30', a) AS x WHERE x.part <> 'run'",
    "schedule": "SELECT * FROM timesheet.digest_schedule('2026-10-19', '2026-11-23')",
    "readiness": "SELECT * FROM timesheet.digest_readiness('2026-10-19', '2026-11-23')",
    "missing": "SELECT * FROM timesheet.missing_entries('TimeEntries', '2026-10-26', '2026-11-03', '{}')",
    "missing objects": "SELECT * FROM timesheet.missing_objects('People', '{}') ORDER BY 1",
    "read": "SELECT * FROM timesheet.days_read('2026-10-26', '2026-11-03')",
    "audited": "SELECT * FROM timesheet.audit('2026-10-26', '2026-11-03', ARRAY[(SELECT "
    "json_build_object('personId', a.jibble_id, 'daily', '[{\"date\": \"2026-10-27\","
    ' "tracked": "PT6H6M52.753408S", "unpaidBreak": "PT6M0.5S"}, {"date": "2026-10-28", "tracked": '
    '"P1Y"}]\'::pg_catalog.json)::text FROM timesheet.agents AS a WHERE a.agent_id = 1)])',
    "rounded": (
        "SELECT timesheet.round_hours(ARRAY[1000, 2000, NULL]), timesheet.last_week_day(), "
        "timesheet.last_closed_week(), timesheet.nightly_resync_is_due('2026-10-27 05:00+00')"
    ),
}
# Done under the settings, by hand and by functions; what is marked is then stored.
DONE = [
    "SELECT timesheet.replay()",
    "SELECT timesheet.set_working_time('2026-10-29', for_client_group => 1, time_zone => 'America/St_Johns', "
    "day_cutoff => '04:30')",
    "SELECT timesheet.assign_client_group(2, 1, '2026-10-28 12:00+00')",
    "UPDATE timesheet.settings SET day_cutoff = '03:00', default_time_zone = 'Asia/Kathmandu', long_session = '08:00'",
    "SELECT timesheet.refresh()",
    "SELECT timesheet.snapshot_digest(c.contact_id, '2026-10-26') FROM timesheet.contacts AS c "
    "WHERE starts_with(c.email, 'bob')",
]


def entries():
    """Six days of four people about the end of summer time, written in every form that is understood,
    and some that are not."""
    for agent in range(1, 5):
        for day in range(6):
            on = datetime.date(2026, 10, 28) + datetime.timedelta(day)
            for n, (clock, kind) in enumerate(
                [
                    ("08:00:00Z", "In"),
                    ("12:00:00.1234567Z", "StartBreak"),
                    ("20:30:00+08:00", "In"),
                    ("17:59", "In"),
                    ("23:10:00-00:30", "Out"),
                ]
            ):
                if (agent + day + n) % 7:
                    yield {
                        "id": guid("event", f"{agent} {day} {n}"),
                        "personId": guid("agent", agent),
                        "type": kind,
                        "time": f"{on}T{clock}",
                        "status": "Active",
                        "belongsToDate": f"{on}T00:00:00Z" if day % 2 else str(on),
                        "activityId": guid("activity", n % 2) if n else None,
                        "offset": "-PT3H30M" if n else "PT8H",
                        "createdAt": f"{on}T08:00Z",
                        "updatedAt": f"{on} 08:00",
                        "note": r"C:\new\u0041 'x'",
                    }


def payloads():
    yield from (("Groups", {"id": guid("group", n), "name": f"Client \\{n} é", "status": "Active"}) for n in (1, 2))
    yield from (("Activities", {"id": guid("activity", n), "name": f"Activity {n}"}) for n in (0, 1))
    yield from (
        (
            "People",
            {
                "id": guid("agent", n),
                "fullName": f"Agent {n}\u202e",
                "status": "Joined",
                "groupId": guid("group", 1 + n % 2),
                "updatedAt": "2026-10-20T08:00:00.5Z",
                "ICultureSettings/TimeZone": zone,
            },
        )
        for n, zone in enumerate(["Asia/Manila", "America/New_York", "Australia/Lord_Howe", "EST"], 1)
    )
    yield from (("TimeEntries", e) for e in entries())
    yield from (
        (
            "TimeEntries",
            {
                "id": guid("odd", n),
                "personId": guid("agent", 1),
                "type": "In",
                "belongsToDate": "2026-10-30",
                "time": time,
                "status": "Active",
            },
        )
        for n, time in enumerate(["2026-10-30T25:00:00Z", "30/10/2026 08:00", "now", "0999-10-30T08:00:00Z"])
    )
    yield from (
        (
            "HourEntries",
            {
                "id": guid("hours", n),
                "personId": guid("agent", 1 + n % 4),
                "date": "2026-10-28",
                "duration": duration,
                "status": "Active",
            },
        )
        for n, duration in enumerate(["PT1H30M", "P1DT6H", "PT0.9S", "PT90M", "-PT1H", "P1M", "1 hour", "PT5H-30M"])
    )


def store(db, objects, command="sync"):
    (run,) = db.execute("SELECT timesheet.begin_run(%s, '2026-10-01', '2026-11-20')", (command,)).fetchone()
    for resource, texts in objects.items():
        db.execute(
            "SELECT timesheet.store_page(%s::bigint, %s, %s::text[], %s::text[])",
            (run, resource, [json.loads(t.replace("\\ud83d", ""))["id"] for t in texts], texts),
        )
    db.execute("SELECT timesheet.finish_run(%s::bigint)", (run,))


@pytest.fixture(scope="module")
def world(new_database):
    uri = new_database()
    Daemon(uri).must("migrate")
    objects = {}
    for resource, o in payloads():
        # As Jibble may send it: half an emoji, and a NUL.
        objects.setdefault(resource, []).append(json.dumps(o).replace("'x'", r"\ud83d \u0000"))
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("UPDATE timesheet.settings SET digest_grace = '3 days'")
        store(db, objects)
        db.execute(
            "SELECT timesheet.store_contacts(%s, 'Email', 'G')",
            (
                json.dumps(
                    [
                        {
                            "id": f"rec{n}",
                            "fields": {"Email": email, "G": [guid("group", 1), guid("group", 2)][: n + 1]},
                        }
                        for n, email in enumerate(
                            ["Ann@example.com", "bob.o'brien@example.com", r"no\pe@example.com", "[x]@example.com"]
                        )
                    ]
                ),
            ),
        )
        db.execute(
            "INSERT INTO timesheet.client_access SELECT current_user, 1, to_regrole(current_user), "
            "c.system_identifier FROM pg_control_system() AS c"
        )
        db.execute("SELECT timesheet.refresh()")
        # Whatever stands before pg_catalog in a search_path, or is temporary.
        db.execute(
            """CREATE SCHEMA evil;
            CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '-infinity'::timestamptz $$;
            CREATE FUNCTION evil.length_text(bigint) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$;
            CREATE FUNCTION evil.wrong(date, int) RETURNS date LANGUAGE sql AS $$ SELECT date '1999-01-01' $$;
            CREATE FUNCTION evil.never(int, int) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
            CREATE OPERATOR evil.- (LEFTARG = date, RIGHTARG = int, FUNCTION = evil.wrong);
            CREATE OPERATOR evil.= (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.never);"""
        )
    return uri


def everything(uri, settings, engine="auto"):
    """{name: rows} after all that is DONE under these settings, in a session of its own,
    as no plan must be left from another; nothing stays."""
    with psycopg.connect(uri) as db, db.transaction(force_rollback=True):
        db.execute(
            "CREATE TEMP TABLE settings (); CREATE TEMP TABLE time_entries (); CREATE DOMAIN pg_temp.date AS int; "
            "CREATE DOMAIN pg_temp.json AS int; CREATE DOMAIN pg_temp.uuid AS int"
        )
        db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        apply(db, settings if settings is not PARALLEL else {})  # what writes would start hundreds of processes
        store(
            db,
            {"TimeEntries": [json.dumps(dict(e, id=guid("more", e["id"]), note=r"\n")) for e in list(entries())[:9]]},
            "test",
        )
        for statement in DONE:
            db.execute(statement)
        apply(db, settings)
        # In binary form, of which no other setting changes anything.
        db.execute("SET client_encoding = 'UTF8'")
        return {
            name: sorted(
                db.execute(f"SELECT pg_catalog.encode(pg_catalog.record_send(r), 'hex') FROM ({query}) AS r").fetchall()
            )
            for name, query in {**STORED, **SHOWN, **ASKED}.items()
            if name not in without(settings)
        }


def apply(db, settings):
    for name, value in settings.items():
        db.execute(f"SET {name} = '{value}'" if name != "search_path" else f"SET search_path = {value}")


def without(settings):
    """What is left out: what the test's own query would be another by,
    or what says itself that it is made of the session."""
    if "search_path" in settings:  # sql_… are pieces of other functions and called for themselves by tests alone
        yield from [name for name in ASKED if name.startswith("sql_")] + ["audited"]
    if settings is PARALLEL:  # so would these
        yield from ("explained", "audited")


@pytest.fixture(scope="module")
def usual(world):
    it = everything(world, {})
    empty = {name for name, rows in it.items() if not rows}
    assert empty <= {"silent_agents", "stale_agent_days", "digest_weeks"}, empty
    assert len(it["problems"]) == 7, it["problems"]
    return it


def differences(found, usual):
    def readable(row):
        return re.sub(r"[^ -~]+", " ", bytes.fromhex(row[0]).decode(errors="replace"))

    return {
        name: [readable(row) for row in sorted(set(rows) ^ set(usual[name]))[:6]] + [len(rows)]
        for name, rows in found.items()
        if rows != usual[name]
    }


@pytest.mark.parametrize("settings", HOSTILE, ids=lambda s: " ".join(f"{k}={v}" for k, v in list(s.items())[:2]))
def test_no_setting_changes_what_is_stored_or_returned(world, usual, settings):
    assert differences(everything(world, settings), usual) == {}


@pytest.mark.parametrize("settings", [{}, *TOGETHER], ids=["usual", "together", "and others"])
def test_nor_do_several_by_the_sql_engine(world, usual, settings):
    assert differences(everything(world, settings, "sql"), usual) == {}
