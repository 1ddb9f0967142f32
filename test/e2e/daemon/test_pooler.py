"""timesheetd through a pooler: in session mode it works, in transaction mode, where its lock would be anybody's,
it refuses."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse

import psycopg
import pytest

from conftest import Daemon

REFUSAL = "DATABASE_URL leads through a pooler in transaction mode"


class Pooler:
    """Debian's pgbouncer before one database, as the user postgres where we are root, whom it refuses."""

    def __init__(self, folder, uri, mode, *settings):
        server = urllib.parse.urlsplit(uri)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (folder / "users").write_text(f'"{server.username}" "{server.password}"\n')
        (folder / "pgbouncer.ini").write_text(
            f"""[databases]
pooled = host={server.hostname} port={server.port} dbname={server.path[1:]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = {mode}
"""
            + "".join(f"{setting}\n" for setting in settings)
        )
        command = ["setpriv", "--pdeathsig=TERM", "/usr/sbin/pgbouncer", folder / "pgbouncer.ini"]
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
            for file in folder.iterdir():
                shutil.chown(file, "postgres")
            command[1:1] = ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.log = open(folder / "log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, cwd="/", stdout=self.log, stderr=self.log)
        self.uri = f"postgresql://{server.username}:{server.password}@127.0.0.1:{port}/pooled"
        for _ in range(100):
            try:
                psycopg.connect(self.uri).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(open(folder / "log", encoding="utf-8").read())

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:  # it waits for who is connected still
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture
def through(daemon, jibble):
    """through(mode, setting…): the daemon through a pooler, on a migrated database; jibble is its fake."""
    with contextlib.ExitStack() as stack:

        def start(mode, *settings):
            daemon.must("migrate")
            # Not below pytest's own folder, which nobody else may enter.
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="timesheet-pooler-")))
            pooler = Pooler(folder, daemon.environment["DATABASE_URL"], mode, *settings)
            stack.callback(pooler.stop)
            return Daemon(pooler.uri, jibble)

        yield start


def test_in_session_mode_it_works(through, db):
    through("session").must("sync", "--since", "2026-11-20")
    assert db.execute("SELECT count(*) > 100 FROM timesheet.time_entries").fetchone() == (True,)


@pytest.mark.parametrize(
    "command",
    [
        ("sync", "--since", "2026-11-20"),
        ("nightly",),
        ("backfill", "--since", "2026-11-01", "--until", "2026-11-24"),
        ("replay",),
        ("digest", "send"),
        ("check",),
    ],
    ids=" ".join,
)
def test_in_transaction_mode_every_command_that_locks_refuses_and_leaves_no_lock(through, db, command):
    mail = {
        "MAIL_PROVIDER": "resend",
        "MAIL_FROM": "hours@example.com",
        "RESEND_API_KEY": "key",
        "RESEND_API_URL": "http://127.0.0.1:1",
    }
    done = through("transaction")(*command, **mail)
    assert done.returncode != 0 and REFUSAL in done.stdout + done.stderr and "session mode" in done.stdout + done.stderr
    assert db.execute(
        "SELECT count(*) FROM pg_locks WHERE (locktype = 'advisory' OR mode = 'ExclusiveLock' "
        "AND relation IS NOT NULL) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM timesheet.ingest_runs").fetchone() == (0,)


def test_a_pooler_whose_sessions_go_round_is_noticed_too(through, db):
    daemon = through("transaction", "server_round_robin = 1", "min_pool_size = 2")
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as one, psycopg.connect(
        daemon.environment["DATABASE_URL"]
    ) as two:
        assert [c.execute("SELECT 1").fetchone() for c in (one, two)] == [
            (1,),
            (1,),
        ]  # two at once, so two sessions are there
    done = daemon("sync", "--since", "2026-11-20")
    assert done.returncode == 1 and REFUSAL in done.stderr


def test_settings_are_not_left_behind_for_those_who_share_the_session(through, db):
    db.execute(f"ALTER DATABASE {db.info.dbname} SET statement_timeout = '41s'")
    daemon = through("transaction")
    daemon("sync", "--since", "2026-11-20")
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as other:
        assert other.execute("SHOW statement_timeout").fetchone() == ("41s",)


def test_a_pooler_with_one_session_to_give_is_reported(through):
    done = through("session", "default_pool_size = 1", "query_wait_timeout = 2")("sync", "--since", "2026-11-20")
    assert done.returncode == 1 and "needs two connections" in done.stderr


def test_the_service_says_so_at_each_pass_and_reads_nothing(through, db):
    process = through("transaction").start("run", SYNC_INTERVAL="1")
    said = "".join(process.stderr.readline() for _ in range(20) if process.poll() is None)
    assert said.count(REFUSAL) > 1, said
    process.terminate()
    process.wait(20)
    assert db.execute("SELECT count(*) FROM timesheet.ingest_runs").fetchone() == (0,)
