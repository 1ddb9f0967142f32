"""No secret, PIN or face datum in the database, the log or an error, at any level."""

import base64
import re
import subprocess

import psycopg
import pytest

from conftest import SECRET, SUPERUSER_URI

WINDOW = ("--since", "2026-11-17", "--until", "2026-11-25")
PLANTED = ["PIN-4711", "FACE-0815", "PICTURE-1234", "TRACE-9876"]


@pytest.fixture
def planted(jibble):
    """PINs and face data where Jibble has them, in people and in entries, and a stack trace in an error."""
    truth = jibble.admin("GET", "truth")
    for agent in truth["agents"][:3]:
        jibble.admin(
            "PATCH",
            f"objects/People/{agent['id']}",
            {
                "pinCode": PLANTED[0],
                "IKioskSettings/PinCode": PLANTED[0],
                "faceDescriptor": [PLANTED[1]],
                "faceId": PLANTED[1],
                "picture": {"url": PLANTED[2]},
            },
        )
    for interval in [i for i in truth["intervals"] if i["start"] > "2026-11-18"][:5]:
        jibble.admin(
            "PATCH",
            f"objects/TimeEntries/{interval['start_event_id']}",
            {
                "picture": {"url": PLANTED[2]},
                "faceSimilarity": 0.9,
                "isFaceRecognized": True,
                "FACEEMBEDDING": PLANTED[1],
                "deep": {"pin": PLANTED[0]},
            },
        )
    jibble.admin(
        "POST",
        "faults",
        {
            "path_contains": "TimeEntries",
            "times": 1,
            "action": "status",
            "status": 500,
            "body": '{"error": {"code": "x", "message": "oops", "innererror": {"trace": ["%s"]}}}' % PLANTED[3],
        },
    )
    return jibble


def server_log():
    """What the server of all tests has logged so far, failing statements with their text among it."""
    with psycopg.connect(SUPERUSER_URI) as db:
        log, failing = db.execute(
            "SELECT pg_read_file('server.log'), current_setting('log_min_error_statement')"
        ).fetchone()
    assert "database system is ready" in log and failing == "error"
    return log


def password(daemon):
    return re.search(r":([^:@]+)@", daemon.environment["DATABASE_URL"]).group(1)


@pytest.mark.parametrize("format", ["text", "json"])
def test_none_is_in_any_log_or_in_the_database(daemon, db, planted, format):
    logs = []
    for command in (
        ("sync", *WINDOW),
        ("nightly",),
        ("backfill", *WINDOW),
        ("replay",),
        ("check",),
        ("audit", *WINDOW),
    ):
        done = daemon(*command, LOG_LEVEL="trace", LOG_FORMAT=format)
        assert done.returncode == 0, done.stderr
        logs.append(done.stdout + done.stderr)
    for wrong in ({"JIBBLE_CLIENT_SECRET": SECRET + "-wrong"}, {"JIBBLE_IDENTITY_URL": "http://127.0.0.1:1"}):
        done = daemon("sync", *WINDOW, LOG_LEVEL="trace", LOG_FORMAT=format, **wrong)
        assert done.returncode == 1
        logs.append(done.stdout + done.stderr)
    stored = db.execute("SELECT count(*) FROM timesheet.raw_events WHERE resource = 'TimeEntries'").fetchone()
    assert stored > (300,)
    dump = subprocess.run(
        ["pg_dump", "--inserts", daemon.environment["DATABASE_URL"]], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    assert len(dump) > 500_000
    for where, text in (("the log", "".join(logs)), ("the database", dump), ("the server's log", server_log())):
        for secret in [
            *PLANTED,
            SECRET,
            password(daemon),
            base64.b64encode(SECRET.encode()).decode().rstrip("="),
            "faceSimilarity",
            "eyJ",
        ]:
            assert secret not in text, f"{secret} is in {where}: {text[max(0, text.index(secret) - 80):][:200]}"


def test_what_is_searched_for_would_be_found(daemon, db, planted):
    """The same search finds what is not on the deny-list."""
    truth = planted.admin("GET", "truth")
    entry = next(i for i in truth["intervals"] if i["start"] > "2026-11-18")["start_event_id"]
    planted.admin("PATCH", f"objects/TimeEntries/{entry}", {"note": "NOTE-5555", "deep": {"kept": "KEPT-6666"}})
    daemon.must("sync", *WINDOW)
    dump = subprocess.run(
        ["pg_dump", "--inserts", daemon.environment["DATABASE_URL"]], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    assert "NOTE-5555" in dump and "KEPT-6666" in dump
