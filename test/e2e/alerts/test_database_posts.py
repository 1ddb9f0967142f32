"""Where the poller is dead, the database posts stale_feed by itself: once, through pg_net, and only then. pg_net and
the Vault are stand-ins (test/stand_ins), whose queue is read here in place of being sent."""

import pathlib
import subprocess

import psycopg
import pytest

from alert_world import World, jibble_now  # noqa: F401 (a fixture)
from conftest import SUPERUSER_URI, Daemon, wait_until
from locks import holder_of
from webhook_peer import Webhook

STAND_INS = pathlib.Path(__file__).parents[2] / "stand_ins"
SECRET = "T0HUSH-hush"
URL = f"https://hooks.slack.com/services/{SECRET}"


@pytest.fixture(scope="module")
def uri(migrated_database):
    uri = migrated_database()
    superuser_uri = SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]
    for name in ("pg_net.sql", "vault.sql"):
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", STAND_INS / name, superuser_uri], check=True)
    with psycopg.connect(superuser_uri, autocommit=True) as db:
        db.execute("GRANT USAGE ON SCHEMA vault TO timesheet; GRANT SELECT ON vault.decrypted_secrets TO timesheet")
        db.execute("SELECT vault.create_secret(%s, 'timesheet_alert_webhook_url')", (URL,))
    return uri


class Dead(World):
    """A database whose last pass was twenty minutes ago, and what pg_cron's job does there."""

    def __init__(self, uri):
        super().__init__(uri)
        superuser_uri = SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]
        self.superuser = psycopg.connect(superuser_uri, autocommit=True)
        self.superuser.execute("TRUNCATE net.http_request_queue; TRUNCATE timesheet.ingest_runs CASCADE")
        self.secret(URL)
        self.feed("Groups")
        self.db.execute(
            "UPDATE timesheet.ingest_runs SET started_at = now() - interval '20 minutes', "
            "finished_at = now() - interval '20 minutes'; UPDATE timesheet.settings SET stale_after = '15 minutes'"
        )

    def secret(self, url, name="timesheet_alert_webhook_url"):
        self.superuser.execute("DELETE FROM vault.secrets")
        self.superuser.execute("SELECT vault.create_secret(%s, %s)", (url, name))

    def minute(self):
        """What pg_cron does every minute."""
        (command,) = self.db.execute(
            "SELECT command FROM timesheet.jobs() WHERE name = 'timesheet-update-alerts' AND schedule = '* * * * *'"
        ).fetchone()
        self.db.execute(command)

    def posts(self):
        """(url, body) of each request to be sent."""
        return self.superuser.execute(
            "SELECT url, convert_from(body, 'UTF8')::json FROM net.http_request_queue ORDER BY id"
        ).fetchall()

    def close(self):
        self.superuser.close()
        super().close()


@pytest.fixture
def dead(uri):
    it = Dead(uri)
    yield it
    it.close()


def test_a_stale_feed_without_any_pass_is_posted_once(dead):
    for _ in range(3):
        dead.minute()
    ((url, body),) = dead.posts()
    assert url == URL and list(body) == ["text"]  # as Slack takes it
    title, meaning, remedy = dead.db.execute(
        "SELECT title, meaning, remedy FROM timesheet.alert_texts('stale_feed')"
    ).fetchone()
    (number,) = dead.db.execute("SELECT alert_id FROM timesheet.alerts WHERE kind = 'stale_feed'").fetchone()
    for said in (title, meaning, remedy, f"alert {number}"):
        assert said in body["text"]
    assert dead.db.execute("SELECT way, event FROM timesheet.alert_notifications").fetchall() == [("webhook", "began")]


def test_what_waits_to_say_that_an_earlier_one_is_over_is_not_posted_in_its_place(dead):
    """The webhook was away when that one ended, and then the service died."""
    earlier = dead.begins("", "stale_feed")
    queue = "SELECT timesheet.queue_notifications('{}', true, 'https://hours.example.com')"
    dead.db.execute(queue)
    dead.db.execute(
        "UPDATE timesheet.webhook_messages SET state = 'sent', created_at = now() - interval '2 hours', "
        "sent_at = now() - interval '2 hours'"
    )
    dead.ends("", "stale_feed")
    dead.db.execute(queue)
    assert (
        dead.db.execute("SELECT body FROM timesheet.webhook_messages WHERE state = 'queued'")
        .fetchone()[0]
        .startswith("Over: ")
    )
    dead.db.execute("UPDATE timesheet.pass_failures SET last_at = last_at - interval '20 minutes'")
    for _ in range(2):
        dead.minute()
    ((_, body),) = dead.posts()
    (number,) = dead.db.execute("SELECT alert_id FROM timesheet.alerts WHERE resolved_at IS NULL").fetchone()
    assert body["text"].startswith("Problem: ") and number != earlier
    assert str(number) in body["text"].splitlines()[-1] and "https://hours.example.com/health" in body["text"]
    assert dead.db.execute("SELECT FROM timesheet.webhook_messages WHERE state = 'queued'").rowcount == 0


def test_it_is_posted_and_recorded_in_one_transaction(dead):
    with pytest.raises(ZeroDivisionError), dead.db.transaction():
        dead.minute()
        raise ZeroDivisionError
    assert dead.posts() == [] and dead.db.execute("SELECT FROM timesheet.alert_notifications").rowcount == 0
    dead.minute()
    assert len(dead.posts()) == 1


def test_two_at_once_post_it_once(dead):
    with psycopg.connect(dead.uri) as other:
        (command,) = other.execute(
            "SELECT command FROM timesheet.jobs() WHERE name = 'timesheet-update-alerts'"
        ).fetchone()
        other.execute(command)
        second = subprocess.Popen(["psql", "-Xqc", command, dead.uri], stdout=subprocess.PIPE)
        wait_until(
            lambda: second.poll() is not None
            or dead.db.execute(
                "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).rowcount
        )
        other.commit()
        second.communicate(timeout=20)
    dead.minute()
    assert len(dead.posts()) == 1


def test_while_passes_are_made_it_is_left_to_them(dead):
    dead.db.execute("UPDATE timesheet.settings SET pass_silence = '25 minutes'")
    dead.minute()
    assert dead.posts() == [] and len(dead.open_alerts("stale_feed")) == 1
    dead.db.execute("UPDATE timesheet.settings SET pass_silence = '10 minutes'")
    dead.minute()
    assert len(dead.posts()) == 1


def test_a_pass_at_work_is_no_silence(dead):
    """Which holds the ingest lock, however long ago it began."""
    with psycopg.connect(dead.uri) as working:
        working.execute("SELECT timesheet.take_ingest_lock()")
        dead.minute()
        assert dead.posts() == []
    wait_until(lambda: (dead.minute(), dead.posts())[1], 10)


def test_who_holds_the_ingest_lock_for_hours_is_no_pass(dead):
    """The machine of the service may be gone, and the server not know it yet."""
    with psycopg.connect(dead.uri) as hung:
        hung.execute("SELECT timesheet.take_ingest_lock()")
        dead.db.execute("SELECT timesheet.record_lock_holder('ingest_lock', %s, 'laptop', 1)", (hung.info.backend_pid,))
        dead.db.execute("UPDATE timesheet.lock_holders SET held_since = held_since - interval '3 hours'")
        dead.minute()
        assert len(dead.posts()) == 1


def test_a_pass_that_failed_is_a_pass(dead):
    """What it has to say it says by itself."""
    (run,) = dead.db.execute("SELECT timesheet.begin_run('sync')").fetchone()
    dead.db.execute("SELECT timesheet.fail_run(%s, 'Jibble answered 401')", (run,))
    dead.minute()
    assert dead.posts() == [] and len(dead.open_alerts("stale_feed")) == 1


def test_a_fresh_feed_is_not_posted(dead):
    dead.db.execute("UPDATE timesheet.settings SET stale_after = '1 hour'")
    dead.minute()
    assert dead.posts() == [] and dead.db.execute("SELECT FROM timesheet.alerts").rowcount == 0


def test_no_other_kind_is_posted(dead):
    dead.db.execute("UPDATE timesheet.settings SET stale_after = '1 hour'")
    dead.begins()
    dead.minute()
    assert dead.posts() == []


def test_an_acknowledged_one_is_silent(dead):
    dead.db.execute("UPDATE timesheet.settings SET pass_silence = '25 minutes'")
    dead.minute()
    dead.db.execute("SELECT timesheet.operate_acknowledge_alert('eve@agency.example', alert_id) FROM timesheet.alerts")
    dead.db.execute("UPDATE timesheet.settings SET pass_silence = '10 minutes'")
    dead.minute()
    assert dead.posts() == []


@pytest.mark.parametrize(
    "url",
    [
        f"http://hooks.example.com/{SECRET}",
        f"http://127.0.0.1:8080/{SECRET}",
        f"ftp://hooks.example.com/{SECRET}",
        SECRET,
        "",
        f"https:{SECRET}",
    ],
)
def test_an_address_without_https_gets_nothing_and_the_alert_is_raised(dead, url):
    dead.secret(url)
    dead.minute()
    assert dead.posts() == [] and len(dead.open_alerts("stale_feed")) == 1


def test_without_a_secret_the_alert_is_raised_all_the_same(dead):
    dead.secret(URL, "another")
    dead.minute()
    assert dead.posts() == [] and len(dead.open_alerts("stale_feed")) == 1


@pytest.mark.parametrize(
    "broken, mended",
    [
        ("ALTER VIEW vault.decrypted_secrets RENAME TO away", "ALTER VIEW vault.away RENAME TO decrypted_secrets"),
        ("REVOKE USAGE ON SCHEMA vault FROM timesheet", "GRANT USAGE ON SCHEMA vault TO timesheet"),
        ("ALTER FUNCTION net.http_post RENAME TO away", "ALTER FUNCTION net.away RENAME TO http_post"),
        ("ALTER SCHEMA net RENAME TO away", "ALTER SCHEMA away RENAME TO net"),
        (
            "ALTER TABLE net.http_request_queue ADD CONSTRAINT is_full CHECK (false) NOT VALID",
            "ALTER TABLE net.http_request_queue DROP CONSTRAINT is_full",
        ),
    ],
)
def test_an_error_of_the_vault_or_of_pg_net_keeps_no_alert_from_being_raised(dead, broken, mended):
    dead.superuser.execute(broken)
    try:
        dead.minute()
        assert len(dead.open_alerts("stale_feed")) == 1
    finally:
        dead.superuser.execute(mended)
    assert dead.posts() == []
    dead.minute()
    assert len(dead.posts()) == 1


def test_the_secret_is_in_no_table_of_ours_and_in_no_log(dead):
    dead.minute()
    kept = subprocess.run(
        ["pg_dump", "--data-only", "-n", "timesheet", dead.uri], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    with psycopg.connect(SUPERUSER_URI) as db:
        (log,) = db.execute("SELECT pg_read_file('server.log')").fetchone()
    assert SECRET not in kept and SECRET not in log


def test_killed_by_kill_9_the_service_is_missed_and_when_it_is_back_it_says_that_it_is_over(
    dead, jibble_now
):  # noqa: F811
    """What the database has posted the service does not post again; the end it does."""
    with Webhook() as webhook:
        dead.daemon.environment |= Daemon(dead.uri, jibble_now).environment | {
            "SYNC_INTERVAL": "1",
            "ALERT_WEBHOOK_URL": webhook.address,
        }
        process = dead.daemon.start("run")
        wait_until(lambda: dead.db.execute("SELECT NOT is_stale FROM timesheet.feed_health").fetchone()[0])
        process.kill()
        process.communicate()
        wait_until(lambda: holder_of(dead.db, "ingest_lock") is None, 10)
        dead.db.execute("UPDATE timesheet.settings SET stale_after = '1 second', pass_silence = '1 second'")
        wait_until(lambda: (dead.minute(), dead.posts())[1], 10)
        assert len(dead.posts()) == 1
        before = len(webhook.posts)
        dead.db.execute("UPDATE timesheet.settings SET stale_after = '1 hour', alert_pause = '1 second'")
        process = dead.daemon.start("run")
        wait_until(lambda: len(webhook.posts) > before, 20)
        assert webhook.posts[before].title == "Over: Data from Jibble is out of date" and len(dead.posts()) == 1
        process.terminate()
        process.communicate(timeout=20)
