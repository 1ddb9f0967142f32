"""Bad input: an exit code and one clear line that names the value and the remedy; nothing half-written."""

import json
import socket

import pytest

from conftest import SECRET, Daemon

WINDOW = ("--since", "2026-11-16", "--until", "2026-11-25")


def one_line(done):
    """The last line; a failure prints no stack and no second explanation."""
    lines = [line for line in done.stderr.splitlines() if " info " not in line and " warning " not in line]
    assert len(lines) == 1, done.stderr
    return lines[0]


def nothing_derived(db):
    return db.execute(
        "SELECT (SELECT count(*) FROM timesheet.time_entries), (SELECT count(*) FROM timesheet.agents)"
    ).fetchone() == (0, 0)


@pytest.mark.parametrize(
    "arguments, environment, named",
    [
        (["migrate"], {"DATABASE_URL": None}, "DATABASE_URL"),
        (["migrate"], {"DATABASE_URL": "mysql://somewhere"}, "DATABASE_URL"),
        (["sync"], {"JIBBLE_CLIENT_ID": None}, "JIBBLE_CLIENT_ID"),
        (["sync"], {"JIBBLE_CLIENT_SECRET": None}, "JIBBLE_CLIENT_SECRET"),
        (["sync"], {"SYNC_LOOKBACK_DAYS": "three"}, '"three"'),
        (["sync"], {"JIBBLE_WORKSPACE_URL": "http://workspace.example.com"}, "https://"),
        (["sync", "--since", "2026-02-30"], {}, "2026-02-30"),
        (["sync", "--since", "2026-03-02", "--until", "2026-03-01"], {}, "2026-03-01"),
        (["backfill"], {}, "--since"),
        (["nonsense"], {}, "nonsense"),
        ([], {}, "--help"),
        (["migrate", "--config", "/does/not/exist"], {}, "/does/not/exist"),
    ],
)
def test_wrong_usage_or_configuration_exits_2_and_names_it(daemon, arguments, environment, named):
    done = daemon(*arguments, **environment)
    assert done.returncode == 2
    assert named in one_line(done)


def test_unreachable_server_is_named_without_the_password():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = Daemon(f"postgresql://somebody:hush-hush@127.0.0.1:{port}/timesheet")("migrate")
    assert done.returncode == 1
    assert str(port) in one_line(done)
    assert "hush-hush" not in done.stderr


def test_wrong_password_is_not_repeated(daemon):
    uri = daemon.environment["DATABASE_URL"]
    wrong = uri.split("://")[0] + "://timesheet:hush-hush@" + uri.split("@")[1]
    done = daemon("migrate", DATABASE_URL=wrong)
    assert done.returncode == 1
    assert "password" in one_line(done)
    assert "hush-hush" not in done.stderr


def test_refused_credentials_name_the_variables(daemon, db):
    done = daemon("sync", *WINDOW, JIBBLE_CLIENT_SECRET="wrong-secret")
    assert done.returncode == 1
    assert "JIBBLE_CLIENT_SECRET" in one_line(done)
    assert "wrong-secret" not in done.stderr
    assert nothing_derived(db)


def test_a_schema_that_is_not_there_names_migrate(new_database, jibble):
    done = Daemon(new_database(), jibble)("sync")
    assert done.returncode == 1
    assert "timesheetd migrate" in one_line(done)


def test_a_page_that_is_not_json_fails_the_run_and_leaves_nothing_half_written(daemon, db, jibble):
    jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 100, "action": "malform"})
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1
    assert "TimeEntries" in one_line(done)
    assert nothing_derived(db)
    status, error = db.execute("SELECT status, error FROM timesheet.ingest_runs").fetchone()
    assert status == "failed" and "TimeEntries" in error

    jibble.admin("DELETE", "faults")
    daemon.must("sync", *WINDOW)
    assert not nothing_derived(db)


def test_what_cannot_be_understood_is_kept_counted_and_warned_about(daemon, db, jibble):
    person = next(a["id"] for a in json.loads(jibble.truth.read_text())["agents"])
    entry = {
        "personId": person,
        "type": "In",
        "time": "2026-11-20T01:00:00Z",
        "belongsToDate": "2026-11-20",
        "status": "Active",
    }
    texts = {
        "no id": json.dumps(entry),
        "impossible date": json.dumps(
            {"id": "00000000-0000-4000-8000-000000000001", **entry, "time": "2026-02-30T01:00:00Z"}
        ),
        "no person": json.dumps({"id": "00000000-0000-4000-8000-000000000002", **entry, "personId": None}),
        "NUL": json.dumps({"id": "00000000-0000-4000-8000-000000000003", **entry, "note": "x"}).replace(
            '"x"', r'"a \u0000 b \ud83d"'
        ),
    }
    for text in texts.values():
        jibble.admin("PUT", "objects/TimeEntries", text)
    done = daemon.must("sync", *WINDOW)

    assert db.execute("SELECT status, rejected FROM timesheet.ingest_runs").fetchone() == ("succeeded", 3)
    kept = {
        text for text, in db.execute("SELECT payload::text FROM timesheet.raw_events WHERE resource = 'TimeEntries'")
    }
    assert set(texts.values()) <= kept
    warnings = [line for line in done.stderr.splitlines() if " warning " in line and "TimeEntries" in line]
    assert len(warnings) == 3, done.stderr
    assert db.execute(
        "SELECT count(*) FROM timesheet.time_entries WHERE jibble_activity_id = '00000000-0000-4000-8000-000000000003'"
    ).fetchone() == (1,)
    assert db.execute("SELECT count(*) > 500 FROM timesheet.time_entries").fetchone() == (True,)


def test_no_secret_in_any_log(daemon):
    done = daemon.must("sync", *WINDOW, LOG_LEVEL="trace", LOG_FORMAT="json")
    password = daemon.environment["DATABASE_URL"].split(":")[2].split("@")[0]
    for secret in (SECRET, password, "Bearer "):
        assert secret not in done.stderr
    for line in done.stderr.splitlines():
        json.loads(line)
