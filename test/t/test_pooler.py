"""timesheetd through a pooler: in session mode it works, in transaction mode, where its claim would be anybody's, it refuses."""

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

    def __init__(self, folder, uri, mode):
        server = urllib.parse.urlsplit(uri)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (folder / "users").write_text(f'"{server.username}" "{server.password}"\n')
        (folder / "pgbouncer.ini").write_text(f"""[databases]
pooled = host={server.hostname} port={server.port} dbname={server.path[1:]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = {mode}
""")
        command = ["/usr/sbin/pgbouncer", folder / "pgbouncer.ini"]
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
            for file in folder.iterdir():
                shutil.chown(file, "postgres")
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
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
        self.process.wait()
        self.log.close()


@pytest.fixture
def through(daemon, jibble):
    """through(mode): the daemon through a pooler, on a migrated database; jibble is its fake."""
    poolers = []

    def start(mode):
        daemon.must("migrate")
        # Not below pytest's own folder, which nobody else may enter.
        folder = pathlib.Path(tempfile.mkdtemp(prefix="timesheet-pooler-"))
        poolers.append((folder, Pooler(folder, daemon.environment["DATABASE_URL"], mode)))
        return Daemon(poolers[-1][1].uri, jibble)

    yield start
    for folder, pooler in poolers:
        pooler.stop()
        shutil.rmtree(folder)


def test_in_session_mode_it_works(through, db):
    through("session").must("sync", "--since", "2026-11-20")
    assert db.execute("SELECT count(*) > 100 FROM timesheet.time_entries").fetchone() == (True,)


@pytest.mark.parametrize("command", [("sync", "--since", "2026-11-20"), ("backfill", "--since", "2026-11-01", "--until", "2026-11-24"), ("replay",),
                                     ("digest", "send"), ("check",)], ids=" ".join)
def test_in_transaction_mode_every_command_that_claims_refuses_and_leaves_no_lock(through, db, command):
    mail = {"MAIL_PROVIDER": "resend", "MAIL_FROM": "hours@example.com", "RESEND_API_KEY": "key", "RESEND_API_URL": "http://127.0.0.1:1"}
    done = through("transaction")(*command, **mail)
    assert done.returncode != 0 and REFUSAL in done.stdout + done.stderr and "session mode" in done.stdout + done.stderr
    assert db.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM timesheet.ingest_runs").fetchone() == (0,)


def test_the_service_says_so_at_each_pass_and_reads_nothing(through, db):
    process = through("transaction").start("run", SYNC_INTERVAL="1")
    said = ""
    while REFUSAL not in said:
        line = process.stderr.readline()
        assert line, "the service ended without a word about the pooler"
        said += line
    process.terminate()
    process.wait(20)
    assert db.execute("SELECT count(*) FROM timesheet.ingest_runs").fetchone() == (0,)
