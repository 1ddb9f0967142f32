"""timesheetd nightly: leaves what the service leaves each night, then audits the last week,
whose failure takes nothing back."""

import datetime
import signal
import time

import psycopg
import pytest

from conftest import wait_until
from locks import with_lock_timeout
from nightly_runs import now_jibble, make, not_at_midnight, rows, outcomes, audits, run_until  # noqa: F401 (fixtures)

# Of a run, all but its number and when it was.
RUNS = (
    "SELECT (to_jsonb(r) - '{ingest_run_id,started_at,finished_at}'::text[])::text FROM timesheet.ingest_runs AS r"
    " WHERE r.command = 'nightly' ORDER BY r.ingest_run_id"
)


@pytest.fixture
def daemon(make):
    return make()


def is_due(daemon):
    return rows(daemon, "SELECT timesheet.nightly_resync_is_due()") == [(True,)]


def auditing(daemon, jibble):
    """Starts a nightly pass whose read is done and whose audit waits for Jibble."""
    jibble.admin("POST", "faults", {"path_contains": "TimesheetsSummary", "times": 1, "action": "slow", "seconds": 30})
    process = daemon.start("nightly")
    assert any("nightly of" in line and "finished" in line for line in iter(process.stderr.readline, ""))
    time.sleep(1)
    return process


def test_its_row_in_the_run_log_is_that_of_the_service(make, now_jibble):
    service, scheduled = make(), make()
    run_until(
        service, lambda: ("nightly", "succeeded") in outcomes(service) and audits(now_jibble), SYNC_INTERVAL="600"
    )
    scheduled.must("sync")
    scheduled.must("nightly")
    ((by_service,),) = rows(service, RUNS)
    ((by_schedule,),) = rows(scheduled, RUNS)
    assert by_schedule == by_service
    assert outcomes(scheduled) == outcomes(service) == [("sync", "succeeded"), ("nightly", "succeeded")]


def test_it_reads_35_days_and_is_known_as_the_nightly_read(daemon):
    today = not_at_midnight()
    assert is_due(daemon)
    began = datetime.datetime.now(datetime.timezone.utc)
    log = daemon.must("nightly").stderr
    assert rows(daemon, "SELECT command, status, since, until, error FROM timesheet.ingest_runs") == [
        ("nightly", "succeeded", today - datetime.timedelta(35), today + datetime.timedelta(1), None)
    ]
    window = f"nightly of {today - datetime.timedelta(35)}…{today + datetime.timedelta(1)}"
    assert window in log and f"{window} finished: run 1, " in log
    ((last, fresh, is_stale),) = rows(
        daemon, "SELECT last_nightly_at, fresh_through, is_stale FROM timesheet.feed_health"
    )
    assert last == fresh >= began and is_stale is False
    assert rows(daemon, "SELECT count(*) > 100 FROM timesheet.session_rollup") == [
        (True,)
    ]  # the reports were refreshed
    assert not is_due(daemon)


def test_the_service_does_not_repeat_it_the_same_night(daemon, now_jibble):
    daemon.must("nightly")
    asked = len(audits(now_jibble))
    run_until(daemon, lambda: outcomes(daemon).count(("sync", "succeeded")) >= 3)
    assert [command for command, _ in outcomes(daemon)].count("nightly") == 1
    assert len(audits(now_jibble)) == asked > 0  # nor the audit
    daemon.must("nightly")  # by hand it may be, at any time
    assert outcomes(daemon)[-1] == ("nightly", "succeeded") and len(audits(now_jibble)) > asked


def test_it_audits_the_last_closed_week_once_all_is_read(daemon, now_jibble):
    daemon.must("nightly")
    ((zone,),) = rows(daemon, "SELECT default_time_zone FROM timesheet.settings")
    ((monday,),) = rows(daemon, f"SELECT (date_trunc('week', now() AT TIME ZONE '{zone}') - interval '7 days')::date")
    asked = audits(now_jibble)
    assert asked and all(
        str(monday) in r["path"] + str(r.get("query", ""))
        and str(monday + datetime.timedelta(6)) in r["path"] + str(r.get("query", ""))
        for r in asked
    )
    paths = [r["path"] for r in now_jibble.admin("GET", "requests")]
    assert max(i for i, path in enumerate(paths) if "TimeEntries" in path) < min(
        i for i, path in enumerate(paths) if "TimesheetsSummary" in path
    )


def test_the_service_audits_once_a_night(daemon, now_jibble):
    log = run_until(daemon, lambda: audits(now_jibble) and outcomes(daemon).count(("sync", "succeeded")) >= 3)
    assert len(audits(now_jibble)) > 0 and log.count("audit of ") == 1


@pytest.mark.parametrize(
    "fault", [{"action": "status", "status": 403}, {"action": "close"}], ids=["refused", "broken off"]
)
def test_an_audit_that_fails_is_a_warning_and_what_was_read_stays(daemon, now_jibble, fault):
    now_jibble.admin("POST", "faults", {"path_contains": "TimesheetsSummary", "times": 10000, **fault})
    done = daemon("nightly")
    assert done.returncode == 0, done.stderr
    assert (
        " warning the last week was not audited: " in done.stderr
        and "what was read is kept" in done.stderr
        and "Z error" not in done.stderr
    )
    assert outcomes(daemon) == [("nightly", "succeeded")] and not is_due(daemon)


def test_in_the_service_it_is_a_warning_too(daemon, now_jibble):
    now_jibble.admin(
        "POST", "faults", {"path_contains": "TimesheetsSummary", "times": 10000, "action": "status", "status": 403}
    )
    log = run_until(daemon, lambda: outcomes(daemon).count(("sync", "succeeded")) >= 3)
    assert log.count(" warning the last week was not audited: ") == 1 and "Z error" not in log
    assert outcomes(daemon).count(("nightly", "succeeded")) == 1


def test_a_read_that_fails_exits_1_and_audits_nothing(daemon, now_jibble):
    now_jibble.admin("POST", "faults", {"path_contains": "Groups", "times": 1000, "action": "status", "status": 403})
    done = daemon("nightly")
    assert done.returncode == 1 and "403" in done.stderr
    assert outcomes(daemon) == [("nightly", "failed")] and audits(now_jibble) == [] and is_due(daemon)


def test_one_that_was_cut_is_followed_by_one_that_counts_as_the_nightly(daemon, now_jibble):
    now_jibble.admin("POST", "faults", {"path_contains": "TimeEntries", "times": 1, "action": "slow", "seconds": 15})
    process = daemon.start("nightly")
    wait_until(lambda: ("nightly", "running") in outcomes(daemon) and now_jibble.requests("Activities"))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 1 and outcomes(daemon) == [("nightly", "failed")] and is_due(daemon)
    daemon.must("nightly")
    assert outcomes(daemon) == [("nightly", "failed"), ("nightly", "succeeded")] and not is_due(daemon)


def test_a_signal_during_the_audit_ends_it_and_the_read_has_succeeded(daemon, now_jibble):
    process = auditing(daemon, now_jibble)
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    assert " warning the last week was not audited: stopped by SIGTERM" in log
    assert outcomes(daemon) == [("nightly", "succeeded")]


def test_while_another_pass_reads_it_exits_75_and_does_nothing(daemon, now_jibble):
    uri = daemon.environment["DATABASE_URL"]
    with psycopg.connect(uri) as holding:
        holding.execute("SELECT timesheet.take_ingest_lock()")
        done = daemon("nightly", DATABASE_URL=with_lock_timeout(uri, "700ms"))
    assert done.returncode == 75 and "the ingest lock could not be taken within 700ms" in done.stderr
    assert outcomes(daemon) == [] and now_jibble.admin("GET", "requests") == []


def test_nothing_waits_for_the_audit(daemon, now_jibble):
    process = auditing(daemon, now_jibble)
    daemon.must("sync", DATABASE_URL=with_lock_timeout(daemon.environment["DATABASE_URL"], "500ms"))
    assert process.poll() is None  # it is still auditing
