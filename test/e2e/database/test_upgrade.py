"""Each release with data upgrades to the next, which is made here: a new column, a changed function, another signature,
a dropped view.

A release is what its tag holds of sql/, and this one what stands here.
The next one's timesheetd is this one with other files in it.
"""

import io
import pathlib
import re
import shutil
import subprocess
import tarfile

import psycopg
import pytest

import conftest
from conftest import TIMESHEETD, Daemon
from stage import Stage
from logins import OURS, make_roles
from reports import differences
from sql_files import ROOT, STEPS, VERSION as CURRENT, apply_everything, apply_steps

RELEASES = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| \d+ \| \d+\.\d+\.\d+ \|$", (ROOT / "docs/install.md").read_text(), re.MULTILINE
)
NEXT = "{}.{}.0".format(CURRENT.split(".")[0], int(CURRENT.split(".")[1]) + 1)
STEP = f"{max(STEPS) + 1:04}_next"

STEP_TEXT = f"""-- Release: {NEXT}
-- A column, and what CREATE OR REPLACE cannot do.

ALTER TABLE timesheet.agents ADD COLUMN team text;
COMMENT ON COLUMN timesheet.agents.team IS 'Ours to set.';
DROP FUNCTION timesheet.explain(date, int); -- it has one argument more
DROP VIEW timesheet.digest_hours;
INSERT INTO timesheet.stale_days (agent_id, workday) -- a changed rule marks what it changes
SELECT DISTINCT e.agent_id, e.workday FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL;

INSERT INTO timesheet.schema_migrations (version, name) VALUES ({max(STEPS) + 1}, '{STEP}');
"""
EDITS = [
    ("reports/length_text.sql", "SELECT seconds / 3600 || ':'", "SELECT seconds / 3600 || ' h '"),
    (
        "explain/explain.sql",
        "timesheet.explain(on_workday date, for_agent int)",
        "timesheet.explain(on_workday date, for_agent int, in_words boolean DEFAULT true)",
    ),
    (
        "explain/explain.sql",
        "ON FUNCTION timesheet.explain(date, int)",
        "ON FUNCTION timesheet.explain(date, int, boolean)",
    ),
    (
        "explain/explain.sql",
        "'FUNCTION timesheet.explain(date, int)'",
        "'FUNCTION timesheet.explain(date, int, boolean)'",
    ),
    ("health/silent_agents.sql", "d.longest_gap AS longest_gap_before", "d.longest_gap AS longest_gap_before, a.team"),
    ("order", "digest/digest_hours.sql\n", ""),
]


def files_of(release, folder):
    """sql/ of a release."""
    if release == CURRENT:
        return ROOT / "sql"
    archive = subprocess.run(
        ["git", "archive", f"v{release}", "sql", "META.json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert (
        archive.returncode == 0
    ), f"the files of {release} are those of its tag; git fetch --tags brings it: {archive.stderr.decode()}"
    tarfile.open(fileobj=io.BytesIO(archive.stdout)).extractall(folder)
    return folder / "sql"


@pytest.fixture(scope="module")
def following(tmp_path_factory):
    """The next release: its sql/ and its timesheetd."""
    folder = tmp_path_factory.mktemp("next")
    sql, build = folder / "sql", pathlib.Path(TIMESHEETD).parent
    shutil.copytree(ROOT / "sql", sql)
    (folder / "META.json").write_text(
        (ROOT / "META.json").read_text().replace(f'"version": "{CURRENT}"', f'"version": "{NEXT}"')
    )
    (sql / f"schema/{STEP}.sql").write_text(STEP_TEXT)
    for name, before, after in EDITS:
        text = (sql / "functions" / name).read_text()
        assert text.count(before) == 1, (name, before)
        (sql / "functions" / name).write_text(text.replace(before, after))
    (sql / "functions/digest/digest_hours.sql").unlink()

    with (folder / "sql_files.cpp").open("w") as made:
        subprocess.run(["sh", ROOT / "daemon/embed_sql.sh", sql], check=True, stdout=made)
    (folder / "version.cpp").write_text(
        f'#include "process/version.hpp"\n\nconst char* const timesheetd::version = "{NEXT}";\n'
    )
    libraries = subprocess.run(
        ["pkg-config", "--libs", "libpq", "libcurl", "libcrypto", "spdlog"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.split()
    # What is named before the library stands for what is in it.
    subprocess.run(
        [
            "g++",
            "-std=c++17",
            f"-I{ROOT / 'daemon/src'}",
            folder / "sql_files.cpp",
            folder / "version.cpp",
            build / "commands/main.o",
            build / "libtimesheetd.a",
            *libraries,
            "-lfmt",
            "-pthread",
            "-o",
            folder / "timesheetd",
        ],
        check=True,
    )
    return folder


@pytest.fixture
def as_next(following, monkeypatch):
    """Daemon(uri) runs the next release's timesheetd."""

    def run(uri, *command):
        with monkeypatch.context() as patched:
            patched.setattr(conftest, "TIMESHEETD", str(following / "timesheetd"))
            return Daemon(uri)(*command)

    return run


def feed(uri):
    """Two weeks of shifts of two clients, the last of them not refreshed; a correction, a contact, a digest,
    and what others built on ours."""
    stage = Stage(uri)
    for n in (1, 2):
        stage.client_group(n)
        stage.agent(n, n)
    for day in range(-7, 7):
        stage.shift(100 + 2 * day, 1, day, "09:00", "17:30")
        stage.shift(101 + 2 * day, 2, day, "22:00", "23:00")
    stage.contact("ann@example.com", 1)
    stage.db.execute(
        "SELECT timesheet.set_working_time('2020-01-01', for_agent => 2, day_cutoff => '12:00'); "
        "SELECT timesheet.refresh()"
    )
    stage.db.execute("SELECT timesheet.queue_digests()")
    stage.shift(999, 1, 5, "18:00", "19:00")
    stage.db.execute(
        "CREATE VIEW public.mine AS SELECT sum(work_seconds) AS seconds FROM timesheet.weekly_report; GRANT SELECT "
        "ON timesheet.weekly_report TO pg_monitor"
    )
    stage.close()


HOURS = "SELECT f::text FROM timesheet.weekly_hours(NULL, NULL) AS f ORDER BY 1"
REPORT = (
    "SELECT week_start, client_group, agent, work_seconds, sessions FROM timesheet.weekly_report"
    " ORDER BY 1, 2, 3, 4, 5"
)
RIGHTS = f"""
    SELECT o.known, a.grantee::regrole::text, a.privilege_type FROM (
      SELECT p.proname || '()' AS known, p.proacl AS acl FROM pg_proc AS p
      WHERE p.pronamespace = 'timesheet'::regnamespace
      UNION ALL SELECT c.relname, c.relacl FROM pg_class AS c WHERE c.relnamespace = 'timesheet'::regnamespace
      UNION ALL SELECT c.relname || '.' || a.attname, a.attacl FROM pg_attribute AS a
      JOIN pg_class AS c ON c.oid = a.attrelid WHERE c.relnamespace = 'timesheet'::regnamespace
    ) AS o CROSS JOIN aclexplode(o.acl) AS a WHERE a.grantee::regrole::text IN ('pg_monitor', '{"', '".join(OURS)}')"""


def kept(db):
    """Every row of every table but of what a migration records, by the columns that each table has, {table: (columns,
    rows)}."""
    tables = db.execute(
        "SELECT c.relname, array_agg(quote_ident(a.attname) ORDER BY a.attnum) FROM pg_class AS c "
        "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'timesheet'::regnamespace AND c.relkind = 'r' "
        "AND c.relname NOT IN ('schema_migrations', 'applied_functions', 'role_grants', 'stale_days') GROUP BY 1"
    ).fetchall()
    return {table: (columns, rows_of(db, table, columns)) for table, columns in tables}


def rows_of(db, table, columns):
    return sorted(row for row, in db.execute(f"SELECT ROW({', '.join(columns)})::text FROM timesheet.{table}"))


@pytest.mark.parametrize("release", RELEASES)
def test_rows_hours_rights_and_what_others_built_stay(new_database, tmp_path, as_next, release):
    make_roles()
    uri = new_database()
    apply_everything(uri, sql=files_of(release, tmp_path))
    feed(uri)
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("SET timezone = 'UTC'")
        before, hours, report, rights = (
            kept(db),
            db.execute(HOURS).fetchall(),
            db.execute(REPORT).fetchall(),
            set(db.execute(RIGHTS)),
        )
        mine = db.execute("SELECT seconds FROM public.mine").fetchall()
        assert (
            sum(len(rows) for _, rows in before.values()) > 150
            and len(hours) > 3
            and mine[0][0] == 14 * 8.5 * 3600 + 14 * 3600 + 3600
        )
        assert (
            ("digest_deliveries" in before)
            and len(before["digest_deliveries"][1]) == 1
            and len(before["time_entries"][1]) == 58
        )
        done = as_next(uri, "migrate")
        assert done.returncode == 0, done.stderr
        assert f"schema step {STEP} applied" in done.stderr and f"functions of {NEXT} (applied now)" in done.stderr
        assert {table: rows_of(db, table, columns) for table, (columns, _) in before.items()} == {
            table: rows for table, (_, rows) in before.items()
        }
        assert (
            db.execute(HOURS).fetchall() == hours
            and db.execute(REPORT).fetchall() == report
            and db.execute("SELECT seconds FROM public.mine").fetchall() == mine
        )
        assert set(db.execute(RIGHTS)) == {right for right in rights if right[0] != "digest_hours"}
        assert ("weekly_report", "pg_monitor", "SELECT") in rights and (
            "explain()",
            "timesheet_reader",
            "EXECUTE",
        ) in rights

        assert db.execute(
            "SELECT timesheet.length_text(3600), to_regclass('timesheet.digest_hours'), "
            "to_regprocedure('timesheet.explain(date, int)')"
        ).fetchone() == ("1 h 00:00", None, None)
        assert db.execute(
            "SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute AS a "
            "WHERE a.attrelid = 'timesheet.silent_agents'::regclass"
        ).fetchone() == (
            ["agent_id", "full_name", "client_group", "last_activity_at", "longest_gap_before", "team"],
        )
        assert db.execute("SELECT count(*) > 0, count(team) FROM timesheet.agents").fetchone() == (True, 0)
        assert f"(0 applied now), functions of {NEXT} (unchanged)" in as_next(uri, "migrate").stderr
        assert as_next(uri, "replay").returncode == 0
        assert db.execute(REPORT).fetchall() == report and differences(db) == {}

    said = Daemon(uri)("replay").stderr  # the one that was there before
    assert f"newer than this timesheetd {CURRENT}" in said and f"install timesheetd {NEXT} or newer" in said


def test_a_view_of_somebodys_on_one_that_goes_stops_the_upgrade_and_nothing_is_changed(new_database, as_next):
    """No CASCADE: it is theirs to drop."""
    uri = new_database()
    Daemon(uri).must("migrate")
    with psycopg.connect(uri, autocommit=True) as db:
        db.execute("CREATE VIEW public.mine AS SELECT * FROM timesheet.digest_hours")
        done = as_next(uri, "migrate")
        assert (
            done.returncode == 1
            and f"sql/schema/{STEP}.sql was not applied" in done.stderr
            and "view public.mine depends on view timesheet.digest_hours (2BP01); drop those" in done.stderr
        ), done.stderr
        assert db.execute(
            "SELECT max(version), (SELECT version FROM timesheet.applied_functions) FROM timesheet.schema_migrations"
        ).fetchone() == (max(STEPS), CURRENT)
        Daemon(uri).must("replay")
        db.execute("DROP VIEW public.mine")
        assert as_next(uri, "migrate").returncode == 0


def test_an_upgrade_that_ended_between_step_and_functions_is_completed_by_the_next(new_database, following, as_next):
    uri = new_database()
    Daemon(uri).must("migrate")
    only = following / "only"
    (only / "schema").mkdir(parents=True)
    shutil.copy(following / f"sql/schema/{STEP}.sql", only / "schema")
    apply_steps(uri, sql=only)
    assert (
        f"the functions in the database are those of timesheetd {CURRENT}, older than this timesheetd {NEXT}; "
        "run timesheetd migrate" in as_next(uri, "replay").stderr
    )
    assert f"(0 applied now), functions of {NEXT} (applied now)" in as_next(uri, "migrate").stderr
    assert as_next(uri, "replay").returncode == 0
