"""A database that turned read-only, as hosted services make it when the disk is full: everything says so and what to
do, no e-mail goes out that could not be recorded, and afterwards the next pass goes on by itself."""

import pathlib
import re
import subprocess

import psycopg
import pytest

from conftest import SUPERUSER_URI, Daemon, wait_until
from logins import login, make_roles  # noqa: F401 (a fixture)
from mail_peers import Mailgun, Resend
from other_server import other_server  # noqa: F401 (a fixture)
from peer_server import Slow
from stage import Stage

KEY = "key-hush-hush"
SETTING = "default_transaction_read_only"
COMMANDS = ["migrate", "sync", "nightly", "backfill --since 2026-11-01", "replay", "contacts", "digest send"]


def with_mail(daemon, peer):
    name = type(peer).__name__.lower()
    daemon.environment |= {
        "MAIL_PROVIDER": name,
        "MAIL_FROM": "Agency <hours@example.com>",
        "MAIL_REPLY_TO": "people@example.com",
        "MAIL_UNSUBSCRIBE_URL": "https://hours.example.com/unsubscribe",
        f"{name.upper()}_API_KEY": KEY,
        f"{name.upper()}_API_URL": peer.url,
        "MAILGUN_DOMAIN": "mg.example.com",
    }
    return daemon


@pytest.fixture
def resend():
    peer = Resend(KEY, requests_per_second=1000)
    yield peer
    peer.release()
    peer.stop()


@pytest.fixture
def stage(migrated_database):
    """A week of two client groups, each with an agent of 8.5 h and a contact."""
    it = Stage(migrated_database())
    for n in (1, 2):
        it.client_group(n)
        it.agent(n, n)
        it.shift(n, n, 0, "09:00", "17:30")
    it.contact("ann@example.com", 1, more=[("bob@example.com", 2)])
    yield it
    it.close()


def name_of(uri):
    return uri.rsplit("/", 1)[1]


def close_database(stage):
    stage.db.execute(f"ALTER DATABASE {name_of(stage.uri)} SET {SETTING} = on")


def open_database(stage):
    stage.db.execute(f"ALTER DATABASE {name_of(stage.uri)} RESET {SETTING}")


def says_so(done, remedy):
    said = done.stdout + done.stderr
    return (
        done.returncode == 1
        and "the database is read-only" in said
        and remedy in said
        and "see the server's log" not in said
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_so_and_what_to_do(stage, resend, jibble, command):
    close_database(stage)
    daemon = with_mail(Daemon(stage.uri, jibble), resend)
    done = daemon(
        *command.split(), AIRTABLE_TOKEN="key", AIRTABLE_BASE_ID="app1", AIRTABLE_API_URL="http://127.0.0.1:1"
    )
    assert says_so(done, f"ALTER DATABASE {name_of(stage.uri)} RESET {SETTING}"), done.stderr
    assert "If its disk is full" in done.stderr and resend.mails == []


def test_the_remedy_that_is_named_ends_it(stage, jibble):
    """In a session of its own: the one that closed the database may still write."""
    close_database(stage)
    daemon = Daemon(stage.uri, jibble)
    remedy = re.search("run (BEGIN .*; COMMIT)", daemon("check").stdout)[1]
    with psycopg.connect(stage.uri, autocommit=True) as db:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            db.execute(f"ALTER DATABASE {name_of(stage.uri)} RESET {SETTING}")
        db.execute(remedy)
    assert "ok      database" in daemon("check").stdout


def test_check_fails_at_the_database_and_what_only_reads_goes_on(stage, jibble):
    close_database(stage)
    daemon = Daemon(stage.uri, jibble)
    done = daemon("check")
    lines = {line[8:18].strip(): line[:8].strip() for line in done.stdout.splitlines()}
    assert says_so(done, f"ALTER DATABASE {name_of(stage.uri)} RESET {SETTING}")
    assert (lines["database"], lines["schema"], lines["engine"], lines["feed"]) == ("failed", "ok", "ok", "ok")
    assert "8.50 h" in daemon.must("digest", "preview", "--contact", "ann@example.com", "--format", "text").stdout
    with psycopg.connect(stage.uri) as db:
        assert db.execute("SELECT sum(work_seconds) FROM timesheet.weekly_report").fetchone() == (61200,)


def test_check_writes_nothing_that_stays(stage, jibble):
    """It really writes, and rolls that back."""
    before = stage.db.execute("SELECT count(*) FROM pg_class").fetchone()
    Daemon(stage.uri, jibble).must("check")
    assert stage.db.execute("SELECT count(*) FROM pg_class").fetchone() == before


@pytest.mark.parametrize(
    "set_by, remedy",
    [
        (
            "ALTER ROLE {role} SET {setting} = on",
            "for the role; run BEGIN READ WRITE; ALTER ROLE {role} RESET {setting}; COMMIT",
        ),
        (
            "ALTER ROLE {role} IN DATABASE {database} SET {setting} = on",
            "for the role in this database; run BEGIN READ WRITE; ALTER ROLE {role} IN DATABASE {database} RESET "
            "{setting}; COMMIT",
        ),
        (None, "by DATABASE_URL or PGOPTIONS; take {setting} out there"),
    ],
)
@pytest.mark.parametrize("command", ["check", "replay"])
def test_where_it_was_set_is_said(stage, jibble, login, set_by, remedy, command):  # noqa: F811
    make_roles()
    stage.db.execute("SELECT timesheet.grant_roles()")
    role, uri = login(stage.uri, "timesheet_ingest")
    words = {"role": role, "database": name_of(stage.uri), "setting": SETTING}
    if set_by:
        with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
            db.execute(set_by.format(**words))
    else:
        uri += f"?options=-c%20{SETTING}%3Don"
    assert says_so(Daemon(uri, jibble)(command), remedy.format(**words))


def test_the_service_catches_up_by_itself_and_sends_each_mail_once(stage, resend, jibble):
    daemon = with_mail(Daemon(stage.uri, jibble), resend)
    daemon.environment["SYNC_INTERVAL"] = "1"
    close_database(stage)
    process = daemon.start("run")
    log = []

    def failed_passes():
        log.append(process.stderr.readline())
        return sum("the next pass tries again" in line for line in log) >= 4

    wait_until(failed_passes)
    assert all("the database is read-only" in line for line in log if " error " in line), log
    assert resend.mails == [] and stage.db.execute("SELECT count(*) FROM timesheet.digest_deliveries").fetchone() == (
        0,
    )
    open_database(stage)
    wait_until(lambda: len(resend.mails) == 2)
    wait_until(lambda: {state for *_, state in stage.deliveries()} == {"sent"})
    runs = "SELECT count(*) FROM timesheet.ingest_runs WHERE status = 'succeeded' AND pages > 0"
    seen = stage.db.execute(runs).fetchone()[0]
    wait_until(lambda: stage.db.execute(runs).fetchone()[0] > seen)
    process.terminate()
    process.communicate(timeout=20)
    assert sorted(mail.to for mail in resend.mails) == [["ann@example.com"], ["bob@example.com"]]


@pytest.fixture(scope="module")
def own_server(other_server):  # noqa: F811
    """A server whose settings this module may change, with a digest that is due."""
    Daemon(other_server.uri).must("migrate")
    it = Stage(other_server.uri)
    it.client_group(1)
    it.agent(1, 1)
    it.shift(1, 1, 0, "09:00", "17:30")
    it.contact("ann@example.com", 1)
    it.close()
    return other_server


def set_for_server(server, value):
    with psycopg.connect(server.superuser_uri, autocommit=True) as db:
        db.execute(f"ALTER SYSTEM SET {SETTING} = {value}")
        db.execute("SELECT pg_reload_conf()")
    wait_until(lambda: psycopg.connect(server.uri).execute(f"SHOW {SETTING}").fetchone() == (value,))


@pytest.mark.parametrize("peer, state, mails", [(Resend, "sent", 1), (Mailgun, "in_doubt", 1)])
def test_closed_while_the_provider_answers(own_server, peer, state, mails):
    """The attempt is recorded, its outcome cannot be. Resend takes the same key once more as the same e-mail; what
    Mailgun did nobody knows."""
    it = peer(KEY, requests_per_second=1000) if peer is Resend else peer(KEY, "mg.example.com")
    daemon = with_mail(Daemon(own_server.uri), it)
    stage = Stage(own_server.uri)
    try:
        stage.db.execute("TRUNCATE timesheet.digest_deliveries CASCADE")
        it.next(Slow(60))
        process = daemon.start("digest", "send")
        wait_until(lambda: it.mails)
        set_for_server(own_server, "on")
        it.release()
        _, said = process.communicate(timeout=60)
        assert process.returncode == 1 and "the database is read-only" in said, said
        assert "see the server's log" not in said
        assert says_so(daemon("digest", "send"), f"for the whole server; run ALTER SYSTEM SET {SETTING} = off, then")
        assert stage.deliveries() == [("ann@example.com", 1, "sending")]
        set_for_server(own_server, "off")
        daemon("digest", "send")
        daemon("digest", "send")
        assert [s for *_, s in stage.deliveries()] == [state]
        assert len(it.mails) == mails
        assert len({request.key for request in it.requests}) == 1
    finally:
        set_for_server(own_server, "off")
        stage.close()
        it.release()
        it.stop()


def test_a_setting_of_all_roles_is_named(own_server):
    with psycopg.connect(own_server.superuser_uri, autocommit=True) as db:
        db.execute(f"ALTER ROLE ALL SET {SETTING} = on")
    remedy = f"BEGIN READ WRITE; ALTER ROLE ALL RESET {SETTING}; COMMIT"
    try:
        done = Daemon(own_server.uri)("replay")
    finally:
        with psycopg.connect(own_server.superuser_uri, autocommit=True) as db:
            db.execute(remedy)
    assert says_so(done, f"for all roles; run {remedy}")
    Daemon(own_server.uri).must("replay")


def test_a_standby_is_named_and_the_primary_is_the_remedy(own_server):
    """A server that only replays what another one writes."""
    own_server.run("stop")
    signal = pathlib.Path(own_server.folder) / "data/standby.signal"
    signal.touch()
    signal.chmod(0o644)
    subprocess.run(["chown", "--reference", signal.parent, signal], check=True)
    try:
        uri = own_server.run("scratch")
        for command in ("sync", "migrate", "check", "digest send"):
            done = Daemon(uri)(
                *command.split(),
                JIBBLE_CLIENT_ID="demo",
                JIBBLE_CLIENT_SECRET="demo",
                JIBBLE_IDENTITY_URL="http://127.0.0.1:1",
                MAIL_PROVIDER="resend",
                RESEND_API_KEY="key",
                MAIL_FROM="a@example.com",
            )
            assert says_so(done, "as its server is a standby; name the primary server in DATABASE_URL"), done
    finally:
        own_server.run("stop")
        signal.unlink()
