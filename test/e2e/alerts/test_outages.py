"""Where the database is dead, `run` says so by the webhook without it; where the jobs cannot be reached, the next pass
that is made by hand does. On a server of their own, as it is stopped, with pg_cron and the stand-in for pg_net."""

import re
import signal
import time

import psycopg
import pytest

from alert_world import World, jibble_now, webhook  # noqa: F401 (fixtures)
from conftest import Daemon, wait_until
from mail_provider import Provider
from other_server import other_server, shared_stage  # noqa: F401 (a fixture)
from poller_server import SECRET, STAND_INS, psql
from webhook_peer import Webhook


@pytest.fixture(scope="module")
def server(other_server):  # noqa: F811
    Daemon(other_server.uri).must("migrate")
    for name in ("pg_net.sql", "vault.sql"):
        psql(other_server.superuser_uri, STAND_INS / name)
    with psycopg.connect(other_server.superuser_uri, autocommit=True) as db:
        db.execute("GRANT USAGE ON SCHEMA vault TO timesheet; GRANT SELECT ON vault.decrypted_secrets TO timesheet")
        db.execute("SELECT vault.create_secret(%s, 'timesheet_cron_secret')", (SECRET,))
    return other_server


@pytest.fixture
def service(server, jibble_now, webhook):  # noqa: F811
    it = Daemon(server.uri, jibble_now)
    it.environment |= {
        "SYNC_INTERVAL": "1",
        "SYNC_LOOKBACK_DAYS": "1",
        "ALERT_WEBHOOK_URL": webhook.address,
        "MAIL_PAGE_URL": "https://hours.example.com",
    }
    return it


def answer(db, status, text):
    """What pg_net records of the jobs' answer to the call that is queued."""
    db.execute(
        "WITH sent AS (DELETE FROM net.http_request_queue RETURNING id) "
        "INSERT INTO net._http_response (id, status_code, content, timed_out) SELECT id, %s, %s, false FROM sent",
        (status, text),
    )


def test_a_poller_that_cannot_be_reached_is_reported_until_it_can(server, webhook):  # noqa: F811
    provider = Provider("resend")
    world = World(server.uri, provider, webhook)
    superuser = psycopg.connect(server.superuser_uri, autocommit=True)
    try:
        world.db.execute("SELECT timesheet.schedule_poller('https://jobs.example.com')")
        superuser.execute("UPDATE cron.job SET active = false")
        for status, text in (
            (500, '{"job": "sync", "exit": 1, "seconds": 9, "message": "Jibble answered 401"}'),
            (200, '{"job": "sync", "exit": 0, "seconds": 9, "message": "sync finished"}'),
        ):
            world.db.execute("SELECT timesheet.call_job('sync')")
            answer(superuser, status, text)
            world.db.execute("SELECT timesheet.collect_answers()")
            world.notify()
            world.an_hour_passes()
        assert [post.title for post in webhook.posts] == [
            f"Problem: {world.title('poller_unreachable')}",
            f"Over: {world.title('poller_unreachable')}",
        ]
        assert "jobs.example.com" not in webhook.posts[0].text and "401" not in webhook.posts[0].text
    finally:
        world.db.execute("SELECT timesheet.unschedule_poller()")
        superuser.close()
        world.close()
        provider.peer.stop()


def synced(server):
    """How many passes have worked; None while the database is away."""
    try:
        with psycopg.connect(server.uri, connect_timeout=2) as db:
            return db.execute("SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'succeeded'").fetchone()[0]
    except psycopg.OperationalError:
        return None


def start_again(server):
    server.run("scratch", *filter(None, [shared_stage()]))


def posts_about(webhook):  # noqa: F811
    return [post for post in webhook.posts if "database" in post.text]


def a_pass_is_made(server, reads=3):
    """A whole one: each has at least a row in the run log, and the first of a night another."""
    before = wait_until(lambda: synced(server) is not None and (synced(server),))[0]
    wait_until(lambda: (synced(server) or 0) >= before + reads)


def test_a_database_that_is_stopped_is_said_by_the_service_once_for_each_outage(server, service, webhook):  # noqa: F811
    process = service.start("run")
    try:
        for outage in (1, 2):
            a_pass_is_made(server, reads=1)  # whatever the rest of that pass meets
            assert len(posts_about(webhook)) == outage - 1
            server.run("stop")
            wait_until(lambda: len(posts_about(webhook)) >= outage, 30)
            if outage == 1:
                time.sleep(2.5)  # further passes say it no more
            start_again(server)
        a_pass_is_made(server)
        assert len(posts_about(webhook)) == 2 and process.poll() is None
    finally:
        if synced(server) is None:
            start_again(server)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
    assert Webhook.SECRET not in log
    for post in posts_about(webhook):
        assert "cannot be reached" in post.text and re.search(r"since \w{3} \d.*, \d\d:\d\d", post.text)
        for private in ("postgresql://", "127.0.0.1", server.uri.split(":")[2].split("@")[0]):
            assert private not in post.text


def test_one_pass_that_loses_its_connection_is_no_outage(server, service, webhook):  # noqa: F811
    process = service.start("run")
    try:
        a_pass_is_made(server)
        with psycopg.connect(server.superuser_uri, autocommit=True) as db:
            wait_until(
                lambda: db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'timesheetd'"
                ).rowcount
            )
        a_pass_is_made(server)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert posts_about(webhook) == []


def test_other_commands_say_nothing_of_a_database_that_is_away(service, webhook, tmp_path):  # noqa: F811
    away = {"DATABASE_URL": "postgresql://timesheet:hush@127.0.0.1:1/timesheet"}
    for command in ("sync", "nightly", "check", "metrics"):
        for _ in range(2):
            assert service(command, **away).returncode == 1
    assert webhook.requests == []
