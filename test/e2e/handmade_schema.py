"""The schema timesheet as the owner of a database could make it by hand: nothing but what the native engine reads."""

import os

import psycopg

from conftest import SUPERUSER_URI

LIBRARY = os.environ.get("TIMESHEET_TEST_LIBRARY")  # another build of the extension; see test_undefined_behaviour.py
FUNCTIONS = ("sessions", "daily_hours", "weekly_hours", "notes")
# What each function reads.
READ_BY = {
    "settings": FUNCTIONS,
    "time_entries": FUNCTIONS,
    "hour_entries": ("daily_hours", "weekly_hours"),
    "client_groups": ("weekly_hours",),
}
# Each table's columns: name, type, whether it may be null.
COLUMNS = {
    "settings": [
        ("max_session", "interval", False),
        ("overnight_switch", "interval", False),
        ("long_session", "interval", False),
        ("missing_clock_out", "text", False),
        ("week_starts_on", "integer", False),
        ("activity_after_break", "text", False),
    ],
    "client_groups": [("client_group_id", "integer", False), ("week_starts_on", "integer", True)],
    "time_entries": [
        ("agent_id", "integer", False),
        ("start_time_utc", "timestamp with time zone", False),
        ("kind", "smallint", False),
        ("jibble_activity_id", "uuid", False),
        ("workday", "date", False),
        ("workday_end", "timestamp with time zone", False),
        ("client_group_id", "integer", True),
        ("activity_id", "integer", True),
        ("is_auto_out", "boolean", False),
        ("deleted_at", "timestamp with time zone", True),
    ],
    "hour_entries": [
        ("agent_id", "integer", False),
        ("workday", "date", False),
        ("client_group_id", "integer", True),
        ("activity_id", "integer", True),
        ("seconds", "bigint", False),
        ("deleted_at", "timestamp with time zone", True),
    ],
}
ID = "00000000-0000-0000-0000-0000000000"  # begins the id of each entry
ROWS = {
    "settings": "('16:00', '06:00', '12:00', 'day_end', 1, 'as_sent')",
    "client_groups": "(1, 7), (2, 3), (3, NULL)",
    # Two shifts of agent 1, one of them overnight and never ended; agent 2 has a break,
    # a stray out and a deleted entry.
    "time_entries": f"""
        (1, '2026-11-01 09:00Z', 2, '{ID}01', '2026-11-01', '2026-11-02 00:00Z', 1, 1, false, NULL),
        (1, '2026-11-01 22:30Z', 0, '{ID}02', '2026-11-01', '2026-11-02 00:00Z', 1, NULL, true, NULL),
        (1, '2026-11-03 20:00Z', 2, '{ID}03', '2026-11-03', '2026-11-04 00:00Z', NULL, 2, false, NULL),
        (2, '2026-11-01 09:00Z', 2, '{ID}04', '2026-11-01', '2026-11-02 00:00Z', 2, 1, false, NULL),
        (2, '2026-11-01 10:00Z', 1, '{ID}05', '2026-11-01', '2026-11-02 00:00Z', 2, NULL, false, NULL),
        (2, '2026-11-01 10:30Z', 2, '{ID}06', '2026-11-01', '2026-11-02 00:00Z', 2, 3, false, NULL),
        (2, '2026-11-01 11:00Z', 3, '{ID}07', '2026-11-01', '2026-11-02 00:00Z', 2, NULL, false, NULL),
        (2, '2026-11-01 12:00Z', 0, '{ID}08', '2026-11-01', '2026-11-02 00:00Z', 2, NULL, false, NULL),
        (2, '2026-11-02 12:00Z', 0, '{ID}09', '2026-11-02', '2026-11-03 00:00Z', 2, NULL, false, NULL),
        (2, '2026-11-02 13:00Z', 2, '{ID}0a', '2026-11-02', '2026-11-03 00:00Z', 2, NULL, false, '2026-11-03')""",
    "hour_entries": """
        (0, '2026-11-01', NULL, NULL, 60, NULL), (2, '2026-11-01', 2, 3, 600, NULL),
        (2, '2026-11-08', 2, 3, 6000, NULL),
        (3, '2026-11-01', 3, 1, 7, NULL), (3, '2026-11-01', 3, 1, 70, '2026-11-02')""",
}

# As sql/schema makes it: what the engine reads without a query.
INDEX = """
    CREATE INDEX time_entries_session_order ON timesheet.time_entries
      (agent_id, start_time_utc, kind, jibble_activity_id)
      INCLUDE (is_auto_out, workday, workday_end, client_group_id, activity_id) WHERE deleted_at IS NULL"""


def table_definition(table, schema="timesheet"):
    columns = ", ".join(
        f"{name} {kind}{'' if may_be_null else ' NOT NULL'}" for name, kind, may_be_null in COLUMNS[table]
    )
    return f"CREATE TABLE {schema}.{table} ({columns}); INSERT INTO {schema}.{table} VALUES {ROWS[table]}"


def make_schema(uri):
    """As the owner of the database, who is nobody else in it."""
    with psycopg.connect(uri) as db:
        assert db.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        db.execute("CREATE SCHEMA timesheet")
        for table in COLUMNS:
            db.execute(table_definition(table))
        db.execute(INDEX)
        db.execute("CREATE EXTENSION timesheet")
        # Rows in one text, or how it failed; a failure is left like any handled one, in a subtransaction.
        db.execute(
            """
            CREATE FUNCTION public.outcome(call text, OUT state text, OUT said text) LANGUAGE plpgsql AS $$
            BEGIN
              EXECUTE format('SELECT coalesce(string_agg(r::text, E''\\n'' ORDER BY r::text), '''') FROM %s AS r', call)
                INTO said;
            EXCEPTION WHEN OTHERS THEN
              state := SQLSTATE;
              said := SQLERRM;
            END $$;
            CREATE FUNCTION public.outcomes(OUT function text, OUT state text, OUT said text)
            RETURNS SETOF record LANGUAGE plpgsql AS $$
            BEGIN
              FOREACH function IN ARRAY '{sessions,daily_hours,weekly_hours,notes}'::text[] LOOP
                SELECT o.state, o.said INTO outcomes.state, outcomes.said
                FROM public.outcome(format('timesheet.native_%s(NULL, NULL, NULL, ''2026-12-01'')', function)) AS o;
                RETURN NEXT;
              END LOOP;
            END $$"""
        )
    if LIBRARY:
        with psycopg.connect(
            SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]
        ) as db:  # who alone may load another
            for (definition,) in db.execute(
                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'native%'"
            ).fetchall():
                db.execute(definition.replace("$libdir/timesheet", LIBRARY))


def outcomes(db):
    """{function: (SQLSTATE or None, message or rows)} of all four: the same by the index and by a query."""
    found = []
    for switch in ("off", "on"):
        db.execute("SELECT set_config('enable_indexonlyscan', %s, true)", (switch,))
        rows = db.execute("SELECT function, state, said FROM public.outcomes()")
        found.append({function: (state, said) for function, state, said in rows})
    by_query, by_index = found
    assert by_index == by_query
    return by_index
