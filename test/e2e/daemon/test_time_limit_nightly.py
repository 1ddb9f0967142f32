"""nightly --time-limit: cut, it goes on at the next call; once all is read it is recorded as the nightly one."""

import datetime

import psycopg
import pytest

from nightly_runs import audits, make, not_at_midnight, now_jibble, outcomes, rows, run_until  # noqa: F401 (fixtures)
from time_limits import is_left, limited, until_nothing_is_left

SLOWLY = {"JIBBLE_REQUESTS_PER_SECOND": "8", "JIBBLE_PAGE_SIZE": "100"}


@pytest.fixture
def daemon(make):  # noqa: F811
    return make()


def is_due(daemon):
    return rows(daemon, "SELECT timesheet.nightly_resync_is_due()") == [(True,)]


def days_by_reads(daemon):
    """How many days were read once, twice, … by slices that succeeded."""
    return dict(
        rows(
            daemon,
            "SELECT n, count(*) FROM (SELECT count(*) AS n FROM timesheet.ingest_runs AS r,"
            " generate_series(r.since, r.until, '1 day') AS d WHERE r.command = 'sync' AND r.status = 'succeeded'"
            " GROUP BY d) AS s GROUP BY n",
        )
    )


def test_one_that_was_cut_goes_on_and_is_recorded_once_with_its_whole_window(daemon, now_jibble):  # noqa: F811
    today = not_at_midnight()
    logs = []
    while not logs or is_left(logs[-1]):
        assert len(logs) < 30, logs[-1]
        logs.append(limited(daemon, 3, "nightly", **SLOWLY))
        is_read = "left: the audit" in logs[-1] or not is_left(logs[-1])
        assert is_due(daemon) != is_read, logs[-1]
    assert len(logs) > 2
    ((since, until, started, finished, error),) = rows(
        daemon,
        "SELECT since, until, started_at, finished_at, error FROM timesheet.ingest_runs"
        " WHERE command = 'nightly' AND status = 'succeeded'",
    )
    assert (since, until) == (today - datetime.timedelta(35), today + datetime.timedelta(1))
    # Began with the first call: what was read then is no fresher.
    (first,) = rows(daemon, "SELECT min(started_at) FROM timesheet.ingest_runs")[0]
    assert abs((started - first).total_seconds()) < 1 and finished > started and error is None
    assert {of for of in outcomes(daemon)} <= {
        ("nightly", "cut"),
        ("nightly", "succeeded"),
        ("sync", "succeeded"),
        ("sync", "cut"),
        ("lookup", "succeeded"),
    }
    assert days_by_reads(daemon) == {1: 37}
    ((last, fresh, failed),) = rows(
        daemon, "SELECT last_nightly_at, fresh_through, failed_since_success FROM timesheet.feed_health"
    )
    assert last == started and fresh > started and failed == 0
    assert len(audits(now_jibble)) > 0


def test_a_slice_that_was_recorded_before_it_could_be_cancelled_is_not_read_again(daemon, now_jibble):  # noqa: F811
    """The time is up while the server ends the slice's run, too late to cancel it."""
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
        db.execute(
            """
            CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              PERFORM pg_sleep(60);
              RETURN NULL;
            EXCEPTION WHEN query_canceled THEN
              RETURN NULL;
            END $$;
            CREATE TRIGGER wait AFTER UPDATE ON timesheet.ingest_runs FOR EACH ROW
            WHEN (new.command = 'sync' AND new.status = 'succeeded') EXECUTE FUNCTION public.wait()
            """
        )
        assert is_left(limited(daemon, 4, "nightly", **SLOWLY))
        db.execute("DROP FUNCTION public.wait CASCADE")
    assert ("sync", "succeeded") in outcomes(daemon)
    until_nothing_is_left(daemon, 60, "nightly")
    assert days_by_reads(daemon) == {1: 37}


def test_a_nightly_that_fits_leaves_the_row_of_one_without_a_limit(make, now_jibble):  # noqa: F811
    limited_one, other = make(), make()
    limited(limited_one, 100, "nightly")
    other.must("nightly")
    assert outcomes(limited_one) == outcomes(other) == [("nightly", "succeeded")]
    assert not is_due(limited_one)


def test_a_poll_between_two_calls_neither_disturbs_it_nor_goes_on_for_it(daemon):
    assert is_left(limited(daemon, 3, "nightly", **SLOWLY))
    limited(daemon, 60, "sync")
    assert is_due(daemon)
    until_nothing_is_left(daemon, 60, "nightly")
    assert not is_due(daemon)


def test_an_audit_that_is_cut_is_made_by_the_next_call_alone(daemon, now_jibble):  # noqa: F811
    now_jibble.admin(
        "POST", "faults", {"path_contains": "TimesheetsSummary", "times": 1, "action": "slow", "seconds": 30}
    )
    log = limited(daemon, 8, "nightly")
    assert (
        "nightly: all days are read, then the time limit of 8 s leaves no time for more; left: the audit of "
        "the last week" in log
    )
    assert outcomes(daemon) == [("nightly", "succeeded")] and not is_due(daemon)
    now_jibble.admin("DELETE", "requests")
    log = limited(daemon, 60, "nightly")
    assert "audit of " in log and "finished" in log and not is_left(log)
    assert now_jibble.requests("TimeEntries") == [] and len(audits(now_jibble)) > 0
    assert outcomes(daemon) == [("nightly", "succeeded")]
    limited(daemon, 60, "nightly")  # nothing is left of it: the next one reads again
    assert outcomes(daemon) == [("nightly", "succeeded")] * 2


def test_what_could_not_be_proven_in_a_slice_fails_the_pass_in_the_end(daemon, now_jibble):  # noqa: F811
    """The rest of the days need not wait, and the nightly read is not recorded as succeeded."""
    daemon.must("sync", "--since", str(datetime.date.today() - datetime.timedelta(40)))
    ((entry,),) = rows(
        daemon,
        "SELECT jibble_activity_id::text FROM timesheet.time_entries WHERE belongs_to_date = current_date - 3 LIMIT 1",
    )
    now_jibble.admin("DELETE", f"objects/TimeEntries/{entry}")
    now_jibble.admin("POST", "faults", {"path_contains": "id eq", "times": 1000, "action": "status", "status": 403})
    assert is_left(limited(daemon, 3, "nightly", **SLOWLY))
    for _ in range(30):
        done = daemon("nightly", "--time-limit", "4", **SLOWLY)
        if done.returncode != 0 or not is_left(done.stderr):
            break
    assert done.returncode == 1 and "so nothing was deleted" in done.stderr, done.stderr
    assert rows(
        daemon,
        "SELECT status, error LIKE '%nothing was deleted%' FROM timesheet.ingest_runs WHERE command = 'nightly'"
        " ORDER BY ingest_run_id DESC LIMIT 1",
    ) == [("failed", True)]
    if "left: the audit" in done.stderr:  # which the next call makes alone
        limited(daemon, 60, "nightly")
    # It is due, but the poller leaves it alone for an hour; it names the run that could not prove it.
    assert is_due(daemon) and rows(daemon, "SELECT timesheet.waits_after_unproven('nightly')") == [(True,)]
    ((run, error),) = rows(
        daemon,
        "SELECT s.ingest_run_id, n.error FROM timesheet.ingest_runs AS s, timesheet.ingest_runs AS n"
        " WHERE s.is_unproven AND s.command = 'sync' AND n.command = 'nightly' AND n.status = 'failed'"
        " ORDER BY s.ingest_run_id DESC LIMIT 1",
    )
    assert f"run {run} of " in error, error


def no_reports(daemon):
    """Storing the reports fails once the nightly read is recorded."""
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as db:
        db.execute(
            """
            CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF EXISTS (SELECT FROM timesheet.ingest_runs WHERE command = 'nightly' AND status = 'succeeded') THEN
                RAISE EXCEPTION 'no report is stored';
              END IF;
              RETURN NULL;
            END $$;
            CREATE TRIGGER fail BEFORE INSERT ON timesheet.session_rollup FOR EACH STATEMENT
              EXECUTE FUNCTION public.fail()"""
        )


def test_what_fails_after_the_read_takes_no_audit_away(make, now_jibble):  # noqa: F811
    """The read is recorded as the nightly one by then, and no other call of this night would make the audit."""
    for limit in ((), ("--time-limit", "60")):
        daemon = make()
        no_reports(daemon)
        now_jibble.admin("DELETE", "requests")
        done = daemon("nightly", *limit)
        assert done.returncode == 1 and "no report is stored" in done.stderr, done.stderr
        assert outcomes(daemon) == [("nightly", "succeeded")] and not is_due(daemon)
        assert len(audits(now_jibble)) > 0 and "audit of " in done.stderr, done.stderr
        assert rows(daemon, "SELECT command FROM timesheet.unfinished_passes") == []


def test_nor_in_the_service(make, now_jibble):  # noqa: F811
    service = make()
    no_reports(service)
    run_until(service, lambda: audits(now_jibble))
    assert outcomes(service).count(("nightly", "succeeded")) == 1
