"""The poller's calls, really sent: by pg_cron's minute, with the secret of the moment, and what becomes of each answer.
pg_net and the Vault are stand-ins (test/stand_ins)."""

import os
import re
import socket
import subprocess
import time

import pytest

from conftest import TIMESHEETD, wait_until
from other_server import other_server  # noqa: F401 (a fixture)
from poller_server import SECRET, poller, poller_server  # noqa: F401 (fixtures)

pytestmark = pytest.mark.every_native_server


def health(poller):
    return poller.db.execute("SELECT poller_reached_at IS NOT NULL, poller_error FROM timesheet.feed_health").fetchone()


def today(poller, days=0):
    return str(poller.db.execute("SELECT (now() AT TIME ZONE 'UTC')::date + %s", (days,)).fetchone()[0])


def ran(poller, command, first_day, last_day, status="succeeded"):
    poller.db.execute(
        "INSERT INTO timesheet.ingest_runs (command, since, until, status, finished_at) "
        "VALUES (%s, %s, %s, %s, now())",
        (command, today(poller, first_day), today(poller, last_day), status),
    )


def test_pg_cron_calls_each_job_by_the_minute(poller):
    """Nothing but the server and what it calls has to run; each job is asked for every minute here."""
    poller.schedule(poller.jobs.url, today(poller, -60))
    ran(poller, "sync", -3, 1)
    for name, command in poller.db.execute("SELECT name, command FROM timesheet.poller_jobs()").fetchall():
        poller.db.execute("SELECT cron.schedule(%s, '* * * * *', %s)", (name, command))
    wanted = {
        "/jobs/sync",
        "/jobs/nightly",
        "/jobs/contacts",
        "/jobs/digests",
        f"/jobs/backfill?since={today(poller, -60)}&until={today(poller, -4)}",
    }
    wait_until(lambda: {path for path, *_ in poller.jobs.requests} >= wanted, seconds=150)
    assert {request[1:] for request in poller.jobs.requests} == {(f"Bearer {SECRET}", b"{}")}
    wait_until(lambda: health(poller) == (True, None), seconds=150)
    assert poller.alerts() == {}
    assert poller.superuser.execute(
        "SELECT DISTINCT d.status FROM cron.job_run_details AS d JOIN cron.job AS j USING (jobid) "
        "WHERE j.jobname ~ '^timesheet-poller' AND d.end_time IS NOT NULL"
    ).fetchall() == [("succeeded",)]


def test_a_wrong_secret_is_seen_and_a_corrected_one_ends_it(poller):
    poller.schedule_by_hand(poller.jobs.url)
    poller.jobs.work(secret="another secret of 32 characters..")
    assert "answered 401: the secret timesheet_cron_secret in the Vault is not" in poller.call("sync")
    assert list(poller.alerts()) == ["sync"]
    assert re.fullmatch(
        r"the call of sync on .* \(UTC\) failed: http://127.0.0.1:\d+/jobs/sync answered 401: .*", health(poller)[1]
    )
    poller.set_secret("another secret of 32 characters..".replace(" ", "-"))
    poller.jobs.work(secret="another-secret-of-32-characters..")
    assert poller.call("sync") == "worked"  # the job itself was not changed
    assert poller.alerts() == {} and health(poller) == (True, None)


def test_the_alert_of_a_job_is_ended_by_that_job_alone(poller):
    poller.schedule_by_hand(poller.jobs.url)
    poller.jobs.say(500, '{"job": "digests", "exit": 1, "seconds": 1, "message": "MAIL_FROM is missing"}')
    assert poller.call("digests").endswith("/jobs/digests answered 500: MAIL_FROM is missing")
    poller.jobs.work()
    assert poller.call("sync") == "worked" and list(poller.alerts()) == ["digests"]
    assert poller.call("digests") == "worked" and poller.alerts() == {}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_an_address_at_which_nothing_listens_is_seen(poller):
    poller.schedule_by_hand(f"http://127.0.0.1:{free_port()}")
    assert "could not be reached (" in poller.call("sync") and "refused" in poller.alerts()["sync"]
    poller.schedule_by_hand(poller.jobs.url)
    assert poller.call("sync") == "worked" and poller.alerts() == {}


@pytest.mark.parametrize(
    "status, text, said",
    [
        (500, '{"job": "sync", "exit": 1, "seconds": 9, "message": "Jibble answered 401"}', "500: Jibble answered 401"),
        (502, "<html>Bad gateway</html>", "answered 502: see the log of the deployment"),
        (404, "not found", "answered 404: check the address, and that the deployment has CRON_SECRET"),
        (200, "<html>parked</html>", "answered 200, but not as the jobs of timesheet do"),
        (409, '{"job": "sync", "exit": 75, "seconds": 0, "message": "another pass holds the lock"}', "worked"),
    ],
)
def test_each_answer_counts_as_what_it_is(poller, status, text, said):
    poller.schedule_by_hand(poller.jobs.url)
    poller.jobs.say(status, text)
    assert said in poller.call("sync")
    assert list(poller.alerts()) == ([] if status == 409 else ["sync"])
    assert poller.db.execute("SELECT FROM timesheet.ingest_runs").rowcount == 0
    assert poller.db.execute("SELECT status FROM timesheet.poller_calls").fetchall() == [(status,)]
    poller.jobs.work()
    assert poller.call("sync") == "worked" and poller.alerts() == {}


def test_a_server_that_hangs_is_seen_and_called_no_more_until_then(poller):
    """The stand-in for pg_net waits 2 seconds, where pg_net would wait 5 minutes."""
    poller.schedule_by_hand(poller.jobs.url)
    poller.jobs.answer = "hang"
    poller.db.execute("SELECT timesheet.call_job('sync')")
    wait_until(lambda: poller.jobs.requests)
    assert poller.db.execute("SELECT timesheet.call_job('sync')").fetchone() == (None,)
    wait_until(lambda: poller.db.execute("SELECT timesheet.collect_answers()").fetchone()[0])
    assert "did not answer within 5 minutes" in poller.alerts()["sync"]
    assert len(poller.jobs.requests) == 1
    poller.jobs.work()
    assert poller.call("sync") == "worked" and poller.alerts() == {}


def test_where_the_answers_are_lost_it_is_seen(poller):
    """pg_net's tables are unlogged: a crash of the server empties them."""
    poller.schedule_by_hand(poller.jobs.url)
    poller.db.execute("SELECT timesheet.call_job('sync')")
    wait_until(
        lambda: poller.superuser.execute(
            "SELECT FROM net._http_response AS r JOIN timesheet.poller_calls AS c ON c.request_id = r.id"
        ).rowcount
    )
    poller.superuser.execute("TRUNCATE net._http_response")
    poller.db.execute("UPDATE timesheet.poller_calls SET called_at = called_at - interval '11 minutes 1 second'")
    assert poller.call("contacts") == "worked"
    assert "pg_net recorded no answer of" in poller.alerts()["sync"]
    assert poller.call("sync") == "worked" and poller.alerts() == {}


def test_a_secret_that_is_gone_is_seen(poller):
    poller.schedule_by_hand(poller.jobs.url)
    poller.superuser.execute("UPDATE vault.secrets SET name = 'moved'")
    try:
        assert poller.db.execute("SELECT timesheet.call_job('sync')").fetchone() != (None,)
        assert (
            "the Vault has no secret named timesheet_cron_secret; Run SELECT vault.create_secret(" in health(poller)[1]
        )
    finally:
        poller.superuser.execute("UPDATE vault.secrets SET name = 'timesheet_cron_secret'")
    assert poller.call("sync") == "worked" and poller.alerts() == {}


def test_the_nightly_is_called_until_it_is_recorded_as_succeeded(poller):
    """One that was cut answers 200 and is not recorded: the next call goes on."""
    poller.schedule_by_hand(poller.jobs.url)
    for status in (None, "failed", "running"):
        if status:
            ran(poller, "nightly", -35, 1, status)
        assert poller.call("nightly") == "worked", status
    poller.jobs.say(500, '{"job": "nightly", "message": "Jibble answered 500"}')
    assert poller.call("nightly") != "worked" and list(poller.alerts()) == ["nightly"]
    ran(poller, "nightly", -35, 1)  # by hand, say
    assert poller.call("nightly") == "not due" and poller.alerts() == {}
    assert len(poller.jobs.requests) == 4
    # The office moves to a zone in which the next night has begun since.
    west = (time.gmtime().tm_hour - 3 + 11) % 24 - 11  # hours for which it is between 03:00 and 04:00 there
    poller.db.execute("UPDATE timesheet.ingest_runs SET started_at = started_at - interval '2 hours'")
    poller.db.execute("UPDATE timesheet.settings SET default_time_zone = %s", (f"Etc/GMT{west:+d}",))
    try:
        poller.jobs.work()
        assert poller.call("nightly") == "worked"
    finally:
        poller.db.execute("UPDATE timesheet.settings SET default_time_zone = 'UTC'")


def test_a_backfill_goes_on_until_each_day_was_read_and_ends_itself(poller):
    poller.schedule_by_hand(poller.jobs.url, today(poller, -60))
    ran(poller, "sync", -3, 1)
    assert poller.call("backfill") == "worked"
    ran(poller, "backfill", -60, -33)  # then it was cut
    poller.db.execute(
        "SELECT timesheet.keep_pass('backfill', %s, %s, 28, 0, false, NULL, now())",
        (today(poller, -60), today(poller, -32)),
    )
    assert poller.call("backfill") == "worked"
    poller.db.execute("DELETE FROM timesheet.unfinished_passes")
    ran(poller, "backfill", -32, -5, "failed")
    assert poller.call("backfill") == "worked"
    assert [path for path, *_ in poller.jobs.requests] == [
        f"/jobs/backfill?since={today(poller, -60)}&until={today(poller, -4)}",
        f"/jobs/backfill?since={today(poller, -60)}&until={today(poller, -4)}",  # timesheetd knows where it was
        f"/jobs/backfill?since={today(poller, -32)}&until={today(poller, -4)}",
    ]
    poller.jobs.say(500, "{}")
    assert poller.call("backfill") != "worked" and list(poller.alerts()) == ["backfill"]
    ran(poller, "backfill", -32, -4)
    assert "backfill" in poller.scheduled()
    assert poller.call("backfill") == "not due"
    assert "backfill" not in poller.scheduled() and len(poller.scheduled()) == 4 and poller.alerts() == {}
    assert poller.db.execute("SELECT backfill_since FROM timesheet.poller").fetchall() == [(None,)]
    assert poller.db.execute("SELECT count(*) FROM timesheet.scheduled_jobs").fetchone() == (4,)


def test_a_backfill_that_cannot_prove_deletions_ends_and_its_alert_stays(poller):
    """Three times, an hour apart; scheduled again once the cause is corrected, it ends the alert."""
    poller.schedule_by_hand(poller.jobs.url, today(poller, -60))
    ran(poller, "sync", -3, 1)
    ran(poller, "backfill", -60, -33)
    poller.jobs.say(500, '{"job": "backfill", "message": "1 entry: the question was refused"}')
    for _ in range(3):
        assert poller.call("backfill").endswith("answered 500: 1 entry: the question was refused")
        poller.db.execute(
            "INSERT INTO timesheet.ingest_runs (command, since, until, status, error, finished_at, is_unproven) "
            "VALUES ('backfill', %s, %s, 'failed', '1 entry: the question was refused', now(), true)",
            (today(poller, -32), today(poller, -4)),
        )
        if "backfill" in poller.scheduled():
            assert poller.call("backfill") == "not due" and len(poller.alerts()) == 1
        poller.db.execute("UPDATE timesheet.ingest_runs SET finished_at = finished_at - interval '1 hour'")
    assert "backfill" not in poller.scheduled()
    assert poller.alerts()["backfill"].startswith(
        f"the backfill is complete, but of 29 days from {today(poller, -32)} to {today(poller, -4)} it could not be "
        "proven in 3 attempts what was deleted: 1 entry: the question was refused; what was read counts"
    )
    poller.jobs.work()
    poller.schedule_by_hand(poller.jobs.url, today(poller, -32))
    assert poller.call("backfill") == "worked" and poller.alerts() == {}


def test_a_sync_longer_than_a_minute_keeps_no_other_from_its_turn(poller):
    """Each call of the nightly meets a sync at work, until one sync is left out."""
    poller.schedule_by_hand(poller.jobs.url)
    assert poller.call("sync") == "worked"
    poller.jobs.say(409, '{"job": "nightly", "exit": 75, "seconds": 0, "message": "another pass holds the lock"}')
    assert poller.call("nightly") == "worked"
    poller.jobs.work()
    assert poller.call("sync") == "not due"
    assert poller.call("nightly") == "worked"
    assert poller.call("sync") == "worked" and poller.alerts() == {}
    called = [path for path, *_ in poller.jobs.requests]
    assert called == ["/jobs/sync", "/jobs/nightly", "/jobs/nightly", "/jobs/sync"]


def test_a_backfill_that_is_complete_is_ended_by_pg_cron_itself(poller):
    ran(poller, "nightly", -35, 1)
    poller.schedule_by_hand(poller.jobs.url, today(poller, -10))
    poller.db.execute(
        "SELECT cron.unschedule(name), cron.schedule(name, '* * * * *', command) FROM timesheet.poller_jobs() "
        "WHERE job = 'backfill'"
    )
    wait_until(lambda: "backfill" not in poller.scheduled(), seconds=90)
    assert poller.jobs.requests == [] and len(poller.scheduled()) == 4
    run = (
        "SELECT status, return_message FROM cron.job_run_details WHERE command ~ 'backfill' AND end_time IS NOT NULL "
        "ORDER BY runid DESC LIMIT 1"
    )
    assert wait_until(lambda: poller.superuser.execute(run).fetchone())[0] == "succeeded"


def test_no_more_is_called_once_it_is_unscheduled(poller):
    poller.schedule_by_hand(poller.jobs.url)
    poller.jobs.say(500, "")
    poller.call("sync")
    poller.db.execute("SELECT timesheet.call_job('contacts')")
    poller.db.execute("SELECT timesheet.unschedule_poller()")
    assert poller.alerts() == {} and health(poller)[1] is None
    with pytest.raises(Exception, match="no poller is scheduled"):
        poller.db.execute("SELECT timesheet.call_job('sync')")
    # No job is left that deletes old calls, so there are none, and nothing says that the poller works.
    assert poller.db.execute("SELECT FROM timesheet.poller_calls").rowcount == 0 and health(poller) == (False, None)
    poller.db.execute("SELECT timesheet.collect_answers(), timesheet.watch_feed()")
    assert poller.alerts() == {} and health(poller) == (False, None)
    poller.schedule_by_hand(poller.jobs.url)
    poller.db.execute("SELECT timesheet.collect_answers()")
    assert poller.alerts() == {}


def test_calls_older_than_14_days_are_deleted(poller):
    poller.schedule_by_hand(poller.jobs.url)
    poller.call("sync")
    poller.db.execute("UPDATE timesheet.poller_calls SET called_at = called_at - interval '14 days 1 minute'")
    assert poller.call("contacts") == "worked"
    assert poller.db.execute("SELECT job FROM timesheet.poller_calls").fetchall() == [("contacts",)]


def test_the_secret_is_nowhere_but_in_the_vault_and_the_header(poller):
    poller.schedule_by_hand(poller.jobs.url)
    poller.jobs.answer = lambda _, authorization: (500, f'{{"job": "sync", "message": "{authorization}"}}')
    poller.call("sync")
    poller.superuser.execute("UPDATE vault.secrets SET name = 'moved'")
    poller.db.execute("SELECT timesheet.call_job('contacts')")
    poller.superuser.execute("UPDATE vault.secrets SET name = 'timesheet_cron_secret'")
    dumped = subprocess.run(
        ["pg_dump", "--data-only", "-n", "timesheet", "-n", "cron", poller.server.superuser_uri],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    log = (poller.server.folder / "data/server.log").read_text()
    assert "timesheet-poller-sync" in dumped and SECRET not in dumped and SECRET not in log


def check(poller):
    said = subprocess.run(
        [TIMESHEETD, "check"],
        env={"PATH": os.environ["PATH"], "DATABASE_URL": poller.server.uri},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ).stdout
    return [line for line in said.splitlines() if " poller " in line]


def test_check_warns_where_other_roles_may_read_what_waits_in_pg_net(poller):
    db = poller.superuser
    assert check(poller) == []  # without a poller there is no secret
    poller.schedule_by_hand(poller.jobs.url)
    assert check(poller) == []  # those that sign in are the one that scheduled it, and a superuser
    db.execute("CREATE ROLE bi LOGIN; CREATE ROLE closed LOGIN; CREATE ROLE nologin")
    try:
        (line,) = check(poller)
        assert line.startswith("warning poller    2 roles may read net.http_request_queue, where each call's secret")
        assert ": bi, closed; as the owner of pg_net, REVOKE SELECT ON net.http_request_queue FROM PUBLIC" in line
        db.execute(
            "REVOKE SELECT ON net.http_request_queue FROM PUBLIC; GRANT SELECT ON net.http_request_queue TO timesheet"
        )
        assert check(poller) == []
        db.execute("GRANT SELECT (headers) ON net.http_request_queue TO bi")
        assert "1 role may read" in check(poller)[0]
        db.execute("REVOKE SELECT (headers) ON net.http_request_queue FROM bi")
        # As Supabase's authenticator, which signs in and becomes one of those that cannot.
        db.execute("GRANT SELECT ON net.http_request_queue TO nologin")
        assert check(poller) == []
        db.execute("ALTER ROLE bi NOINHERIT; GRANT nologin TO bi")
        (line,) = check(poller)
        assert "1 role may read" in line and ": bi (as nologin); as the owner" in line
        db.execute("ALTER ROLE nologin SUPERUSER")  # which may read the Vault itself, and nothing helps
        assert check(poller) == []
    finally:
        db.execute("DROP OWNED BY nologin")
        db.execute("DROP OWNED BY bi; DROP ROLE bi, closed, nologin; GRANT ALL ON net.http_request_queue TO PUBLIC")
