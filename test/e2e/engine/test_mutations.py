"""Each engine with a fault put into it, one at a time: the comparison with the oracle must notice.

The lists are the faults. A test fails if a fault goes unnoticed, and if the text it replaces is gone.
"""

import itertools
import os
import pathlib
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

import engine_rows
from conftest import ENGINES, SUPERUSER_URI, TIMESHEETD
from engine_rows import FUNCTIONS
from oracle import histories

EXTENSION = pathlib.Path(__file__).parents[3] / "extension"
SEED = "20261124/mutations"
AGENTS = 600

# (what is wrong, function, text, text instead)
SQL = [
    ("R1 deleted entries count", "sql_events", "t.deleted_at IS NULL AND t.kind < 3", "t.kind < 3"),
    ("R1 unknown types count", "sql_events", "t.kind < 3", "t.kind <= 3"),
    (
        "R2 order without kind",
        "sql_events",
        "ORDER BY e.start_time_utc, e.kind_rank, e.jibble_activity_id",
        "ORDER BY e.start_time_utc, e.jibble_activity_id",
    ),
    (
        "R5 n at exactly max_session is too late",
        "sql_events",
        "e.next_time <= e.max_end",
        "e.next_time < e.max_end",
    ),
    (
        "R5 exactly overnight_switch is long",
        "sql_events",
        "e.next_time > e.late_after",
        "e.next_time >= e.late_after",
    ),
    (
        "R5 n at exactly workday_end is past it",
        "sql_events",
        "e.next_time > e.workday_end",
        "e.next_time >= e.workday_end",
    ),
    ("R5 a long break is closed", "sql_events", "(e.is_break OR e.next_closes_by", "(e.next_closes_by"),
    (
        "R6 as_of may be before the start",
        "sql_events",
        "greatest(e.start_time_utc, (SELECT r.as_of FROM rules AS r))",
        "(SELECT r.as_of FROM rules AS r)",
    ),
    (
        "R6 still running when max_session is over",
        "sql_events",
        "(SELECT r.as_of FROM rules AS r) < e.max_end",
        "(SELECT r.as_of FROM rules AS r) <= e.max_end",
    ),
    (
        "R6 work longer than max_session",
        "sql_events",
        "least(e.workday_end, e.max_end,",
        "least(e.workday_end,",
    ),
    ("R7 automatic outs look like people's", "sql_events", "WHEN e.is_auto_out", "WHEN false"),
    (
        "R8 carried on into another workday",
        "sql_attributed_events",
        "(lag(e.workday) OVER earlier) = e.workday",
        "true",
    ),
    (
        "R8 carried on into another client group",
        "sql_attributed_events",
        "IS NOT DISTINCT FROM e.client_group_id",
        "IS NOT NULL",
    ),
    (
        "R8 no client group equals none",
        "sql_attributed_events",
        "(lag(e.client_group_id) OVER earlier) IS NOT DISTINCT FROM e.client_group_id",
        "(lag(e.client_group_id) OVER earlier) = e.client_group_id",
    ),
    (
        "R8 carried on without a break",
        "sql_attributed_events",
        "WHEN e.is_work THEN e.end_reason = 'break'",
        "WHEN e.is_work THEN e.end_reason IN ('break', 'next_activity')",
    ),
    (
        "R8 carried on over one break alone",
        "sql_attributed_events",
        "WHEN e.is_break THEN e.end_reason IN ('break', 'next_activity')",
        "WHEN e.is_break THEN e.end_reason = 'next_activity'",
    ),
    (
        "R8 carried on over a break left open",
        "sql_attributed_events",
        "WHEN e.is_break THEN e.end_reason IN ('break', 'next_activity')",
        "WHEN e.is_break THEN e.end_reason IN ('break', 'next_activity', 'break_left_open')",
    ),
    (
        "R8 carried on from work that was not ended",
        "sql_attributed_events",
        "WHEN e.is_work THEN e.end_reason = 'break'",
        "WHEN e.is_work THEN e.end_reason IN ('break', 'missing_clock_out')",
    ),
    (
        "R8 an activity of its own is not carried on",
        "sql_attributed_events",
        "e.is_work AND e.activity_id IS NOT NULL OR",
        "",
    ),
    (
        "R8 a break's activity is carried on",
        "sql_attributed_events",
        "lag(CASE WHEN e.is_work THEN e.activity_id END,",
        "lag(e.activity_id,",
    ),
    (
        "R8 breaks take the activity too",
        "sql_attributed_events",
        "WHEN e.is_work THEN e.chain",
        "WHEN true THEN e.chain",
    ),
    ("R8 nothing is carried on", "sql_attributed_events", "= 'carried_on'", "= 'as_sent'"),
    ("R10 running is confirmed", "is_unconfirmed", " OR end_reason = 'running'", ""),
    (
        "R10 breaks count as work sessions",
        "sql_hours",
        "(count(*) FILTER (WHERE p.is_work))",
        "(count(*) FILTER (WHERE NOT p.is_manual))",
    ),
    (
        "R10 typed hours are no work",
        "sql_hours",
        "+ coalesce(sum(p.manual_seconds) FILTER (WHERE p.is_manual), 0)::bigint",
        "",
    ),
    ("R10 deleted hour entries count", "sql_hours", "h.deleted_at IS NULL AND", "true AND"),
    (
        "R11 weeks ignore the group's first day",
        "sql_hours",
        "coalesce(g.week_starts_on, (SELECT s.week_starts_on FROM timesheet.settings AS s)) AS",
        "(SELECT s.week_starts_on FROM timesheet.settings AS s) AS",
    ),
    ("R11 until is inclusive", "sql_sessions", "e.workday < until", "e.workday <= until"),
    (
        "R11 reads no further than the window",
        "sql_events",
        "< interval '48 hours'\n        + (least(greatest(until, '4713-01-31 BC'), '294276-11-30') + 3)",
        "< (least(greatest(until, '4713-01-31 BC'), '294276-11-30') + 0)",
    ),
    ("R12 rounds instead of truncating", "truncated_seconds", "trunc(", "round("),
    (
        "R13 long_session at exactly that length",
        "sql_notes",
        "started_at > (SELECT s.long_session",
        "started_at >= (SELECT s.long_session",
    ),
    (
        "R13 no_client_group for every entry",
        "sql_notes",
        "ORDER BY e.started_at, e.kind_rank, e.jibble_activity_id) = 1",
        "ORDER BY e.started_at) > 0",
    ),
]

# (what is wrong, file below extension/src, text, text instead)
NATIVE = [
    (
        "R1 deleted entries count",
        "server/entry_query.cpp",
        'TableQuery<time_entries_table> query;\n    query.add(" WHERE t.deleted_at IS NULL")',
        'TableQuery<time_entries_table> query;\n    query.add(" WHERE true")',
    ),
    ("R1 unknown types count", "engine/session_machine.hpp", "if (n.kind == Kind::other)", "if (false)"),
    (
        "R2 order without kind",
        "server/entry_query.cpp",
        't.start_time_utc, t.kind, t.jibble_activity_id")',
        't.start_time_utc, t.jibble_activity_id")',
    ),
    ("R5 the next agent's entry closes", "engine/session_machine.hpp", "if (open().agent == n.agent)", "if (true)"),
    ("R5 n at exactly max_session is too late", "engine/session_machine.hpp", "n->time > limit", "n->time >= limit"),
    (
        "R5 exactly overnight_switch is long",
        "engine/session_machine.hpp",
        "n.time - e.time > rules_.overnight_switch",
        "n.time - e.time >= rules_.overnight_switch",
    ),
    (
        "R5 n at exactly workday_end is past it",
        "engine/session_machine.hpp",
        "n.time > e.workday_end",
        "n.time >= e.workday_end",
    ),
    ("R5 a long break is closed", "engine/session_machine.hpp", "return !is_late;", "return true;"),
    (
        "R6 as_of may be before the start",
        "engine/session_machine.hpp",
        "std::max(e.time, rules_.as_of)",
        "rules_.as_of",
    ),
    (
        "R6 still running when max_session is over",
        "engine/session_machine.hpp",
        "rules_.as_of < limit",
        "rules_.as_of <= limit",
    ),
    (
        "R6 work longer than max_session",
        "engine/session_machine.hpp",
        "std::min(e.workday_end, limit)",
        "e.workday_end",
    ),
    (
        "R7 automatic outs look like people's",
        "engine/session_machine.hpp",
        "n.is_auto_out ? EndReason::auto_clock_out",
        "false ? EndReason::auto_clock_out",
    ),
    ("R8 carried on into another workday", "engine/session_machine.hpp", "|| n.workday != e.workday", ""),
    (
        "R8 carried on into another client group",
        "engine/session_machine.hpp",
        "|| n.client_group != e.client_group",
        "",
    ),
    (
        "R8 carried on without a break",
        "engine/session_machine.hpp",
        "carried_ = n.kind == Kind::break_ ? e.activity : no_id;",
        "{ carried_ = e.activity; if (n.activity == no_id) n.activity = carried_; }",
    ),
    (
        "R8 carried on over one break alone",
        "engine/session_machine.hpp",
        "else if (n.kind == Kind::work && n.activity == no_id)",
        "else if (n.kind == Kind::break_) carried_ = no_id;\n        else if (n.kind == Kind::work && n.activity "
        "== no_id)",
    ),
    ("R8 carried on whatever closed", "engine/session_machine.hpp", "if (!closes || n.workday", "if (n.workday"),
    (
        "R8 a break's activity is carried on",
        "engine/session_machine.hpp",
        "else if (n.kind == Kind::work && n.activity == no_id)",
        "else if (n.kind == Kind::break_) carried_ = e.activity;\n        else if (n.kind == Kind::work && "
        "n.activity == no_id)",
    ),
    (
        "R8 breaks and outs take the activity too",
        "engine/session_machine.hpp",
        "else if (n.kind == Kind::work && n.activity == no_id)",
        "else if (n.activity == no_id)",
    ),
    (
        "R8 an activity of its own is replaced",
        "engine/session_machine.hpp",
        "else if (n.kind == Kind::work && n.activity == no_id)",
        "else if (n.kind == Kind::work)",
    ),
    ("R8 nothing is carried on", "server/arguments.cpp", "!is_first_word(slot, 5", "is_first_word(slot, 5"),
    (
        "R10 running is confirmed",
        "engine/entry.hpp",
        " || end_reason == EndReason::running;",
        ";",
    ),
    (
        "R10 an agent with manual hours alone is lost",
        "server/hours_rows.hpp",
        "while (manual_.has_row() && manual_.agent() < agent) {",
        "while (false) {",
    ),
    ("R11 weeks begin a day late", "engine/week.hpp", "(day - 2)", "(day - 3)"),
    ("R11 until is inclusive", "server/arguments.hpp", "workday < until", "workday <= until"),
    ("R8 a null is the next column's value", "server/entry_tuple.hpp", "(bits & 1u << column) == 0", "false"),
    (
        "R11 reads no further than the window",
        "server/entry_query.cpp",
        "midnight(int64_t{arguments.until} + days_after) + rules.max_session",
        "midnight(int64_t{arguments.until})",
    ),
    (
        "R12 rounds instead of truncating",
        "engine/entry.hpp",
        "seconds = length() / microseconds_per_second",
        "seconds = (length() + 500000) / microseconds_per_second",
    ),
    (
        "R13 long_session at exactly that length",
        "server/note_rows.hpp",
        "s.length() > rules_.long_session",
        "s.length() >= rules_.long_session",
    ),
    ("R13 the last agent's days without group are kept", "server/note_rows.hpp", "without_group_.clear();", ""),
]


@pytest.fixture(scope="module")
def batch():
    """The default settings but for one, so that every rule matters."""
    return histories.batch(SEED, AGENTS, replace(histories.DEFAULTS, activity_after_break="carried_on"))


@pytest.fixture(scope="module")
def expected(batch):
    return {
        (function, question): engine_rows.expected(batch, function, question)
        for function in FUNCTIONS
        for question in batch.questions
    }


@pytest.fixture(scope="module")
def loaded(migrated_database, batch):
    """A database with the batch in it, and its superuser, who alone may load another library."""
    uri = migrated_database()
    with psycopg.connect(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]) as db:
        engine_rows.load(db, batch)
        db.commit()
        yield db
        db.rollback()


@pytest.fixture
def db(loaded):
    loaded.execute("SET LOCAL timezone = 'UTC'")
    yield loaded
    loaded.rollback()


def noticed(db, engine, expected):
    """The first (function, question, agent) for which the engine and the oracle differ, if any. The native engine is
    asked twice, so that it also reads by a query what it can read in the index."""
    for ((function, question), wanted), way in itertools.product(expected.items(), ("on", "off")):
        if engine == "native":
            db.execute("SELECT set_config('enable_indexonlyscan', %s, true)", (way,))
        elif way == "off":
            continue
        wrong = engine_rows.differing_agents(function, engine_rows.asked(db, engine, function, question), wanted)
        if wrong:
            return function, question, wrong[0]
    return None


def mutated(text, old, new, where):
    assert old in text, f"{where} no longer contains {old!r}: renew the list"
    return text.replace(old, new)


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_noticed_without_a_fault(db, expected, engine):
    assert noticed(db, engine, expected) is None


def put_into_sql(db, function, old, new):
    (definition,) = db.execute(
        "SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE p.pronamespace = 'timesheet'::regnamespace "
        "AND p.proname = %s",
        (function,),
    ).fetchone()
    db.execute(mutated(definition, old, new, function))


@pytest.mark.parametrize("what, function, old, new", SQL, ids=[m[0] for m in SQL])
def test_sql_engine(db, expected, what, function, old, new):
    put_into_sql(db, function, old, new)
    assert noticed(db, "sql", expected)


# Without optimisation, which takes longer than it saves, and without warnings, as a fault may leave something unused.
FLAGS = "-std=c++17 -O0 -g0 -fvisibility=hidden -w"


def foreign_headers():
    """What the engine includes that is not its own, as its sources say it."""
    sources = "".join(path.read_text() for path in sorted((EXTENSION / "src").glob("*/*pp")))
    standard = sorted(set(re.findall(r"^#include <.*", sources, re.MULTILINE)))
    (servers,) = re.findall(r'extern "C" {\n#include "postgres.h"\n.*?^}', sources, re.MULTILINE | re.DOTALL)
    return "\n".join([*standard, servers, ""])


@pytest.fixture(scope="module")
def libraries():
    """The native engine built once for each fault."""
    directory = pathlib.Path(TIMESHEETD).parents[1] / "mutants"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    headers = directory / "headers.hpp"
    headers.write_text(foreign_headers())

    def make(folder, target):
        flags = f"PG_CXXFLAGS={FLAGS} -include {headers}"
        rule = "%.gch: %; $(CXX) $(CXXFLAGS) $(CPPFLAGS) -x c++-header -o $@ $<"
        subprocess.run(["make", "-s", "-C", folder, f"--eval={rule}", flags, target], check=True)

    make(EXTENSION, f"{headers}.gch")  # read once for all, as they take longest

    def build(number):
        what, file, old, new = NATIVE[number]
        copy = directory / str(number) / "extension"
        # With the objects and their times, so that only what the fault touches is compiled.
        subprocess.run(["mkdir", "-p", copy.parent], check=True)
        subprocess.run(["cp", "-a", EXTENSION, copy], check=True)
        subprocess.run(["cp", "-a", EXTENSION.parent / "META.json", copy.parent], check=True)
        path = copy / "src" / file
        path.write_text(mutated(path.read_text(), old, new, file))
        make(copy, "timesheet.so")
        return copy / "timesheet.so"

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        yield list(pool.map(build, range(len(NATIVE))))
    shutil.rmtree(directory)


@pytest.mark.parametrize("number", range(len(NATIVE)), ids=[m[0] for m in NATIVE])
def test_native_engine(db, expected, libraries, number):
    for (definition,) in db.execute(
        "SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p"
        " WHERE p.pronamespace = 'timesheet'::regnamespace AND p.proname LIKE 'native%'"
    ).fetchall():
        db.execute(mutated(definition, "$libdir/timesheet", str(libraries[number]), "the function"))
    assert noticed(db, "native", expected)


def test_what_is_printed_is_small_and_shows_the_fault(db, batch, expected):
    """A failure's text holds the two entries that matter, not the agent's dozen, and can be pasted."""
    put_into_sql(db, "sql_events", "e.next_time > e.workday_end", "e.next_time >= e.workday_end")
    function, question, agent = noticed(db, "sql", expected)
    text = engine_rows.disagreement(db, batch, "sql", function, question, agent)
    (pasted,) = [line for line in text.splitlines() if line.startswith("    Batch(")]
    from test_engines_against_oracle import (
        UUID,
        Batch,
        Entry,
        HourEntry,
        Question,
        Settings,
        datetime,
    )  # noqa: F401 - what KEPT may use

    (smallest,) = eval("[" + pasted + "]", locals())
    assert [len(e) for e in smallest.entries.values()] == [2] and smallest.hour_entries == {agent: []}
    assert len(batch.entries[agent]) == histories.EVENTS_OF_AN_AGENT
