"""Every fault that Jibble's API is known for: overcome where another attempt helps, named where it does not.

In every case a failed run leaves the hours as they were and says why in the run log.
"""

import re
import time

import psycopg
import pytest

from conftest import Daemon, FakeJibble, set_cutoffs, truth_rows

WINDOW = ("--since", "2026-11-09", "--until", "2026-11-25")
PASSING = {
    "429 with Retry-After": {"action": "status", "status": 429, "headers": {"Retry-After": "1"}},
    "429 without": {"action": "status", "status": 429},
    "500": {"action": "status", "status": 500},
    "503 from a proxy": {"action": "status", "status": 503, "body": "<html>upstream connect error</html>"},
    "closed unanswered": {"action": "close"},
    "cut mid-body": {"action": "cut"},
    "truncated": {"action": "truncate"},
    "not JSON": {"action": "malform"},
    "slow": {"action": "slow", "seconds": 1},
    "an error in a 200": {"action": "body", "body": '{"error": {"code": "server_error", "message": "oops"}}'},
}


@pytest.fixture(scope="module")
def reference(migrated_database, tmp_path_factory):
    """What a sync without any fault stores of the two-week organisation: resource, id and payload."""
    fake = FakeJibble(tmp_path_factory.mktemp("reference") / "truth.json", "--weeks", "2")
    daemon = Daemon(migrated_database(), fake)
    daemon.must("sync", *WINDOW)
    fake.stop()
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        faultless = contents(db)
        # And that is the truth: what equals it equals what people really did.
        set_cutoffs(db, fake)
        wanted = {
            (row["workday"], row["agent_id"], row["activity_id"], row["work_seconds"], row["break_seconds"])
            for row in truth_rows(fake, "2026-11-11", "2026-11-24", "--daily")
        }
        assert len(wanted) > 500
        assert wanted == set(
            db.execute(
                """
            SELECT h.workday::text, a.jibble_id::text, v.jibble_id::text, h.work_seconds, h.break_seconds
            FROM timesheet.daily_hours('2026-11-11', '2026-11-24', NULL, 'infinity') AS h
            JOIN timesheet.agents AS a USING (agent_id)
            LEFT JOIN timesheet.activities AS v USING (activity_id)"""
            )
        )
        return faultless


def contents(db):
    """Every kept object once, and the hours."""
    raw = db.execute("SELECT resource, jibble_id, payload::text FROM timesheet.raw_events ORDER BY 1, 2, 3").fetchall()
    hours = db.execute(
        "SELECT workday, sum(work_seconds), sum(break_seconds), sum(session_count) "
        "FROM timesheet.daily_hours(NULL, NULL, NULL, 'infinity')"
        " GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert len(raw) > 1500 and len(hours) > 10
    return raw, hours


def last_run(db):
    return db.execute("SELECT status, error FROM timesheet.ingest_runs ORDER BY ingest_run_id DESC LIMIT 1").fetchone()


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_is_overcome(daemon, db, jibble, reference, name):
    for path in ("connect/token", "People", "TimeEntries"):
        if name != "an error in a 200" or path != "connect/token":
            jibble.admin("POST", "faults", {"path_contains": path, "times": 1} | PASSING[name])
    daemon.must("sync", *WINDOW, JIBBLE_PAGE_SIZE="300")
    assert contents(db) == reference
    assert last_run(db) == ("succeeded", None)
    assert jibble.admin("GET", "faults") == []  # all of them were met


@pytest.mark.parametrize(
    "status, requests, named",
    [(400, 4, "timesheetd probe"), (402, 1, "plan"), (403, 4, "credentials"), (404, 4, "JIBBLE_")],
)
def test_a_refusal_of_every_form_is_final_and_named(daemon, db, jibble, status, requests, named):
    daemon.must("sync", *WINDOW)
    before = contents(db)
    jibble.admin("DELETE", "requests")
    jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 99, "action": "status", "status": status})
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and named in done.stderr.splitlines()[-1]
    assert len(jibble.requests("TimeEntries")) == requests  # each form once, and only where a form may be to blame
    assert contents(db) == before
    state, error = last_run(db)
    assert state == "failed" and str(status) in error


def test_a_lasting_fault_ends_the_run_after_named_attempts(daemon, db, jibble):
    daemon.must("sync", *WINDOW)
    before = contents(db)
    jibble.admin("DELETE", "requests")
    jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 99, "action": "status", "status": 500})
    done = daemon("sync", *WINDOW)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1 and "gave up after 5 attempts" in last and "it answered 500, 500, 500, 500" in last
    assert len(jibble.requests("TimeEntries")) == 4 * 5  # each form with the ordinary attempts
    assert contents(db) == before and last_run(db)[0] == "failed"


def test_a_plan_without_an_optional_resource_goes_on_without_it(daemon, db, jibble, reference):
    jibble.admin("POST", "faults", {"path_contains": "Schedules", "times": 99, "action": "status", "status": 402})
    done = daemon.must("sync", *WINDOW)
    assert re.search(r"warning .*402.*Schedules.*going on without it", done.stderr)
    raw, hours = contents(db)
    assert raw == [row for row in reference[0] if row[0] != "Schedules"] and hours == reference[1]


def test_a_wait_of_hours_is_not_waited_for(daemon, db, jibble):
    jibble.admin(
        "POST",
        "faults",
        {"path_contains": "Groups", "times": 1, "action": "status", "status": 429, "headers": {"Retry-After": "7200"}},
    )
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and "asks to wait 7200 s" in done.stderr.splitlines()[-1]
    assert len(jibble.requests("Groups")) == 1 and last_run(db)[0] == "failed"


def test_no_request_goes_before_retry_after(daemon, jibble):
    jibble.admin(
        "POST",
        "faults",
        {"path_contains": "Groups", "times": 1, "action": "status", "status": 429, "headers": {"Retry-After": "3"}},
    )
    begin = time.monotonic()
    daemon.must("sync", *WINDOW)
    assert time.monotonic() - begin >= 3


def test_requests_are_spaced_as_configured(daemon, jibble):
    begin = time.monotonic()
    daemon.must("sync", *WINDOW, JIBBLE_REQUESTS_PER_SECOND="10")
    requests = len(jibble.admin("GET", "requests"))
    assert requests > 15 and (requests - 1) / 10 <= time.monotonic() - begin


def test_a_server_that_allows_less_than_was_configured_is_obeyed(migrated_database, tmp_path, reference):
    """X-Rate-Limit-Remaining and -Reset keep us from being refused at all, there is no Retry-After to go by."""
    fake = FakeJibble(tmp_path / "truth.json", "--weeks", "2", "--requests-per-second", "5")
    daemon = Daemon(migrated_database(), fake)
    done = daemon.must("sync", *WINDOW, JIBBLE_PAGE_SIZE="150")
    requests = fake.admin("GET", "requests")
    fake.stop()
    assert len(requests) > 20 and {r["status"] for r in requests} == {200}
    assert "429" not in done.stderr
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        assert contents(db) == reference


def test_tokens_that_expire_all_the_time(migrated_database, tmp_path, reference):
    fake = FakeJibble(tmp_path / "truth.json", "--weeks", "2", "--token-seconds", "1")
    daemon = Daemon(migrated_database(), fake)
    daemon.must("sync", *WINDOW, JIBBLE_PAGE_SIZE="100", JIBBLE_REQUESTS_PER_SECOND="20")
    assert len(fake.requests("connect/token")) > 1
    fake.stop()
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        assert contents(db) == reference


def test_a_token_that_is_never_accepted(daemon, db, jibble):
    jibble.admin("POST", "faults", {"path_contains": "/v1/", "times": 99, "action": "status", "status": 401})
    done = daemon("sync", *WINDOW)
    assert done.returncode == 1 and "credentials" in done.stderr.splitlines()[-1]
    assert last_run(db)[0] == "failed"


def test_wrong_credentials(daemon, db, jibble):
    done = daemon("sync", *WINDOW, JIBBLE_CLIENT_SECRET="wrong-secret")
    assert done.returncode == 1
    assert "JIBBLE_CLIENT_ID" in done.stderr and "wrong-secret" not in done.stderr
