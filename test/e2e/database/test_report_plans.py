"""What a filter on a report leaves out is not read: the plans on a history of 100,000 entries,
and how many rows they touch."""

import datetime

import psycopg
import pytest

from conftest import ENGINES

AGENTS, DAYS = 40, 500
STORED = {"daily_rollup", "session_rollup", "note_rollup", "attendance_rollup", "time_entries", "raw_events"}


@pytest.fixture(scope="module")
def db(migrated_database):
    uri = migrated_database()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO timesheet.client_groups (client_group_id, jibble_id, name) "
            "SELECT n, gen_random_uuid(), 'Client ' || n FROM generate_series(1, 26) AS n"
        )
        connection.execute(
            "INSERT INTO timesheet.agents (agent_id, jibble_id, full_name) "
            "SELECT n, gen_random_uuid(), 'Agent ' || n FROM generate_series(1, %s) AS n",
            (AGENTS,),
        )
        connection.execute(
            """
            INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc,
              time_zone, raw_type, client_type, workday, workday_end)
            SELECT gen_random_uuid(), a, 1 + a %% 26, d::timestamp AT TIME ZONE 'UTC' + h * interval '1 hour', 'UTC', t,
              CASE t WHEN 'Out' THEN 'AutoOut' END, d, (d + 1)::timestamp AT TIME ZONE 'UTC'
            FROM generate_series(1, %s) AS a, generate_series(1, %s) AS n,
              LATERAL (SELECT date '2026-01-01' - n) AS day (d),
              (VALUES (8, 'In'), (10, 'In'), (12, 'StartBreak'), (13, 'In'), (17, 'Out')) AS e (h, t)""",
            (AGENTS, DAYS),
        )
        connection.execute("SELECT timesheet.refresh()")
        connection.execute("VACUUM (ANALYZE)")
        # And some days that are stale.
        connection.execute(
            "UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '1 second' "
            "WHERE workday = '2025-12-29' AND raw_type = 'StartBreak'"
        )
        yield connection


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def rows_touched(db, query):
    """Of the stored tables: how many rows a plan read or threw away. A sequential scan of one fails the test."""
    plan = db.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query).fetchone()[0][0]["Plan"]
    touched = 0
    for node in nodes(plan):
        if node.get("Relation Name") in STORED and node["Actual Loops"] > 0:
            assert (
                "Index" in node["Node Type"] or "Bitmap" in node["Node Type"]
            ), f"{node['Node Type']} of {node['Relation Name']} for {query}"
            touched += node["Actual Loops"] * (
                node["Actual Rows"]
                + node.get("Rows Removed by Filter", 0)
                + node.get("Rows Removed by Index Recheck", 0)
            )
    return touched


def engine_calls(db, query):
    plan = db.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query).fetchone()[0][0]["Plan"]
    return sum(
        node["Actual Loops"]
        for node in nodes(plan)
        if node.get("Function Name") in ("daily_hours", "sessions", "attendance_days", "derived_notes")
    )


# At most so many stored rows for what the filter wants.
@pytest.mark.parametrize(
    "query, most",
    [
        ("SELECT * FROM timesheet.weekly_report WHERE week_start = '2025-12-22'", 7 * AGENTS * 2),
        (
            "SELECT * FROM timesheet.weekly_report WHERE week_start = '2025-12-22' AND client_group = 'Client 5'",
            7 * AGENTS * 2,
        ),
        ("SELECT * FROM timesheet.weekly_report WHERE client_group = 'Client 26'", DAYS * 2),
        ("SELECT * FROM timesheet.weekly_report WHERE client_group_id = 26", DAYS * 2),
        ("SELECT * FROM timesheet.weekly_report WHERE agent = 'Agent 7'", DAYS * 2),
        ("SELECT * FROM timesheet.weekly_report WHERE agent_id = 7 AND week_start >= '2025-12-01'", DAYS * 2),
        ("SELECT * FROM timesheet.daily_report WHERE workday = '2025-12-22'", AGENTS * 2),
        (
            "SELECT * FROM timesheet.daily_report WHERE workday BETWEEN '2025-12-22' AND '2025-12-28' "
            "AND client_group = 'Client 5'",
            7 * AGENTS * 2,
        ),
        ("SELECT * FROM timesheet.daily_report WHERE workday >= '2025-12-22' AND agent = 'Agent 7'", 7 * AGENTS * 2),
        ("SELECT * FROM timesheet.attendance WHERE workday = '2025-12-22'", AGENTS * 2),
        ("SELECT * FROM timesheet.attendance WHERE agent_id = 7 AND workday >= '2025-12-22'", 40),
        ("SELECT * FROM timesheet.attendance WHERE client_group = 'Client 5' AND workday >= '2025-12-22'", 14 * AGENTS),
        ("SELECT * FROM timesheet.notes WHERE workday >= '2025-12-22' AND client_group = 'Client 5'", 14 * AGENTS),
        ("SELECT * FROM timesheet.session_log WHERE agent_id = 7 AND workday = '2025-12-22'", 20),
        ("SELECT * FROM timesheet.session_log WHERE workday = '2025-12-22'", 8 * AGENTS),
        ("SELECT * FROM timesheet.session_log WHERE client_group_id = 26", 8 * DAYS),
        ("SELECT * FROM timesheet.session_log WHERE client_group = 'Client 26'", 8 * DAYS),
        ("SELECT * FROM timesheet.session_log WHERE agent = 'Agent 7'", 8 * DAYS),
        ("SELECT * FROM timesheet.attendance WHERE agent = 'Agent 7'", 2 * DAYS),
        ("SELECT * FROM timesheet.attendance WHERE client_group = 'Client 26'", 2 * DAYS),
        ("SELECT * FROM timesheet.notes WHERE agent = 'Agent 7'", 2 * DAYS),
        ("SELECT * FROM timesheet.notes WHERE client_group = 'Client 26'", 2 * DAYS),
    ],
)
def test_a_filter_reads_what_it_wants(db, query, most):
    assert rows_touched(db, query) <= most


@pytest.mark.parametrize(
    "filtered, calls",
    [
        ("weekly_report WHERE week_start = '2025-12-22'", 0),
        ("weekly_report WHERE week_start = '2025-12-29'", 1),
        ("weekly_report WHERE agent = 'Agent 7'", 1),
        ("daily_report WHERE workday = '2025-12-30'", 0),
        ("daily_report WHERE workday = '2025-12-29'", 1),
        ("attendance WHERE workday = '2025-12-30'", 0),
        ("session_log WHERE agent_id = 7", 1),
    ],
)
def test_the_engine_is_asked_only_for_stale_days_that_the_filter_wants(db, filtered, calls):
    assert engine_calls(db, f"SELECT * FROM timesheet.{filtered}") == calls


# Some filters, and how often the engine is asked where every day of every agent is stale: once for a day or a week.
EVERYTHING_STALE = [
    ("weekly_report WHERE week_start = '2025-12-22'", 1),
    ("weekly_report WHERE week_start = '2025-12-22' AND client_group = 'Client 5'", 1),
    ("weekly_report WHERE week_start >= '2025-12-15' AND week_start < '2025-12-29' AND agent_id = 7", 2),
    ("daily_report WHERE workday = '2025-12-22'", 1),
    ("daily_report WHERE workday BETWEEN '2025-12-22' AND '2025-12-28' AND client_group_id = 5", 7),
    ("daily_report WHERE week_start = '2025-12-22'", 7),
    ("attendance WHERE workday BETWEEN '2025-12-22' AND '2025-12-28' AND client_group = 'Client 5'", 7),
    ("notes WHERE workday BETWEEN '2025-12-22' AND '2025-12-28'", 7),
    ("session_log WHERE workday BETWEEN '2025-12-22' AND '2025-12-28' AND agent = 'Agent 7'", 7),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("outlier", [None, "1950-01-01", "2900-01-01"])
def test_where_everything_is_stale_the_engine_is_asked_for_what_the_filter_wants(db, engine, outlier):
    """Whatever the planner believes: the statistics know of no stale day, and the statements were prepared while
    nothing was stale. Where one client group's week begins on Sunday, a day is asked for once more."""
    with db.transaction(force_rollback=True):
        db.execute("SELECT timesheet.use_engine(%s)", (engine,))
        db.execute("DELETE FROM timesheet.stale_days")
        db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        wanted = {}
        for n, (filtered, _) in enumerate(EVERYTHING_STALE):
            db.execute(f"PREPARE everything_stale_{n} AS SELECT * FROM timesheet.{filtered}")
            assert engine_calls(db, f"EXECUTE everything_stale_{n}") == 0
            wanted[filtered] = sorted(map(str, db.execute(f"EXECUTE everything_stale_{n}").fetchall()))
        db.execute("SELECT timesheet.mark_all_days()")
        if outlier:
            db.execute("INSERT INTO timesheet.stale_days (agent_id, workday) VALUES (7, %s)", (outlier,))
        assert db.execute("SELECT count(*) >= %s FROM timesheet.stale_agent_days", (AGENTS * DAYS,)).fetchone() == (
            True,
        )
        for n, (filtered, calls) in enumerate(EVERYTHING_STALE):
            for query in (f"SELECT * FROM timesheet.{filtered}", f"EXECUTE everything_stale_{n}"):
                assert engine_calls(db, query) == calls, query
                assert sorted(map(str, db.execute(query).fetchall())) == wanted[filtered], query
            db.execute(f"DEALLOCATE everything_stale_{n}")
        db.execute("UPDATE timesheet.client_groups SET week_starts_on = 7 WHERE client_group_id = 5")
        assert engine_calls(db, "SELECT * FROM timesheet.weekly_report WHERE week_start = '2025-12-21'") == 1
        assert engine_calls(db, "SELECT * FROM timesheet.daily_report WHERE workday = '2025-12-21'") == 2


def paged(db, table, columns, size, condition="true"):
    """All rows of a page-by-page walk from the newest on, and the most stored rows that a page touched."""
    at, id = columns
    rows, most, last = [], 0, ""
    while True:
        query = (
            f"SELECT {at}, {id} FROM timesheet.{table} WHERE {condition} {last} ORDER BY {at} DESC, {id} DESC "
            f"LIMIT {size}"
        )
        if len(rows) < 5 * size:
            most = max(most, rows_touched(db, query))
        page = db.execute(query).fetchall()
        rows += page
        if len(page) < size:
            return rows, most
        last = f"AND ({at}, {id}) < ('{page[-1][0]}', '{page[-1][1]}')"


@pytest.mark.parametrize(
    "table, columns, condition, size",
    [
        ("session_log", ("started_at", "jibble_activity_id"), "true", 50),
        ("session_log", ("started_at", "jibble_activity_id"), "agent_id = 7", 50),
        ("session_log", ("started_at", "jibble_activity_id"), "client_group_id = 5", 50),
        ("time_entries", ("start_time_utc", "jibble_activity_id"), "true", 50),
        ("time_entries", ("start_time_utc", "jibble_activity_id"), "agent_id = 7 AND deleted_at IS NULL", 50),
    ],
)
def test_pages_by_key_bring_every_row_once_and_read_no_more_than_a_page(db, table, columns, condition, size):
    if condition == "true":
        condition = f"{columns[0]} >= '2025-12-20'"  # as many pages as are worth walking
    rows, most = paged(db, table, columns, size, condition)
    wanted = db.execute(f"SELECT {columns[0]}, {columns[1]} FROM timesheet.{table} WHERE {condition}").fetchall()
    assert sorted(rows) == sorted(wanted) and rows == sorted(rows, reverse=True) and len(rows) > size
    assert most <= 4 * size + 400  # and the stale days, which are computed


def test_which_days_were_read_costs_what_is_asked_for_and_not_the_run_log(db):
    """Twelve polls a day for twenty years before, of three days each; a page of 8 kB holds some sixty of them."""
    db.execute(
        """
        INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at)
        SELECT 'sync', d - 2, d, 'succeeded', d::timestamp + h * interval '2 hours',
          d::timestamp + h * interval '2 hours'
        FROM generate_series(1, 7300) AS n, LATERAL (SELECT date '2026-01-01' - n) AS day (d),
          generate_series(0, 11) AS h"""
    )
    db.execute("ANALYZE timesheet.ingest_runs")
    query = "SELECT count(read_at), max(read_at) FROM timesheet.days_read('2025-12-20', '2025-12-31')"
    assert db.execute("SET timezone = 'UTC'") and str(db.execute(query).fetchone()) == str(
        (11, datetime.datetime(2025, 12, 31, 22, tzinfo=datetime.timezone.utc))
    )
    buffers = db.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query).fetchone()[0][0]["Plan"]
    assert buffers["Shared Hit Blocks"] + buffers["Shared Read Blocks"] < 200


@pytest.mark.parametrize("unknown_zone", [None, "US/Lost"])
@pytest.mark.parametrize(
    "since, until, agent, most",
    [("2025-12-22", "2025-12-23", 26, 7 * 5), ("2025-12-22", "2025-12-23", None, 7 * 5 * AGENTS)],
)
def test_the_notes_of_a_day_read_no_more_than_the_days_about_it(db, unknown_zone, since, until, agent, most):
    """Also where a client group's reporting zone is not known; where all are, nothing is read."""
    with db.transaction(force_rollback=True):
        db.execute(
            "UPDATE timesheet.client_groups SET unknown_time_zone = %s WHERE client_group_id = 1", (unknown_zone,)
        )
        query = f"SELECT * FROM timesheet.entry_notes('{since}', '{until}', {agent or 'NULL::int'})"
        assert rows_touched(db, query) <= (most if unknown_zone else 0)
        assert len(db.execute(query).fetchall()) == (1 if unknown_zone else 0)  # agent 26 is group 1's only one


def test_who_is_to_be_audited_costs_no_history(db):
    """Nobody of these has anything live about those days."""
    db.execute("ANALYZE timesheet.hour_entries")
    query = "SELECT count(*) FROM timesheet.audited_people('2026-05-04', '2026-05-10')"
    assert db.execute(query).fetchone() == (AGENTS,)
    buffers = db.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query).fetchone()[0][0]["Plan"]
    assert buffers["Shared Hit Blocks"] + buffers["Shared Read Blocks"] < 40 * AGENTS
