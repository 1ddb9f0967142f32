"""Without a machine: pg_cron calls what make vercel built, which syncs from Jibble into the same database. Set up by
the statements of docs/hosting.md and docs/roles.md. pg_net and the Vault are stand-ins (test/stand_ins)."""

import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request

import psycopg
import pytest

from conftest import SECRET as JIBBLE_SECRET
from conftest import STARTED, Daemon, FakeJibble, wait_until
from logins import make_roles
from other_server import other_server  # noqa: F401 (a fixture)
from poller_server import SECRET, install_stand_ins
from tls_front import Authority

ROOT = pathlib.Path(__file__).parents[3]
HOSTING = (ROOT / "docs/hosting.md").read_text()
LOGINS = re.search(r"^DO \$\$\nDECLARE\n.*?^\$\$;$", (ROOT / "docs/roles.md").read_text(), re.MULTILINE | re.DOTALL)
PERSON, GROUP = (f"00000000-0000-4000-8000-0000000000{n}" for n in ("a1", "b1"))
ADDRESS = "https://jobs.example.com"  # that of the document


def statements():
    """Those of the document, in order, but for the extensions: the stand-ins are none."""
    return [
        statement.strip()
        for block in re.findall(r"^```psql\n(.*?)^```$", HOSTING, re.MULTILINE | re.DOTALL)
        for statement in re.split(r";\s*(?:--.*)?\n", block)
        if statement.strip() and "CREATE EXTENSION" not in statement
    ]


def statement_with(text):
    (found,) = [it for it in statements() if text in it]
    return found


class Launcher:
    """What make vercel built, as its own launchers serve it, with no variable but ours."""

    def __init__(self, output, **environment):
        self.process = subprocess.Popen(
            ["bash", "-c", '. ./node.sh && exec node test/functions.mjs "$@"', "bash", output],
            cwd=ROOT / "web",
            env={"PATH": os.environ["PATH"], **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.url

    def get(self, job, secret=SECRET):
        """(status, answer) of a job that is asked for by hand."""
        request = urllib.request.Request(f"{self.url}/jobs/{job}", headers={"Authorization": f"Bearer {secret}"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def output():
    environment = {k: v for k, v in os.environ.items() if k != "MAKEFLAGS"}
    subprocess.run(["make", "-s", "-C", ROOT, "vercel"], env=environment, check=True, stdout=subprocess.PIPE)
    return ROOT / "build/vercel/.vercel/output"


@pytest.fixture(scope="module")
def project(other_server):  # noqa: F811
    """A migrated database with pg_cron and the stand-ins, whose owner may use the Vault as Supabase's postgres may; the
    login of the jobs, with the limits that docs/roles.md gives it. As (owner's connection, superuser's, jobs' URI)."""
    Daemon(other_server.uri).must("migrate")
    with psycopg.connect(other_server.superuser_uri, autocommit=True) as superuser:
        install_stand_ins(other_server.superuser_uri, patience=50_000)
        superuser.execute("DELETE FROM vault.secrets")
        superuser.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA vault TO timesheet")
        superuser.execute("GRANT SELECT ON vault.secrets TO timesheet")
        superuser.execute("ALTER ROLE timesheet CREATEROLE")
        make_roles(other_server.superuser_uri)
        superuser.execute(LOGINS.group())
        superuser.execute("ALTER ROLE poller PASSWORD 'poller-hush-hush'")
        with psycopg.connect(other_server.uri, autocommit=True) as owner:
            owner.execute("SELECT timesheet.grant_roles()")
            yield owner, superuser, re.sub(r"//.*@", "//poller:poller-hush-hush@", other_server.uri)
        superuser.execute("SELECT cron.unschedule(jobid) FROM cron.job")
        superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^CALL net'")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A Jibble with one person of one client group, who has no entry yet."""
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "1")
    fake.admin("PUT", "objects/Groups", {"id": GROUP, "name": "Night owls", "status": "Active"})
    person = {"id": PERSON, "fullName": "Test Person", "groupId": GROUP, "status": "Joined"}
    fake.admin("PUT", "objects/People", person | {"ICultureSettings/TimeZone": "UTC"})
    yield fake
    fake.stop()


def environment_of(company, uri):
    return {
        "WEB_PARTS": "jobs",
        "CRON_SECRET": SECRET,
        "JOBS_DATABASE_URL": uri,
        "JIBBLE_CLIENT_ID": "demo",
        "JIBBLE_CLIENT_SECRET": JIBBLE_SECRET,
        "JIBBLE_REQUESTS_PER_SECOND": "1000",
        **{
            f"JIBBLE_{host.upper()}_URL": company.urls[host]
            for host in ("identity", "workspace", "time_tracking", "time_attendance")
        },
    }


def clock(company, n, kind, at):
    """A clock-in or clock-out of the person, made in Jibble."""
    company.admin(
        "PUT",
        "objects/TimeEntries",
        {
            "id": f"00000000-0000-4000-8000-0000000000c{n}",
            "personId": PERSON,
            "type": kind,
            "clientType": "Web",
            "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "belongsToDate": str(at.date()),
            "status": "Active",
        },
    )


def test_by_the_minute_pg_cron_calls_the_built_function_until_a_fresh_entry_is_in_the_report(output, project, company):
    owner, superuser, uri = project
    site = Launcher(output, **environment_of(company, uri))
    try:
        by_hand = re.findall(rf"curl .*{ADDRESS}/jobs/(\w+)", HOSTING)
        assert by_hand[:2] == ["check", "probe"]
        for job in by_hand[:2]:
            status, answer = site.get(job)
            assert (status, answer["job"], answer["exit"]) == (200, job, 0), answer
        assert owner.execute("SELECT FROM timesheet.ingest_runs").rowcount == 0

        owner.execute(statement_with("vault.create_secret").replace("…", SECRET))
        owner.execute(statement_with("timesheet.schedule_jobs"))
        since = str(datetime.date.today() - datetime.timedelta(10))
        schedule = statement_with("timesheet.schedule_poller").replace(ADDRESS, site.url)
        assert owner.execute(re.sub(r"\d{4}-\d\d-\d\d", since, schedule)).fetchone() == (5,)
        # By the minute, and alone: a nightly that is due would only make it wait.
        owner.execute(
            "SELECT cron.schedule(name, '* * * * *', command) FROM timesheet.poller_jobs() WHERE job = 'sync'"
        )
        superuser.execute("UPDATE cron.job SET active = false WHERE jobname ~ '^timesheet-poller-(?!sync)'")

        def hours():
            return owner.execute(
                "SELECT sum(hours) FROM timesheet.weekly_report WHERE client_group = 'Night owls'"
            ).fetchone()[0]

        assert hours() is None and not STARTED
        now = datetime.datetime.now(datetime.timezone.utc)
        clock(company, 1, "In", now - datetime.timedelta(hours=3))
        clock(company, 2, "Out", now - datetime.timedelta(hours=2))
        wait_until(lambda: hours() == 1, seconds=180)

        # Its next minute records the answer of this one, and brings what was changed since.
        clock(company, 2, "Out", now - datetime.timedelta(minutes=90))
        wait_until(lambda: hours() == 1.5, seconds=180)
        health = owner.execute("SELECT poller_reached_at IS NOT NULL, poller_error FROM timesheet.feed_health")
        assert health.fetchone() == (True, None)
        assert owner.execute("SELECT DISTINCT command, status FROM timesheet.ingest_runs").fetchall() == [
            ("sync", "succeeded")
        ]
        calls = "SELECT DISTINCT job, status, failure FROM timesheet.poller_calls WHERE answered_at IS NOT NULL"
        assert owner.execute(calls).fetchall() == [("sync", 200, None)]
    finally:
        owner.execute("SELECT timesheet.unschedule_poller()")
        site.stop()


def test_in_the_minutes_in_which_a_secret_is_changed_the_database_calls_nothing(project):
    assert "minutes 17 to 19 of an hour (or 27 to 29, and so on to 57 to 59)" in HOSTING
    called = set()
    for (schedule,) in project[0].execute("SELECT schedule FROM timesheet.poller_jobs()"):
        first, _, step = schedule.split()[0].partition("/")
        called |= set(range(int(first.replace("*", "0").split("-")[0]), 60, int(step or 60)))
    assert {0, 5, 8, 11, 13, 16} <= called
    assert not called & {ten + minute for ten in range(10, 60, 10) for minute in (7, 8, 9)}


def test_an_authority_that_is_added_counts_for_the_databases_certificate(output, project, company, tmp_path):
    """As Supabase's, which is none of the public ones."""
    _, superuser, uri = project
    authority = Authority(tmp_path)
    (data,) = superuser.execute("SELECT current_setting('data_directory')").fetchone()
    for source, name in zip(authority.certificate("localhost"), ("server.crt", "server.key")):
        target = pathlib.Path(data) / name
        shutil.copy(source, target)
        os.chown(target, pathlib.Path(data).stat().st_uid, -1)
        target.chmod(0o600)
    superuser.execute("ALTER SYSTEM SET ssl = on")
    superuser.execute("SELECT pg_reload_conf()")

    uri = uri.replace("127.0.0.1", "localhost") + "?sslmode=verify-full"
    site = Launcher(output, **environment_of(company, uri))
    try:
        status, answer = site.get("sync")
    finally:
        site.stop()
    assert status == 500 and "certificate verify failed" in answer["message"], answer

    shutil.copytree(output, tmp_path / "output", symlinks=True)
    (tmp_path / "authorities").mkdir()
    shutil.copy(authority.file, tmp_path / "authorities")
    bundle = tmp_path / "output/functions/jobs/[job].func/bundle"
    add = ROOT / "deploy/vercel/add_authorities.sh"
    before = (bundle / "share/ca-certificates.crt").read_text()
    subprocess.run([add, tmp_path / "nothing there", bundle], check=True)
    assert (bundle / "share/ca-certificates.crt").read_text() == before
    subprocess.run([add, tmp_path / "authorities", bundle], check=True, stderr=subprocess.PIPE)
    assert (bundle / "share/ca-certificates.crt").read_text().startswith(before)
    site = Launcher(tmp_path / "output", **environment_of(company, uri))
    try:
        status, answer = site.get("sync")
    finally:
        site.stop()
    assert status == 200, answer


def test_what_is_no_certificate_is_refused_by_name(tmp_path):
    (tmp_path / "bundle/share").mkdir(parents=True)
    (tmp_path / "bundle/share/ca-certificates.crt").write_text("")
    (tmp_path / "binary.crt").write_bytes(b"\x30\x82\x03\xc4")
    done = subprocess.run(
        [ROOT / "deploy/vercel/add_authorities.sh", tmp_path, tmp_path / "bundle"], stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 1 and "binary.crt is no certificate as text (PEM)" in done.stderr
    assert (tmp_path / "bundle/share/ca-certificates.crt").read_text() == ""
