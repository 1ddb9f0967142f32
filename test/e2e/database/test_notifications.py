"""Alerts and messages about them when several sessions work at once, one dies half way, nothing has changed, or the
database was dumped and restored."""

import datetime
import subprocess
import threading
import time

import psycopg
import pytest

from conftest import SUPERUSER_URI, wait_until
from logins import login  # noqa: F401 (a fixture)

QUEUE = "SELECT timesheet.queue_notifications('{ann@example.com,bob@example.com}', true, 'https://hours.example.com')"


@pytest.fixture
def uri(migrated_database):
    """A database that is older than settings.stale_after: where no read succeeded, its feed is stale."""
    uri = migrated_database()
    with psycopg.connect(uri) as connection:
        connection.execute("UPDATE timesheet.schema_migrations SET applied_at = now() - interval '2 hours'")
    return uri


@pytest.fixture
def db(uri):
    with psycopg.connect(uri, autocommit=True) as connection:
        yield connection


def ingest(login, uri):
    """A session of the daemon's role."""
    return psycopg.connect(login(uri, "timesheet_ingest")[1], autocommit=True)


def fail_runs(db, command="sync", times=3):
    db.execute(
        "INSERT INTO timesheet.ingest_runs (command, since, until, status, finished_at, error) "
        "SELECT %s, current_date - 3, current_date + 1, 'failed', now(), 'x' FROM generate_series(1, %s)",
        (command, times),
    )


def counts(db):
    """Open alerts, what was reported of them, e-mails and posts."""
    return db.execute(
        "SELECT (SELECT count(*) FROM timesheet.alerts WHERE resolved_at IS NULL), "
        "(SELECT count(*) FROM timesheet.alert_notifications), "
        "(SELECT count(*) FROM timesheet.outbox_messages WHERE kind = 'alert'), "
        "(SELECT count(*) FROM timesheet.webhook_messages)"
    ).fetchone()


def at_once(sessions, statement):
    """Runs it in each session, all beginning at the same moment; what each got, an error included."""
    barrier, got = threading.Barrier(len(sessions)), []

    def run(session):
        barrier.wait()
        try:
            got.append(session.execute(statement).fetchone()[0])
        except psycopg.Error as e:
            got.append(e)

    threads = [threading.Thread(target=run, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


@pytest.mark.every_server
def test_sessions_at_once_raise_each_alert_once_and_report_it_once(uri, db, login):  # noqa: F811
    for command in ("sync", "nightly", "backfill"):
        fail_runs(db, command)
    sessions = [ingest(login, uri) for _ in range(4)]
    assert at_once(sessions, "SELECT timesheet.update_alerts()") == [""] * 4
    assert counts(db)[0] == 4  # the three, and the feed is stale
    assert sorted(at_once(sessions, QUEUE)) == [0, 0, 0, 6]  # two kinds by three ways
    assert counts(db) == (4, 12, 4, 2)
    db.execute(
        "INSERT INTO timesheet.ingest_runs (command, since, until, status, finished_at) "
        "SELECT c, current_date - 3, current_date + 1, 'succeeded', now() "
        "FROM unnest('{sync,nightly,backfill}'::text[]) AS c"
    )
    assert at_once(sessions, "SELECT timesheet.update_alerts()") == [""] * 4
    assert counts(db)[0] == 0
    db.execute("UPDATE timesheet.outbox_messages SET state = 'sent', created_at = now() - interval '2 hours'")
    db.execute("UPDATE timesheet.webhook_messages SET state = 'sent', created_at = now() - interval '2 hours'")
    assert sorted(at_once(sessions, QUEUE)) == [0, 0, 0, 6]
    assert counts(db) == (0, 24, 8, 4)


@pytest.mark.every_server
def test_alerts_come_and_go_at_once_without_a_deadlock(uri, db, login):  # noqa: F811
    """The daemon, pg_cron's minute and what raises alerts elsewhere, for two seconds."""
    errors, over = [], time.monotonic() + 2

    def work(statement):
        with ingest(login_of, uri) if statement.startswith("SELECT") else psycopg.connect(uri, autocommit=True) as its:
            while time.monotonic() < over:
                try:
                    its.execute(statement)
                except psycopg.Error as e:
                    errors.append(e)

    login_of = login
    statements = [
        "SELECT timesheet.update_alerts()",
        "SELECT timesheet.update_alerts()",
        QUEUE,
        QUEUE,
        "SELECT timesheet.update_sender_alert('refused')",
        "SELECT timesheet.update_sender_alert(NULL)",
        "SELECT timesheet.record_pass('contacts', 'failed')",
        "INSERT INTO timesheet.ingest_runs (command, status, finished_at) VALUES ('sync', 'failed', now())",
        "INSERT INTO timesheet.contact_problems (problem) VALUES ('x')",
        "DELETE FROM timesheet.contact_problems",
    ]
    threads = [threading.Thread(target=work, args=(statement,)) for statement in statements]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (
        db.execute(
            "SELECT way, kind FROM (SELECT 'webhook' AS way, kind FROM timesheet.webhook_messages UNION ALL "
            "SELECT recipient, alert_kind FROM timesheet.outbox_messages) AS m GROUP BY way, kind HAVING count(*) > 1"
        ).fetchall()
        == []
    )  # nothing was sent, so that each waits for its first message


@pytest.mark.every_server
def test_a_session_that_dies_half_way_leaves_nothing_or_all(uri, db, login):  # noqa: F811
    """Its message and what the message reports are one transaction."""
    fail_runs(db)
    db.execute("SELECT timesheet.update_alerts()")
    with ingest(login, uri) as dying:
        dying.autocommit = False
        assert dying.execute(QUEUE).fetchone()[0] > 0
        other = ingest(login, uri)
        got = []
        waiting = threading.Thread(target=lambda: got.append(other.execute(QUEUE).fetchone()[0]))
        waiting.start()
        wait_until(
            lambda: db.execute(
                "SELECT FROM pg_locks WHERE NOT granted AND pid = %s", (other.info.backend_pid,)
            ).rowcount
        )
        assert counts(db)[1:] == (0, 0, 0)
        with psycopg.connect(SUPERUSER_URI, autocommit=True) as superuser:
            superuser.execute("SELECT pg_terminate_backend(%s)", (dying.info.backend_pid,))
        waiting.join()
        with pytest.raises(psycopg.OperationalError):
            dying.execute("SELECT 1")
    assert got == [6] and counts(db) == (2, 6, 4, 2)
    assert other.execute(QUEUE).fetchone() == (0,)


@pytest.mark.every_server
def test_where_nothing_changed_nothing_is_written(uri, db, login):  # noqa: F811
    """A pass that finds nothing new, with alerts that are open, messages that wait, and ways that fail."""
    fail_runs(db)
    db.execute("INSERT INTO timesheet.contact_problems (problem) VALUES ('x')")
    db.execute("SELECT timesheet.update_alerts()")
    db.execute(QUEUE)
    db.execute("UPDATE timesheet.notification_ways SET failures = 3, failing_since = now() WHERE way = 'webhook'")
    db.execute("SELECT timesheet.update_alerts()")
    db.execute(QUEUE)
    db.execute("SELECT timesheet.record_pass('contacts', NULL)")
    with ingest(login, uri) as session:
        session.autocommit = False
        for statement in (
            "SELECT timesheet.update_alerts()",
            QUEUE,
            "SELECT timesheet.record_pass('contacts', NULL)",
            "SELECT * FROM timesheet.next_webhook_message()",
            "SELECT * FROM timesheet.notification_failures()",
        ):
            session.execute(statement)
            assert session.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,), statement


@pytest.mark.every_server
def test_who_holds_the_ingest_lock_counts_as_a_pass_for_an_hour(uri, db, login):  # noqa: F811
    """After that it may be a connection whose machine is gone."""

    def last_pass():
        return db.execute("SELECT timesheet.last_pass_at(), clock_timestamp() - timesheet.last_pass_at()").fetchone()

    with ingest(login, uri) as working:
        working.autocommit = False
        working.execute("SELECT timesheet.take_ingest_lock()")
        with ingest(login, uri) as its:
            its.execute(
                "SELECT timesheet.record_lock_holder('ingest_lock', %s, 'laptop', 1)", (working.info.backend_pid,)
            )
        db.execute("UPDATE timesheet.lock_holders SET held_since = now() - interval '59 minutes'")
        assert last_pass()[1] < datetime.timedelta(seconds=5)
        db.execute("UPDATE timesheet.lock_holders SET held_since = now() - interval '3 hours'")
        assert last_pass()[0] is None
        db.execute("SELECT timesheet.record_pass('contacts', 'x')")
        assert last_pass()[1] < datetime.timedelta(seconds=5)


@pytest.mark.every_server
def test_one_of_two_environments_without_any_way_takes_none_away(uri, db, login):  # noqa: F811
    """A pass by hand from a laptop, in the middle of an alert and while another process posts."""
    with ingest(login, uri) as service, ingest(login, uri) as laptop:
        by_hand = "SELECT timesheet.queue_notifications('{}', false, NULL)"
        service.execute(QUEUE)
        fail_runs(db)
        db.execute("SELECT timesheet.update_alerts()")
        assert laptop.execute(by_hand).fetchone() == (0,) and service.execute(QUEUE).fetchone() == (6,)
        message = service.execute("SELECT webhook_message_id FROM timesheet.next_webhook_message()").fetchone()
        service.execute("SELECT timesheet.begin_webhook_message(%s)", message)
        laptop.execute(by_hand)
        sent = service.execute("SELECT timesheet.end_webhook_message(%s, true, false, NULL)", message)
        assert sent.fetchone() == ("sent",)
        assert db.execute("SELECT count(*) FROM timesheet.outbox_messages WHERE state = 'queued'").fetchone() == (4,)
        ways = db.execute("SELECT count(*) FROM timesheet.notification_ways WHERE is_configured")
        assert ways.fetchone() == (3,)


def test_a_restored_database_reports_nothing_twice_and_goes_on(uri, db, new_database):
    """Not for every server, as pg_dump is that of the server on Debian alone."""
    fail_runs(db)
    db.execute("SELECT timesheet.update_alerts()")
    db.execute(QUEUE)
    db.execute("SELECT timesheet.record_pass('contacts', 'x')")
    db.execute(
        "SELECT timesheet.begin_webhook_message(webhook_message_id), "
        "timesheet.end_webhook_message(webhook_message_id, true, false, NULL) FROM timesheet.webhook_messages"
    )
    copy = new_database()
    dump = subprocess.run(["pg_dump", "-Fc", uri], check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", "-d", copy], input=dump, check=True)
    with psycopg.connect(copy, autocommit=True) as restored:
        for table in ("alerts", "alert_notifications", "notification_ways", "webhook_messages", "pass_failures"):
            rows = f"SELECT t::text FROM timesheet.{table} AS t ORDER BY 1"
            assert restored.execute(rows).fetchall() == db.execute(rows).fetchall() != [], table
        restored.execute("SELECT timesheet.update_alerts()")
        assert restored.execute(QUEUE).fetchone() == (0,)
        fail_runs(restored, "nightly")
        restored.execute("SELECT timesheet.update_alerts()")
        restored.execute(
            "UPDATE timesheet.webhook_messages SET created_at = now() - interval '2 hours', sent_at = NULL"
        )
        assert restored.execute(QUEUE).fetchone() == (1,)
        assert restored.execute("SELECT count(*) FROM timesheet.webhook_messages").fetchone() == (3,)
