"""What the end-to-end tests stand on: a database of their own, a fake Jibble, and timesheetd."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request
import uuid

import psycopg
import pytest

URI = os.environ["TIMESHEET_TEST_URI"]
SUPERUSER_URI = os.environ["TIMESHEET_TEST_SUPERUSER_URI"]
FAKE = os.environ["TIMESHEET_FAKE_JIBBLE"]
TIMESHEETD = os.environ["TIMESHEETD"]
ENGINES = os.environ.get("TIMESHEET_TEST_ENGINES", "native sql").split()  # those that the server has
SECRET = "demo-secret"
STARTED = []  # what Daemon.start() started
# Begun first, as they take longest: at the end the other processes would wait for them.
LONGEST = [
    "e2e/project/test_bundle.py",
    "e2e/daemon/test_crash.py",
    "e2e/jibble/test_personalities_random.py",
    "e2e/jibble/test_personalities_later.py",
    "e2e/digest/test_digest_refusals.py",
    "e2e/project/test_supabase.py",
    "e2e/database/test_reports.py",
    "e2e/engine/test_extension.py",
    "e2e/engine/test_engines_against_oracle.py",
    "e2e/engine/test_mutations.py",
    "e2e/jibble/test_personalities.py",
    "e2e/hosting/test_poller_on_vercel.py",
]
# A file's tests run in one process, as they share what takes long to make. Those of these share next to nothing, and
# take long or wait long for a Jibble that refuses: any process runs the next one.
APART = [file for file in LONGEST if any(name in file for name in ("personalities", "crash", "engines_against"))]


class FakeJibble:
    """A running fake-jibble, and words for its admin endpoints."""

    def __init__(self, truth, *options):
        self.truth = truth
        self.process = subprocess.Popen([FAKE, "--truth", str(truth), *options], stdout=subprocess.PIPE, text=True)
        self.urls = json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.process.stdout.close()

    def admin(self, method, path, body=None):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.urls['port']}/_fake/{path}",
            data,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def requests(self, contains):
        return [r for r in self.admin("GET", "requests") if contains in r["path"]]


class Daemon:
    """timesheetd with the environment for one database and one fake."""

    def __init__(self, uri, jibble=None):
        self.environment = {"PATH": os.environ["PATH"], "DATABASE_URL": uri, "LOG_LEVEL": "info"}
        if jibble:
            self.environment |= {
                "JIBBLE_CLIENT_ID": "demo",
                "JIBBLE_CLIENT_SECRET": SECRET,
                "JIBBLE_REQUESTS_PER_SECOND": "1000",
                **{
                    f"JIBBLE_{host.upper()}_URL": jibble.urls[host]
                    for host in ("identity", "workspace", "time_tracking", "time_attendance")
                },
            }

    def __call__(self, *arguments, **environment):
        """Runs a command to its end; a variable given as None is unset."""
        variables = {k: v for k, v in {**self.environment, **environment}.items() if v is not None}
        return subprocess.run(
            [TIMESHEETD, *arguments],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )

    def start(self, *arguments, **environment):
        """Starts a command and returns its process; its log is in process.stderr."""
        process = subprocess.Popen(
            [TIMESHEETD, *arguments], env=self.environment | environment, stderr=subprocess.PIPE, text=True
        )
        STARTED.append(process)
        return process

    def must(self, *arguments, **environment):
        done = self(*arguments, **environment)
        assert done.returncode == 0, done.stderr
        return done


def truth_rows(fake, since, until, *options):
    """What the fake's people really did, added up by a process without a database; see oracle/truth.py."""
    return [
        json.loads(line)
        for line in subprocess.run(
            [sys.executable, "-m", "oracle.truth", str(fake.truth), "--since", since, "--until", until, *options],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.splitlines()
    ]


def set_cutoffs(db, fake):
    """The night groups' cut-offs, which the truth knows and Jibble does not."""
    for group in json.loads(fake.truth.read_text())["groups"]:
        if group["day_cutoff"] != "00:00":
            db.execute(
                "SELECT timesheet.set_working_time('2020-01-01', for_client_group => g.client_group_id, "
                "day_cutoff => %s)"
                " FROM timesheet.client_groups AS g WHERE g.jibble_id = %s",
                (group["day_cutoff"], group["id"]),
            )


def file_of(nodeid):
    return nodeid.split("::")[0]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda it: LONGEST.index(file_of(it.nodeid)) if file_of(it.nodeid) in LONGEST else len(LONGEST))


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return nodeid if file_of(nodeid) in APART else file_of(nodeid)

    return Scheduling(config, log)


def pytest_sessionfinish(session):
    """A test passes itself over only for a reason "name: why" whose name docs/testing.md lists,
    as those of skips.sh."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    listed = (pathlib.Path(__file__).parents[2] / "docs/testing.md").read_text()
    for report in reporter.stats.get("skipped", []) if reporter else []:
        name, _, why = report.longrepr[2].removeprefix("Skipped: ").partition(": ")
        reporter.write_line(f"SKIP {name} {why}")
        if f"| `{name}` |" not in listed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Prints what tests reported by record_property("summary", …), whichever process ran them."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "summary" and report.when == "call":
                terminalreporter.write_line(value)


@pytest.fixture(autouse=True)
def nothing_is_left_running():
    """A test that fails halfway leaves no timesheetd behind."""
    yield
    while STARTED:
        process = STARTED.pop()
        if process.poll() is None:
            process.kill()
            process.communicate()


def create_database(template="template1"):
    name = "test_" + uuid.uuid4().hex
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        # By files, as a small template costs half as much as by the log, and is dropped without a search through the
        # cache.
        db.execute(f"CREATE DATABASE {name} OWNER timesheet TEMPLATE {template} STRATEGY FILE_COPY")
    return name


def uri_of(name):
    return URI.rsplit("/", 1)[0] + "/" + name


def drop_databases(names):
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        for name in names:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def new_database():
    """Makes empty databases that live as long as the module's tests."""
    made = []

    def make():
        made.append(create_database())
        return uri_of(made[-1])

    yield make
    drop_databases(made)


@pytest.fixture(scope="session")
def migrated_template():
    """The name of a database that timesheetd migrated, for others to be copied from.
    The roles are there before it: rights are given by migrate to those that exist then."""
    from logins import make_roles  # here, as it imports this file

    make_roles()
    name = create_database()
    Daemon(uri_of(name)).must("migrate")
    yield name
    drop_databases([name])


@pytest.fixture(scope="module")
def migrated_database(migrated_template):
    """Makes migrated databases that live as long as the module's tests."""
    made = []

    def make():
        made.append(create_database(migrated_template))
        return uri_of(made[-1])

    yield make
    drop_databases(made)


def wait_until(is_so, seconds=60):
    """Looks until it is so and returns it; fails after a while."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := is_so():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to be so")


@pytest.fixture(scope="module")
def organisation(tmp_path_factory):
    """The sample organisation, unharmed; a test that changes it takes `jibble`."""
    fake = FakeJibble(tmp_path_factory.mktemp("truth") / "truth.json")
    yield fake
    fake.stop()


@pytest.fixture
def jibble(tmp_path):
    fake = FakeJibble(tmp_path / "truth.json", "--weeks", "2")
    yield fake
    fake.stop()


@pytest.fixture
def daemon(migrated_database, jibble):
    """timesheetd before a migrated database and a fake of two weeks."""
    it = Daemon(migrated_database(), jibble)
    return it


@pytest.fixture
def db(daemon):
    with psycopg.connect(daemon.environment["DATABASE_URL"], autocommit=True) as connection:
        yield connection
