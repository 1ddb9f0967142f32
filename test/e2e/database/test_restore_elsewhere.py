"""A dump restored on a server that lacks some of its time zones: all rows are back, and each zone is reported."""

import subprocess

import psycopg
import pytest

from conftest import Daemon
from stage import Stage, guid

# What only a table names, and the SQL that names it there; in the dump each becomes a zone that no server has.
NAMED = {
    "client group": "UPDATE timesheet.client_groups SET time_zone = 'Pacific/Kiritimati'",
    "working time of an agent": "SELECT timesheet.set_working_time('2020-01-01', for_agent => 1, "
    "time_zone => 'Pacific/Kiritimati')",
    "working time of a client group": "SELECT timesheet.set_working_time('2020-01-01', for_client_group => 1, "
    "time_zone => 'Pacific/Kiritimati')",
    "default": "UPDATE timesheet.settings SET default_time_zone = 'Pacific/Kiritimati'",
}


def counts(uri):
    """Of each table's rows, and the constraints that there are."""
    with psycopg.connect(uri) as db:
        tables = db.execute(
            "SELECT c.oid::regclass::text FROM pg_class AS c WHERE c.relkind = 'r' AND c.relname <> 'stale_days' "
            "AND c.relnamespace = 'timesheet'::regnamespace"
        ).fetchall()
        constraints = db.execute(
            "SELECT count(*) FROM pg_constraint WHERE connamespace = 'timesheet'::regnamespace"
        ).fetchone()
        return constraints, {t: db.execute(f"SELECT count(*) FROM {t}").fetchone() for t, in sorted(tables)}


@pytest.fixture
def restored(request, migrated_database, new_database):
    """Two agents of a client group, each from 09:00 to 17:30 on a day; one has no zone of Jibble's."""
    uri = migrated_database()
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.feed("People", {**person_without_zone(2)})
    for n in (1, 2):
        stage.shift(n, n, 1, "09:00", "17:30")
    stage.db.execute(NAMED[request.param])
    stage.db.execute("SELECT timesheet.refresh()")
    stage.close()
    dump = subprocess.run(["pg_dump", uri], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert "Pacific/Kiritimati" in dump
    copy = new_database()
    done = subprocess.run(
        ["psql", "-Xq", copy],
        input=dump.replace("Pacific/Kiritimati", "Pacific/Lost"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "violates" not in done.stderr and "COPY failed" not in done.stderr, done.stderr
    return request.param, uri, copy


def person_without_zone(n):
    return {"id": guid("agent", n), "fullName": f"Agent {n}", "status": "Joined", "groupId": guid("group", 1)}


@pytest.mark.parametrize("restored", NAMED, indirect=True)
def test_all_rows_are_back_and_the_zone_is_reported(restored):
    named, uri, copy = restored
    assert counts(copy) == counts(uri)
    Daemon(copy).must("migrate")
    with psycopg.connect(copy, autocommit=True) as db:
        db.execute("SELECT timesheet.refresh()")
        assert db.execute("SELECT sum(work_seconds) FROM timesheet.weekly_report").fetchone() == (61200,)
        notes = db.execute(
            "SELECT agent_id, detail FROM timesheet.notes(NULL, NULL) WHERE code = 'unknown_time_zone' ORDER BY 1"
        ).fetchall()
    # The default is the zone of the client group's reports, and the working zone of the agent who has no other.
    reported = [1] if named == "working time of an agent" else [1, 2]
    assert [agent for agent, _ in notes] == reported, notes
    assert all("Pacific/Lost" in detail for _, detail in notes)
