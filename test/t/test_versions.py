"""Which timesheetd works with which schema: as the table in docs/install.md says, and refused with the remedy otherwise; every release can be upgraded."""

import json
import pathlib
import re
import subprocess

import psycopg
import pytest

from conftest import TIMESHEETD, Daemon
from reports import differences

ROOT = pathlib.Path(__file__).parents[2]
MIGRATIONS = {int(path.name[:4]): path for path in sorted(ROOT.glob("sql/[0-9]*.sql"))}
CURRENT = json.loads((ROOT / "META.json").read_text())["version"]
# timesheetd, schema, extension
MATRIX = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d+) \| (\d+\.\d+\.\d+) \|$", (ROOT / "docs/install.md").read_text(), re.MULTILINE)
EXTENSIONS = sorted({version for path in ROOT.glob("extension/sql/timesheet--*.sql") for version in path.stem.split("--")[1:]})
# Schemas to upgrade from: of every release in the table, and two that stand for what people had from the source.
OLDER = sorted({int(schema) for release, schema, _ in MATRIX if release != CURRENT} | {21, 26})


def test_the_table_ends_with_this_version_and_what_the_files_give():
    """One source: META.json names the release, the last file of sql/ its schema, the last script its extension."""
    assert MATRIX[-1] == (CURRENT, str(max(MIGRATIONS)), EXTENSIONS[-1])
    assert subprocess.run([TIMESHEETD, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[1] == CURRENT


@pytest.fixture
def uri(new_database):
    return new_database()


def apply(uri, through):
    for version, path in MIGRATIONS.items():
        if version <= through:
            subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", path, uri], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


COMMANDS = [("sync",), ("nightly",), ("backfill", "--since", "2026-11-01"), ("replay",), ("audit", "--since", "2026-11-01"), ("contacts",), ("digest", "send"),
            ("digest", "preview", "--contact", "a@example.com")]


@pytest.fixture(scope="module")
def schemas(new_database):
    """A database at the version before the last, and one at a version that is still to come."""
    older, newer = new_database(), new_database()
    apply(older, max(MIGRATIONS) - 1)
    Daemon(newer).must("migrate")
    with psycopg.connect(newer) as db:
        db.execute("INSERT INTO timesheet.schema_migrations (version, name, sha256, applied_by) VALUES (9999, '9999_future', 'f', '7.8.9')")
    return older, newer


def refused(uri, *command):
    nowhere = "http://127.0.0.1:1"
    done = Daemon(uri)(*command, JIBBLE_CLIENT_ID="demo", JIBBLE_CLIENT_SECRET="demo", JIBBLE_IDENTITY_URL=nowhere, AIRTABLE_TOKEN="t", AIRTABLE_BASE_ID="b", AIRTABLE_API_URL=nowhere,
                       MAIL_PROVIDER="resend", MAIL_FROM="a@example.com", RESEND_API_KEY="k", RESEND_API_URL=nowhere,
                       MAIL_UNSUBSCRIBE_URL="https://hours.example.com/unsubscribe", MAIL_PAGE_URL="https://hours.example.com")
    assert done.returncode == 1, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS + [("check",)], ids=lambda command: " ".join(command[:2]))
def test_an_older_schema_is_refused_with_the_remedy(schemas, command):
    text = refused(schemas[0], *command)
    assert f"the schema is at version {sorted(MIGRATIONS)[-2]}, older than this timesheetd {CURRENT}, which needs {max(MIGRATIONS)}; run timesheetd migrate" in text


@pytest.mark.parametrize("command", COMMANDS + [("check",), ("migrate",)], ids=lambda command: " ".join(command[:2]))
def test_a_newer_schema_is_refused_with_what_to_install(schemas, command):
    text = refused(schemas[1], *command)
    assert f"the schema is at version 9999, newer than this timesheetd {CURRENT}, which knows {max(MIGRATIONS)}; install timesheetd 7.8.9 or newer" in text


@pytest.mark.parametrize(("which", "remedy"), [(0, "run timesheetd migrate"), (1, "install timesheetd 7.8.9 or newer")])
def test_the_service_says_so_and_tries_again_as_it_may_be_upgraded_beside_it(schemas, which, remedy):
    service = Daemon(schemas[which]).start("run", JIBBLE_CLIENT_ID="demo", JIBBLE_CLIENT_SECRET="demo", SYNC_INTERVAL="1")
    told = [next(line for line in service.stderr if remedy in line) for _ in range(2)]
    service.terminate()
    service.communicate(timeout=20)
    assert all("the schema is at version" in line and "tries again" in line for line in told)
    assert service.returncode == 0


def test_a_newer_schema_that_something_else_applied_names_no_version(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("INSERT INTO timesheet.schema_migrations (version, name) VALUES (9999, '9999_future')")
    assert "newer than this timesheetd" in (text := refused(uri, "migrate")) and "; install timesheetd as new as the schema" in text


def test_a_schema_that_lacks_one_in_the_middle_is_refused_by_its_number(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("DELETE FROM timesheet.schema_migrations WHERE version = 16")
    assert f"the schema lacks version 16 of {max(MIGRATIONS)}; run timesheetd migrate" in refused(uri, "replay")


def test_without_a_schema_the_remedy_is_said(uri):
    assert "the database has no timesheet schema; run timesheetd migrate" in refused(uri, "replay")


def test_who_applied_a_file_is_set_down(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        assert db.execute("SELECT DISTINCT applied_by FROM timesheet.schema_migrations").fetchall() == [(CURRENT,)]


@pytest.mark.parametrize("schema", OLDER)
def test_a_schema_with_data_is_upgraded_and_gives_the_same_hours(uri, schema):
    apply(uri, schema)
    hours = "SELECT f::text FROM timesheet.weekly_hours(NULL, NULL) AS f ORDER BY 1"
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("SELECT timesheet.begin_run('test')")
        for resource, objects in {
            "Groups": [{"id": "00000000-0000-0000-0000-00000000000a", "name": "Client", "status": "Active"}],
            "People": [{"id": "00000000-0000-0000-0000-00000000000b", "fullName": "Agent", "status": "Joined", "groupId": "00000000-0000-0000-0000-00000000000a"}],
            "TimeEntries": [{"id": f"00000000-0000-0000-0000-0000000000{n:02}", "personId": "00000000-0000-0000-0000-00000000000b", "type": "Out" if n % 2 else "In",
                             "time": f"2026-11-{2 + n // 2:02}T{17 if n % 2 else 9:02}:00:00Z", "belongsToDate": f"2026-11-{2 + n // 2:02}", "status": "Active"} for n in range(20)],
        }.items():
            db.execute("SELECT timesheet.store_page(1, %s, %s, %s)", (resource, [o["id"] for o in objects], [json.dumps(o) for o in objects]))
        db.execute("SELECT timesheet.finish_run(1)")
        before = db.execute(hours).fetchall()
        assert before != []
    daemon = Daemon(uri)
    assert f"({len([v for v in MIGRATIONS if v > schema])} applied now)" in daemon.must("migrate").stderr
    daemon.must("replay")
    with psycopg.connect(uri, autocommit=True) as db:
        assert db.execute(hours).fetchall() == before
        assert differences(db) == {}


@pytest.mark.parametrize("extension", EXTENSIONS[:-1])
def test_each_extension_is_updated_by_migrate(uri, extension):
    """As where make install brought the new library and its scripts; the functions of the first release run on it."""
    daemon = Daemon(uri)
    daemon.must("migrate")
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("DROP EXTENSION timesheet")
        db.execute(f"CREATE EXTENSION timesheet VERSION '{extension}'")
        assert db.execute("SELECT timesheet.engine()").fetchone() == ("native",)
        db.execute("SELECT * FROM timesheet.sessions(NULL, NULL)")
        db.execute("ALTER EXTENSION timesheet UPDATE")  # migrate does so where the server lists the version it offers
    daemon.must("migrate")
    with psycopg.connect(uri, autocommit=True) as db:
        assert db.execute("SELECT extversion FROM pg_extension WHERE extname = 'timesheet'").fetchone() == (EXTENSIONS[-1],)
