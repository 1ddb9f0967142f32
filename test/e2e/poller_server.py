"""What the poller's tests stand on: a server of their own with pg_cron, stand-ins for pg_net and for Supabase's Vault,
which Debian does not have (test/stand_ins), and an HTTP server in place of the jobs."""

import http.server
import json
import pathlib
import subprocess
import threading

import psycopg
import pytest

from conftest import Daemon, wait_until
from other_server import other_server  # noqa: F401 (a fixture)

STAND_INS = pathlib.Path(__file__).parents[1] / "stand_ins"
SECRET = "0123456789abcdef0123456789abcdef"
JOBS = ["sync", "nightly", "contacts", "digests", "backfill"]
PATIENCE = 2000  # ms that the stand-in for pg_net waits for an answer, in place of the 5 minutes that are asked for


def psql(uri, path):
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", path, uri], check=True, stdout=subprocess.PIPE)


def install_stand_ins(superuser_uri, patience=PATIENCE):
    """pg_net and the Vault in a database, as far as we use them; the owner may read the Vault, as Supabase's postgres
    may. What is queued is sent by a job of pg_cron's, begun every minute, which lives nearly as long."""
    for name in ("pg_net.sql", "pg_net_worker.sql", "vault.sql"):
        psql(superuser_uri, STAND_INS / name)
    with psycopg.connect(superuser_uri, autocommit=True) as db:
        db.execute("GRANT USAGE ON SCHEMA vault TO timesheet; GRANT SELECT ON vault.decrypted_secrets TO timesheet")
        db.execute("SELECT vault.create_secret(%s, 'timesheet_cron_secret')", (SECRET,))
        start_worker(db, patience)


def start_worker(db, patience):
    db.execute(
        "SELECT cron.schedule('stand-in for the worker of pg_net', '* * * * *', %s)",
        (f"CALL net.stand_in_worker(57, {patience})",),
    )


class Jobs:
    """An HTTP server in place of the jobs: notes each request, and answers as a test says."""

    def __init__(self):
        jobs = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                jobs.requests.append((self.path, self.headers.get("Authorization"), body))
                if jobs.answer == "hang":
                    jobs.is_over.wait(20)
                    return
                status, text = jobs.answer(self.path, self.headers.get("Authorization"))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.requests = []
        self.is_over = threading.Event()
        self.work()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def work(self, secret=SECRET):
        """As the jobs do: 401 without the secret, else that it worked."""

        def answer(path, authorization):
            if authorization != f"Bearer {secret}":
                return 401, json.dumps({"error": "wrong secret"})
            job = path.split("?")[0].rsplit("/", 1)[1]
            return 200, json.dumps({"job": job, "exit": 0, "seconds": 1, "message": f"{job} finished"})

        self.answer = answer

    def say(self, status, text):
        self.answer = lambda *_: (status, text)

    def stop(self):
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()


class World:
    """The database as its owner and as a superuser, and the jobs."""

    def __init__(self, server):
        self.server = server
        self.jobs = Jobs()
        self.db = psycopg.connect(server.uri, autocommit=True)
        self.superuser = psycopg.connect(server.superuser_uri, autocommit=True)

    def schedule(self, *arguments, who=None):
        places = ", ".join(["%s"] * len(arguments))
        return (who or self.db).execute(f"SELECT timesheet.schedule_poller({places})", arguments).fetchone()[0]

    def schedule_by_hand(self, *arguments):
        """Scheduled, but pg_cron calls nothing while the test does."""
        self.schedule(*arguments)
        self.superuser.execute("UPDATE cron.job SET active = false WHERE jobname ~ '^timesheet-poller-'")

    def scheduled(self):
        """{job: the role whose it is}"""
        return dict(
            self.superuser.execute(
                "SELECT replace(jobname, 'timesheet-poller-', ''), username FROM cron.job "
                "WHERE jobname ~ '^timesheet-poller-'"
            )
        )

    def call(self, job):
        """Calls it as its pg_cron job does, and waits until the answer is recorded; returns what went wrong."""
        (call,) = self.db.execute("SELECT timesheet.call_job(%s)", (job,)).fetchone()
        if call is None:
            return "not due"

        def outcome():
            self.db.execute("SELECT timesheet.collect_answers()")
            return self.db.execute(
                "SELECT coalesce(failure, 'worked') FROM timesheet.poller_calls WHERE poller_call_id = %s "
                "AND answered_at IS NOT NULL",
                (call,),
            ).fetchone()

        return wait_until(outcome, seconds=90)[0]

    def alerts(self):
        """{subject: detail} of those that are open"""
        return dict(
            self.db.execute(
                "SELECT subject, detail FROM timesheet.alerts WHERE kind = 'poller_unreachable' AND resolved_at IS NULL"
            )
        )

    def clear(self):
        """As it was before any test."""
        self.superuser.execute("DELETE FROM cron.job WHERE jobname LIKE 'timesheet-%'")
        self.superuser.execute(
            "DELETE FROM timesheet.scheduled_jobs; DELETE FROM timesheet.poller; DELETE FROM timesheet.poller_calls; "
            "DELETE FROM timesheet.alerts; DELETE FROM timesheet.ingest_runs; DELETE FROM net.http_request_queue"
        )
        self.set_secret(SECRET)
        self.jobs.work()
        self.jobs.requests.clear()

    def set_secret(self, secret):
        self.superuser.execute(
            "SELECT vault.update_secret(id, %s) FROM vault.secrets WHERE name = 'timesheet_cron_secret'", (secret,)
        )


@pytest.fixture(scope="module")
def poller_server(other_server):  # noqa: F811
    Daemon(other_server.uri).must("migrate")
    install_stand_ins(other_server.superuser_uri)
    world = World(other_server)
    yield world
    world.jobs.stop()
    world.superuser.execute("SELECT cron.unschedule(jobid) FROM cron.job")
    world.superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^CALL net'")
    world.db.close()
    world.superuser.close()


@pytest.fixture
def poller(poller_server):
    poller_server.clear()
    return poller_server
