"""timesheetd check: a line for each piece, the remedy where it does not work,
and every piece whatever the others do."""

import pytest


def lines(done):
    """{piece: (state, text)}"""
    return {line[8:18].strip(): (line[:8].strip(), line[18:]) for line in done.stdout.splitlines()}


def test_everything_in_order(daemon, db):
    daemon.must("sync")
    done = daemon.must("check")
    found = lines(done)
    pieces = ["database", "schema", "engine", "feed", "jibble", "audit", "airtable", "mail", "alerts", "heartbeat"]
    assert list(found) == pieces
    assert {piece: state for piece, (state, _) in found.items()} == dict.fromkeys(
        ["database", "schema", "engine", "feed", "jibble", "audit"], "ok"
    ) | {"airtable": "-", "mail": "-", "alerts": "-", "heartbeat": "-"}
    assert found["engine"][1] == "native" and found["database"][1].startswith("PostgreSQL 1")
    assert "fresh through" in found["feed"][1]
    assert "ALERT_EMAILS" in found["alerts"][1] and "ALERT_WEBHOOK_URL" in found["alerts"][1]


def test_the_sql_engine_is_in_order_and_how_to_get_the_other_is_said(daemon, db):
    db.execute("DROP EXTENSION timesheet")
    state, text = lines(daemon.must("check"))["engine"]
    assert state == "ok" and text.startswith("sql; ") and "make install" in text


@pytest.mark.parametrize(
    "piece, environment, named",
    [
        (
            "database",
            {"DATABASE_URL": "postgresql://timesheet:hush-hush@127.0.0.1:1/timesheet"},
            "check that the server runs",
        ),
        ("jibble", {"JIBBLE_CLIENT_SECRET": "hush-hush"}, "JIBBLE_CLIENT_ID"),
        ("jibble", {"JIBBLE_CLIENT_ID": None}, "JIBBLE_CLIENT_ID"),
        ("jibble", {"JIBBLE_TIME_TRACKING_URL": "http://127.0.0.1:1"}, "JIBBLE_"),
    ],
)
def test_a_piece_that_fails_names_its_remedy_and_stops_no_other(daemon, db, piece, environment, named):
    done = daemon("check", **environment)
    assert done.returncode == 1
    found = lines(done)
    assert found[piece][0] == "failed" and named in found[piece][1]
    assert found["jibble" if piece == "database" else "database"][0] == "ok"
    assert "hush-hush" not in done.stdout + done.stderr


def test_an_empty_database_gives_the_hint_to_migrate(new_database, daemon):
    found = lines(daemon("check", DATABASE_URL=new_database()))
    assert found["schema"][0] == "failed" and "timesheetd migrate" in found["schema"][1]


def test_a_feed_that_fails_is_shown_with_its_error(daemon, db, jibble):
    assert lines(daemon.must("check"))["feed"] == (
        "ok",
        "no read of Jibble has reached the present yet; run timesheetd sync",
    )
    fault = {"path_contains": "Groups", "times": 4, "action": "status", "status": 403}
    jibble.admin("POST", "faults", fault)
    assert daemon("sync").returncode == 1
    state, text = lines(daemon("check"))["feed"]
    assert state == "failed" and "no read of Jibble has reached the present yet" in text and "403" in text
    daemon.must("sync")
    jibble.admin("POST", "faults", fault)
    assert daemon("sync").returncode == 1
    state, text = lines(daemon("check"))["feed"]
    assert state == "failed" and "fresh through" in text and "403" in text
    daemon.must("sync")
    assert lines(daemon.must("check"))["feed"][0] == "ok"


def test_a_stale_feed_is_reported(daemon, db):
    daemon.must("sync")
    db.execute("UPDATE timesheet.ingest_runs SET started_at = started_at - interval '61 minutes'")
    state, text = lines(daemon("check"))["feed"]
    assert state == "failed" and "settings.stale_after (01:00:00)" in text
    db.execute("UPDATE timesheet.settings SET stale_after = '1 day'")
    assert lines(daemon.must("check"))["feed"][0] == "ok"


def test_without_jibbles_timesheets_only_the_audit_is_missing(daemon, jibble):
    jibble.admin(
        "POST", "faults", {"path_contains": "TimesheetsSummary", "times": 1, "action": "status", "status": 403}
    )
    state, text = lines(daemon.must("check"))["audit"]
    assert state == "-" and "403" in text


def test_timesheets_that_make_no_sense_are_said(daemon, jibble):
    jibble.admin(
        "POST",
        "faults",
        {"path_contains": "TimesheetsSummary", "times": 3, "action": "body", "body": '{"error": {"code": "oops"}}'},
    )
    state, text = lines(daemon.must("check"))["audit"]
    assert state == "-" and "200 for TimesheetsSummary" in text and "timesheetd probe" in text
