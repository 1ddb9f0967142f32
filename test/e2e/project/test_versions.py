"""Which timesheetd works with which schema: as the table in docs/install.md says,
and refused with the remedy otherwise."""

import re
import subprocess

import psycopg
import pytest

from conftest import TIMESHEETD, Daemon
from sql_files import ROOT, STEPS, VERSION as CURRENT, apply_steps

# timesheetd, schema, extension
MATRIX = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| (\d+) \| (\d+\.\d+\.\d+) \|$", (ROOT / "docs/install.md").read_text(), re.MULTILINE
)
EXTENSIONS = sorted(
    {version for path in ROOT.glob("extension/sql/timesheet--*.sql") for version in path.stem.split("--")[1:]}
)


def test_the_table_ends_with_this_version_and_what_the_files_give():
    """One source: META.json names the release, the last file of sql/schema its schema,
    the last script its extension."""
    assert MATRIX[-1] == (CURRENT, str(max(STEPS)), EXTENSIONS[-1])
    assert (
        subprocess.run([TIMESHEETD, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[1]
        == CURRENT
    )


@pytest.fixture
def uri(new_database):
    return new_database()


COMMANDS = [
    ("sync",),
    ("nightly",),
    ("backfill", "--since", "2026-11-01"),
    ("replay",),
    ("audit", "--since", "2026-11-01"),
    ("contacts",),
    ("digest", "send"),
    ("digest", "preview", "--contact", "a@example.com"),
]


@pytest.fixture(scope="module")
def schemas(new_database):
    """A database at the version before the last, and one at a version that is still to come."""
    older, newer = new_database(), new_database()
    apply_steps(older, max(STEPS) - 1)
    Daemon(newer).must("migrate")
    with psycopg.connect(newer) as db:
        db.execute(
            "INSERT INTO timesheet.schema_migrations (version, name, sha256, applied_by) "
            "VALUES (9999, '9999_future', 'f', '7.8.9')"
        )
    return older, newer


def refused(uri, *command):
    nowhere = "http://127.0.0.1:1"
    done = Daemon(uri)(
        *command,
        JIBBLE_CLIENT_ID="demo",
        JIBBLE_CLIENT_SECRET="demo",
        JIBBLE_IDENTITY_URL=nowhere,
        AIRTABLE_TOKEN="t",
        AIRTABLE_BASE_ID="b",
        AIRTABLE_API_URL=nowhere,
        MAIL_PROVIDER="resend",
        MAIL_FROM="a@example.com",
        RESEND_API_KEY="k",
        RESEND_API_URL=nowhere,
        MAIL_UNSUBSCRIBE_URL="https://hours.example.com/unsubscribe",
        MAIL_PAGE_URL="https://hours.example.com",
    )
    assert done.returncode == 1, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS + [("check",)], ids=lambda command: " ".join(command[:2]))
def test_an_older_schema_is_refused_with_the_remedy(schemas, command):
    text = refused(schemas[0], *command)
    assert (
        f"the schema is at version {sorted(STEPS)[-2]}, older than this timesheetd {CURRENT}, which needs "
        f"{max(STEPS)}; run timesheetd migrate" in text
    )


@pytest.mark.parametrize("command", COMMANDS + [("check",), ("migrate",)], ids=lambda command: " ".join(command[:2]))
def test_a_newer_schema_is_refused_with_what_to_install(schemas, command):
    text = refused(schemas[1], *command)
    assert (
        f"the schema is at version 9999, newer than this timesheetd {CURRENT}, which knows {max(STEPS)}; install "
        "timesheetd 7.8.9 or newer" in text
    )


@pytest.mark.parametrize(("which", "remedy"), [(0, "run timesheetd migrate"), (1, "install timesheetd 7.8.9 or newer")])
def test_the_service_says_so_and_tries_again_as_it_may_be_upgraded_meanwhile(schemas, which, remedy):
    service = Daemon(schemas[which]).start(
        "run", JIBBLE_CLIENT_ID="demo", JIBBLE_CLIENT_SECRET="demo", SYNC_INTERVAL="1"
    )
    told = [next(line for line in service.stderr if remedy in line) for _ in range(2)]
    service.terminate()
    service.communicate(timeout=20)
    assert all("the schema is at version" in line and "tries again" in line for line in told)
    assert service.returncode == 0


def test_a_newer_schema_that_something_else_applied_names_no_version(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("INSERT INTO timesheet.schema_migrations (version, name) VALUES (9999, '9999_future')")
    assert (
        "newer than this timesheetd" in (text := refused(uri, "migrate"))
        and "; install timesheetd as new as the schema" in text
    )


def test_a_schema_that_lacks_one_in_the_middle_is_refused_by_its_number(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        db.execute("DELETE FROM timesheet.schema_migrations WHERE version = 6")
    assert f"the schema lacks version 6 of {max(STEPS)}; run timesheetd migrate" in refused(uri, "replay")


def test_without_a_schema_the_remedy_is_said(uri):
    assert "the database has no timesheet schema; run timesheetd migrate" in refused(uri, "replay")


def test_who_applied_a_file_is_set_down(uri):
    Daemon(uri).must("migrate")
    with psycopg.connect(uri) as db:
        assert db.execute("SELECT DISTINCT applied_by FROM timesheet.schema_migrations").fetchall() == [(CURRENT,)]


@pytest.fixture(scope="module")
def functions(new_database):
    """A database whose schema is this one's; which functions it has, a test says."""
    uri = new_database()
    Daemon(uri).must("migrate")
    return uri


@pytest.mark.parametrize("command", COMMANDS + [("check",)], ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize(
    "version, said",
    [
        (None, "the schema has no functions yet; run timesheetd migrate"),
        (
            CURRENT,
            f"the functions in the database have another text than those of this timesheetd {CURRENT}; "
            "run timesheetd migrate",
        ),
        (
            "0.0.9",
            f"the functions in the database are those of timesheetd 0.0.9, older than this timesheetd {CURRENT}; "
            "run timesheetd migrate",
        ),
        (
            "0.10.0",
            f"the functions in the database are those of timesheetd 0.10.0, newer than this timesheetd {CURRENT}; "
            "install timesheetd 0.10.0 or newer",
        ),
    ],
    ids=["missing", "changed", "older", "newer"],
)
def test_other_functions_are_refused_with_the_remedy(functions, command, version, said):
    with psycopg.connect(functions) as db:
        db.execute("DELETE FROM timesheet.applied_functions")
        db.execute(
            "INSERT INTO timesheet.applied_functions (version, sha256) SELECT v, 'other' "
            "FROM (VALUES (%s::text)) AS g (v) WHERE v IS NOT NULL",
            (version,),
        )
    assert said in refused(functions, *command)


def test_newer_functions_are_not_replaced_and_older_ones_are(functions):
    with psycopg.connect(functions, autocommit=True) as db:
        db.execute(
            "DELETE FROM timesheet.applied_functions; INSERT INTO timesheet.applied_functions (version, sha256) "
            "VALUES ('0.10.0', 'other')"
        )
        assert "install timesheetd 0.10.0 or newer" in refused(functions, "migrate")
        assert db.execute("SELECT version, sha256 FROM timesheet.applied_functions").fetchall() == [("0.10.0", "other")]
        db.execute("UPDATE timesheet.applied_functions SET version = '0.0.9'")
        Daemon(functions).must("migrate")
        assert db.execute("SELECT version FROM timesheet.applied_functions").fetchall() == [(CURRENT,)]
