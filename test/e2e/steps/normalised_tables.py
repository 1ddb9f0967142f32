"""All that a database holds, table by table, in words that two copies of it share."""

# What differs by when or by which transaction it was written, and what is not compared.
VOLATILE = {
    "settings": ["engine"],
    "ingest_problems": ["tried_at"],
    "stale_days": ["stale_day_id", "marked_by"],
    "raw_events": ["payload"],  # no replay writes any
}
# Of the two databases one was asked in steps: what is left of that is asked for apart.
OTHERS = {"lock_holders", "replays", "replay_agents", "replay_entries", "alerts", "alert_messages"}
STORED = ("daily_rollup", "session_rollup", "note_rollup", "attendance_rollup", "stale_days")
KEYS = {"agent_id": "agents", "client_group_id": "client_groups", "activity_id": "activities"}


def tables(db):
    return {
        name
        for name, in db.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'timesheet'::regnamespace AND relkind = 'r'"
        )
    } - OTHERS


def columns(db, table):
    return {
        name
        for name, in db.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            (f"timesheet.{table}",),
        )
    }


def rows(db, table):
    """Each row once, as text, with Jibble's ids for ours: a key that was given anew may be another."""
    of_table = columns(db, table)
    keys = sorted(of_table & set(KEYS))
    names = ", ".join(
        f"'{key}', coalesce((SELECT n.jibble_id::text FROM timesheet.{KEYS[key]} AS n WHERE n.{key} = t.{key}),"
        f" t.{key}::text)"
        for key in keys
    )
    left_out = "".join(f" - '{column}'" for column in keys + VOLATILE.get(table, []))
    return sorted(
        row
        for row, in db.execute(
            f"SELECT (to_jsonb(t){left_out} || jsonb_build_object({names}))::text FROM timesheet.{table} AS t"
        )
    )


def contents(db, *only):
    """{table: its rows}, of these or of all."""
    with db.transaction():
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        db.execute("SET LOCAL timezone = 'UTC'")
        return {table: rows(db, table) for table in only or sorted(tables(db))}


def keys_given(db):
    """{(table, Jibble's id): our key}, which stays whatever is rebuilt."""
    return {
        (table, id): key
        for column, table in KEYS.items()
        for id, key in db.execute(f"SELECT jibble_id, {column} FROM timesheet.{table}")
    }


def unlike(one, other):
    """{table: (some rows that only the first has, some that only the other has)}, empty if all are alike."""
    found = {}
    for table in sorted(one.keys() | other.keys()):
        extra = set(one.get(table, ())) - set(other.get(table, ()))
        lacking = set(other.get(table, ())) - set(one.get(table, ()))
        if extra or lacking or len(one.get(table, ())) != len(other.get(table, ())):
            found[table] = sorted(extra)[:3], sorted(lacking)[:3]
    return found
