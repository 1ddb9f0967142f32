"""timesheet_reader at work: every view and function by either engine, and nothing else."""

import psycopg
import pytest

from conftest import ENGINES
from logins import login  # noqa: F401 (a fixture)
from rights import owner, uri  # noqa: F401 (fixtures)
from rights import READER


pytestmark = pytest.mark.every_server


@pytest.fixture(scope="module")
def reader(uri, login):  # noqa: F811
    with psycopg.connect(login(uri, "timesheet_reader")[1], autocommit=True) as db:
        yield db


@pytest.fixture
def stale_day(owner):
    """Eight hours of one agent that no refresh has stored."""
    owner.execute(
        "INSERT INTO timesheet.agents (agent_id, jibble_id) VALUES (1, gen_random_uuid()) ON CONFLICT DO NOTHING"
    )
    owner.execute(
        "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, workday, "
        "workday_end)"
        " VALUES (gen_random_uuid(), 1, '2026-11-02 09:00Z', 'In', '2026-11-02', '2026-11-03'), "
        "(gen_random_uuid(), 1, '2026-11-02 17:00Z', 'Out', '2026-11-02', '2026-11-03')"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_reads_every_view_and_calls_every_function_by_either_engine(stale_day, owner, reader, engine):
    """With one stale day, so that views ask the engine."""
    owner.execute("SELECT timesheet.use_engine(%s)", (engine,))
    for name in READER:
        if not name.endswith("()"):
            reader.execute(f"SELECT * FROM timesheet.{name} LIMIT 1")
    assert reader.execute(
        "SELECT sum(work_seconds) > 0 FROM timesheet.daily_report WHERE workday = '2026-11-02'"
    ).fetchone() == (True,)
    for call in (
        "engine()",
        "sessions(NULL, NULL)",
        "daily_hours(NULL, NULL)",
        "weekly_hours(NULL, NULL)",
        "notes(NULL, NULL)",
        "explain('2026-11-02', 1)",
        "round_cells(ARRAY[3600], 60)",
        "round_hours(ARRAY[3600])",
        "digest_readiness('2026-11-02', '2026-11-09')",
    ):
        assert reader.execute(f"SELECT count(*) >= 0 FROM timesheet.{call}").fetchone() == (True,)
    assert reader.execute("SELECT timesheet.engine()").fetchone() == (engine,)


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM timesheet.contacts",
        "SELECT * FROM timesheet.digest_deliveries",
        "SELECT * FROM timesheet.client_access",
        "SELECT * FROM timesheet.hour_entries",
        "SELECT timesheet.next_delivery()",
        "SELECT timesheet.refresh()",
        "SELECT timesheet.replay()",
        "SELECT timesheet.use_engine('sql')",
        "SELECT timesheet.unsubscribe(gen_random_uuid())",
        "SELECT timesheet.assign_client_group(1, 1, now())",
        "SELECT timesheet.set_client_access('timesheet_reader', '{}')",
        "SELECT timesheet.grant_roles()",
        *(["SELECT * FROM timesheet.native_sessions(NULL, NULL)"] if "native" in ENGINES else []),
        "SELECT * FROM timesheet_client.weekly_report",
        "UPDATE timesheet.settings SET week_starts_on = 2",
        "DELETE FROM timesheet.raw_events",
        "INSERT INTO timesheet.alerts (kind, detail) VALUES ('x', 'x')",
        "CREATE TABLE timesheet.mine ()",
        "CREATE VIEW timesheet.mine AS SELECT 1",
    ],
)
def test_a_reader_may_not(reader, attempt):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(attempt)


def test_row_level_security_for_a_reader_takes_no_event_from_the_engine(stale_day, owner, reader):
    """A policy that somebody adds to the events hides them from who reads the table, and changes no hour."""
    before = reader.execute("SELECT * FROM timesheet.sessions(NULL, NULL, as_of => '2027-01-01')").fetchall()
    assert before != []
    owner.execute("ALTER TABLE timesheet.time_entries ENABLE ROW LEVEL SECURITY")
    try:
        assert reader.execute("SELECT * FROM timesheet.time_entries").fetchall() == []
        assert (
            reader.execute("SELECT * FROM timesheet.sessions(NULL, NULL, as_of => '2027-01-01')").fetchall() == before
        )
    finally:
        owner.execute("ALTER TABLE timesheet.time_entries DISABLE ROW LEVEL SECURITY")
