"""What an engine and the oracle say of the same histories, as comparable rows, and how they differ."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID

from oracle import session_rules as oracle

FUNCTIONS = ["sessions", "daily_hours", "weekly_hours", "notes"]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
COLUMNS = {
    "sessions": "agent_id, client_group_id, activity_id, workday, kind, (extract(epoch FROM started_at) * "
    "1000000)::bigint,"
    " (extract(epoch FROM ended_at) * 1000000)::bigint, seconds, end_reason, is_complete, jibble_activity_id",
    "notes": "workday, agent_id, client_group_id, code, (extract(epoch FROM at) * 1000000)::bigint, jibble_activity_id",
}
AGENT_COLUMN = {"sessions": 0, "daily_hours": 1, "weekly_hours": 1, "notes": 1}


def instant(us):
    return EPOCH + timedelta(microseconds=us)


def interval(us):
    return f"{us} microseconds"


def load(db, batch):
    """Fills an empty schema, inside the caller's transaction, in an order that tells nothing."""
    db.execute("SET LOCAL timezone = 'UTC'")
    s = batch.settings
    db.execute(
        "UPDATE timesheet.settings SET max_session = %s, overnight_switch = %s, long_session = %s, "
        "missing_clock_out = %s, week_starts_on = %s, activity_after_break = %s",
        (
            interval(s.max_session_us),
            interval(s.overnight_switch_us),
            interval(s.long_session_us),
            s.missing_clock_out,
            s.week_starts_on,
            s.activity_after_break,
        ),
    )
    for group, week_start in batch.week_starts.items():
        db.execute(
            "INSERT INTO timesheet.client_groups (client_group_id, jibble_id, week_starts_on) "
            "VALUES (%s, gen_random_uuid(), %s)",
            (group, week_start),
        )
    for activity in (1, 2):
        db.execute(
            "INSERT INTO timesheet.activities (activity_id, jibble_id) VALUES (%s, gen_random_uuid())", (activity,)
        )
    db.execute(
        "INSERT INTO timesheet.agents (agent_id, jibble_id) SELECT n, gen_random_uuid() FROM unnest(%s) AS n",
        (list(batch.entries),),
    )
    entries = [e for of_agent in batch.entries.values() for e in of_agent]
    random.Random(0).shuffle(entries)
    load_entries(db, entries)
    with db.cursor().copy(
        "COPY timesheet.hour_entries (jibble_id, agent_id, client_group_id, activity_id, workday, seconds, "
        "deleted_at) FROM STDIN"
    ) as copy:
        for n, h in enumerate(h for of_agent in batch.hour_entries.values() for h in of_agent):
            copy.write_row(
                (
                    UUID(int=n + 1),
                    h.agent_id,
                    h.client_group_id,
                    h.activity_id,
                    h.date,
                    h.seconds,
                    EPOCH if h.deleted else None,
                )
            )
    db.execute("ANALYZE timesheet.time_entries, timesheet.hour_entries")


def load_entries(db, entries):
    with db.cursor().copy(
        "COPY timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,"
        " time_zone, raw_type, client_type, belongs_to_date, workday, workday_end, is_odd_workday,"
        " unknown_time_zone, deleted_at) FROM STDIN"
    ) as copy:
        for e in entries:
            copy.write_row(
                (
                    e.jibble_activity_id,
                    e.agent_id,
                    e.client_group_id,
                    e.activity_id,
                    instant(e.start_us),
                    e.time_zone,
                    e.raw_type,
                    e.client_type,
                    e.belongs_to_date,
                    e.workday,
                    instant(e.workday_end_us),
                    e.odd_workday,
                    e.unknown_time_zone,
                    EPOCH if e.deleted else None,
                )
            )


def asked(db, engine, function, question, agent=None):
    """The rows of one engine's function; instants are microseconds."""
    return db.execute(
        f"SELECT {COLUMNS.get(function, '*')} FROM timesheet.{engine}_{function}(%s, %s, %s, %s) "
        + (
            "UNION ALL SELECT " + COLUMNS["notes"] + " FROM timesheet.entry_notes(%s, %s, %s)"
            if function == "notes"
            else ""
        ),
        (question.since, question.until, agent, instant(question.as_of_us))
        + ((question.since, question.until, agent) if function == "notes" else ()),
    ).fetchall()


def expected(batch, function, question, agents=None):
    """The oracle's rows, worked out agent by agent."""
    rows = []
    for agent in agents or batch.entries:
        arguments = (question.since, question.until, None, question.as_of_us, batch.settings)
        entries, hour_entries = batch.entries[agent], batch.hour_entries[agent]
        found = {
            "sessions": lambda: oracle.sessions(entries, *arguments),
            "daily_hours": lambda: oracle.daily_hours(entries, hour_entries, *arguments),
            "weekly_hours": lambda: oracle.weekly_hours(entries, hour_entries, *arguments, batch.week_starts),
            "notes": lambda: oracle.notes(entries, *arguments),
        }[function]()
        rows += [tuple(vars(row).values()) for row in found]
    return rows


def differing_agents(function, found, wanted):
    found, wanted = Counter(found), Counter(wanted)
    difference = (found - wanted) + (wanted - found) if found != wanted else ()
    return sorted({row[AGENT_COLUMN[function]] for row in difference})


def shortest(batch, agent, differs):
    """The agent's history without what can be left out while `differs(batch)` still holds."""

    def given(entries, hour_entries):
        return replace(batch, entries={agent: entries}, hour_entries={agent: hour_entries})

    smallest = given(batch.entries[agent], batch.hour_entries[agent])
    was_cut = True
    while was_cut:
        was_cut = False
        entries, hour_entries = smallest.entries[agent], smallest.hour_entries[agent]
        shorter = [given(entries[:i] + entries[i + 1 :], hour_entries) for i in range(len(entries))]
        shorter += [given(entries, hour_entries[:i] + hour_entries[i + 1 :]) for i in range(len(hour_entries))]
        for candidate in shorter:
            if differs(candidate):
                smallest, was_cut = candidate, True
                break
    return smallest


def disagreement(db, batch, engine, function, question, agent):
    """The text of a failure: the shortest history that shows it, to be pasted into KEPT, and both answers."""

    def answers(candidate):
        with db.transaction(force_rollback=True):
            load(db, candidate)
            return asked(db, engine, function, question), expected(candidate, function, question)

    def differs(candidate):
        found, wanted = answers(candidate)
        return Counter(found) != Counter(wanted)

    with db.transaction(force_rollback=True):
        for table in ("time_entries", "hour_entries", "client_groups", "activities", "agents"):
            db.execute(f"DELETE FROM timesheet.{table}")
        smallest = shortest(batch, agent, differs)
        found, wanted = answers(smallest)
    return (
        f"{engine}_{function} differs from the rules; as a line of KEPT:\n    {smallest!r},\nquestion: {question!r}\n"
        f"the engine: {sorted(found, key=repr)!r}\nthe rules:  {sorted(wanted, key=repr)!r}"
    )
