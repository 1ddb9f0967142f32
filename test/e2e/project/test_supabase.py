"""Hosted Supabase: its own CLI pushes sql/ as a role that is no superuser, into a new project and an older one."""

import os
import shutil
import subprocess
import uuid

import psycopg
import pytest

from conftest import Daemon
from sql_files import ROOT, STEPS, VERSION, assembled

NPM = ROOT / "build/npm"
CLI = NPM / "node_modules/@supabase/cli-linux-x64/bin/supabase"
VERSIONS = sorted(STEPS)
# Debian's has pg_cron, as Supabase's do; 17 is what a new project gets.
SERVERS = {"debian": os.environ.get("PG_CONFIG", "pg_config"), "17": str(NPM / "postgresql-17/pg_config")}


class Project:
    """One hosted project: a database that looks like Supabase's, and the folder that the CLI works in."""

    def __init__(self, server, database, folder):
        self.uri = server.uri.rsplit("/", 1)[0] + "/" + database
        self.superuser_uri = server.superuser_uri.rsplit("/", 1)[0] + "/" + database
        self.folder = folder
        self.migrations = folder / "supabase/migrations"
        server.psql(self.superuser_uri, "-f", str(ROOT / "test/supabase/project.sql"))

    def generate(self):
        subprocess.run(
            ["make", "-s", "supabase", f"SUPABASE={self.folder / 'supabase'}"],
            cwd=ROOT,
            check=True,
            env={k: v for k, v in os.environ.items() if k != "MAKEFLAGS"},
            stdout=subprocess.PIPE,
        )
        return sorted(self.migrations.iterdir())

    def push(self, *options):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PGSSLMODE": "disable",
            "DO_NOT_TRACK": "1",
        }
        return subprocess.run(
            [CLI, "db", "push", f"--remote={self.uri}", "--yes", *options],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )

    def must_push(self, *options):
        done = self.push(*options)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def rows(self, query, *parameters):
        with psycopg.connect(self.uri) as db:
            return db.execute(query, parameters).fetchall()

    def versions(self):
        return [version for version, in self.rows("SELECT version FROM timesheet.schema_migrations ORDER BY version")]


class Server:
    def __init__(self, version):
        self.environment = os.environ | {"PG_CONFIG": SERVERS[version]}
        self.folder = ROOT / f"build/check-supabase-{version}"
        self.cluster("stop", str(self.folder))
        shutil.rmtree(self.folder)
        # Without the extension: Supabase loads no library of ours.
        self.uri = self.cluster("scratch", str(self.folder))
        self.superuser_uri = self.cluster("uri", str(self.folder), "postgres")
        self.psql(self.superuser_uri, "-f", str(ROOT / "test/supabase/roles.sql"))

    def cluster(self, *arguments):
        return subprocess.run(
            [ROOT / "test/cluster.sh", *arguments], env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    def psql(self, uri, *arguments):
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", uri, *arguments], check=True, stdout=subprocess.PIPE)


@pytest.fixture(scope="module", params=SERVERS)
def server(request):
    it = Server(request.param)
    yield it
    it.cluster("stop", str(it.folder))


@pytest.fixture
def project(server, tmp_path):
    name = "project_" + uuid.uuid4().hex
    server.psql(server.superuser_uri, "-c", f"CREATE DATABASE {name} OWNER timesheet")
    return Project(server, name, tmp_path)


@pytest.fixture(scope="module")
def installed(server, tmp_path_factory):
    """A project with everything pushed, in the one database where the server may have pg_cron."""
    it = Project(server, "timesheet", tmp_path_factory.mktemp("project"))
    it.generate()
    it.must_push()
    return it


def test_a_new_project_gets_every_migration_once(installed):
    assert installed.rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    assert installed.versions() == VERSIONS
    names = [path.name.removesuffix(".sql") for path in installed.generate()]
    assert [
        f"{version}_{name}"
        for version, name in installed.rows(
            "SELECT version, name FROM supabase_migrations.schema_migrations ORDER BY version"
        )
    ] == names
    assert "up to date" in installed.must_push()
    assert installed.versions() == VERSIONS


def test_what_it_wrote_is_what_timesheetd_would_apply(project):
    assert [path.read_text() for path in project.generate()] == [
        *(path.read_text() for path in STEPS.values()),
        assembled(),
    ]


def test_the_timestamps_are_always_those_of_the_release(project):
    """2026-01-01 and 10000 seconds for 0.1.0, one more for each step, 99 for the functions.

    Never change what stands here."""
    assert [path.name for path in project.generate()] == [
        "20260101024641_timesheet_foundation.sql",
        "20260101024642_timesheet_settings.sql",
        "20260101024643_timesheet_raw_events.sql",
        "20260101024644_timesheet_entries.sql",
        "20260101024645_timesheet_rollup.sql",
        "20260101024646_timesheet_health.sql",
        "20260101024647_timesheet_digests.sql",
        "20260101024648_timesheet_roles.sql",
        "20260101024649_timesheet_poller.sql",
        "20260101024650_timesheet_corrections.sql",
        "20260101024651_timesheet_operator.sql",
        "20260101024652_timesheet_outbox.sql",
        "20260101024653_timesheet_erasure.sql",
        "20260101024654_timesheet_portal.sql",
        "20260101024655_timesheet_alerts.sql",
        "20260101024656_timesheet_briefing.sql",
        "20260101024657_timesheet_replay.sql",
        "20260101024658_timesheet_session_order.sql",
        "20260101024659_timesheet_lock_holders.sql",
        "20260101024700_timesheet_adjacent_workdays.sql",
        "20260101024819_timesheet_functions_0_1_0.sql",
    ]


def test_a_later_release_comes_after_what_was_pushed_and_leaves_it_as_it_is(project, tmp_path):
    """Its step before its functions; the functions of the release before stay,
    as the CLI refuses where a file is gone."""
    before = {path.name: path.read_text() for path in project.generate()}
    later = tmp_path / "later"
    for name in ("sql", "deploy"):
        shutil.copytree(ROOT / name, later / name)
    (later / "META.json").write_text(
        (ROOT / "META.json").read_text().replace(f'"version": "{VERSION}"', '"version": "0.2.10"')
    )
    number = max(STEPS) + 1
    (later / f"sql/schema/{number:04}_more.sql").write_text(
        "-- Release: 0.2.10\n"
        f"INSERT INTO timesheet.schema_migrations (version, name) VALUES ({number}, '{number:04}_more');\n"
    )
    subprocess.run(
        [later / "deploy/supabase_migrations.sh", project.folder / "supabase"], check=True, stdout=subprocess.PIPE
    )
    after = {path.name: path.read_text() for path in sorted(project.migrations.iterdir())}
    assert list(after) == [
        *before,
        "20260101055001_timesheet_more.sql",
        "20260101055139_timesheet_functions_0_2_10.sql",
    ]
    assert before.items() <= after.items() and "VALUES ('0.2.10', " in list(after.values())[-1]


def test_a_text_that_was_written_already_and_is_another_now_is_named(project):
    functions = project.generate()[-1]
    functions.write_text("-- an earlier text\n")
    said = subprocess.run(
        [ROOT / "deploy/supabase_migrations.sh", project.folder / "supabase"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ).stderr
    assert said == f"{functions}: had another text; where it was pushed already, db push will not push this one\n"
    assert functions.read_text() == assembled()


def test_the_document_says_what_is_done_here():
    document = (ROOT / "docs/hosting.md").read_text()
    assert (
        "make supabase SUPABASE=" in document
        and 'supabase db push --remote="$DATABASE_URL"' in document
        and "--include-all" in document
    )


def test_an_older_project_gets_the_rest_even_after_migrations_of_its_own(project, installed):
    files = project.generate()
    for path in files[len(files) // 2 :]:
        path.unlink()
    own = project.migrations / "20260901120000_own.sql"
    own.write_text("CREATE TABLE public.own (id int PRIMARY KEY);\n")
    project.must_push()
    assert project.versions() == VERSIONS[: len(files) // 2]
    assert project.generate() == sorted([*files, own])
    assert project.push().returncode != 0  # ours are older than the project's own: it must be told to
    project.must_push("--include-all")
    assert project.versions() == VERSIONS
    assert "up to date" in project.must_push()
    signatures = (
        "SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proacl::text FROM pg_proc AS p"
        " WHERE p.pronamespace = 'timesheet'::regnamespace ORDER BY 1"
    )
    assert project.rows(signatures) == installed.rows(signatures)


def test_a_migration_that_fails_leaves_nothing_of_itself(project):
    last = project.generate()[-1]
    last.write_text(last.read_text() + "CREATE TABLE timesheet.half (id int);\nSELECT 1 / 0;\n")
    done = project.push()
    assert done.returncode != 0 and "division by zero" in done.stdout
    assert project.versions() == VERSIONS  # the last file is that of the functions
    assert project.rows(
        "SELECT to_regclass('timesheet.half'), to_regprocedure('timesheet.engine()'), count(*) "
        "FROM timesheet.applied_functions"
    ) == [(None, None, 0)]
    project.generate()
    project.must_push()
    assert project.rows("SELECT count(*) FROM timesheet.applied_functions") == [(1,)]


def test_a_timestamp_that_the_project_uses_already_is_refused_by_name(project):
    first = project.generate()[0]
    first.rename(first.with_name(first.name.replace("timesheet", "mine")))
    done = subprocess.run(
        [ROOT / "deploy/supabase_migrations.sh", project.folder / "supabase"], stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 1 and "_mine_" in done.stderr


def test_the_api_roles_reach_nothing(installed):
    assert (
        installed.rows(
            "SELECT r.rolname FROM pg_roles AS r WHERE r.rolname IN ('anon', 'authenticated', 'service_role', "
            "'authenticator')"
            " AND has_schema_privilege(r.oid, 'timesheet', 'USAGE')"
        )
        == []
    )


def test_timesheetd_takes_the_schema_as_it_is_and_works_with_the_sql_engine(installed, jibble):
    daemon = Daemon(installed.uri, jibble)
    done = daemon.must("migrate")
    assert f"(0 applied now), functions of {VERSION} (unchanged), engine: sql" in done.stderr
    daemon.must("sync", "--since", "2026-11-16", "--until", "2026-11-20")
    assert installed.rows(
        "SELECT count(*) > 100, sum(hours) > 1000 FROM timesheet.daily_report WHERE workday BETWEEN '2026-11-16' "
        "AND '2026-11-20'"
    ) == [(True, True)]


def test_jobs_are_scheduled_where_cron_job_cannot_be_written(installed):
    if not installed.rows("SELECT FROM pg_extension WHERE extname = 'pg_cron'"):
        with pytest.raises(psycopg.errors.FeatureNotSupported):
            installed.rows("SELECT timesheet.schedule_jobs()")
        return
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        installed.rows("UPDATE cron.job SET active = active")
    with psycopg.connect(installed.uri) as db:
        jobs = db.execute("SELECT count(*) FROM timesheet.jobs()").fetchone()
        assert db.execute("SELECT timesheet.schedule_jobs()").fetchone() == jobs
        assert db.execute("SELECT count(*) FROM cron.job WHERE active AND username = current_user").fetchone() == jobs
        assert db.execute("SELECT timesheet.prune_job_history()").fetchone() == (0,)
        assert db.execute("SELECT timesheet.unschedule_jobs()").fetchone() == jobs


def test_the_sql_engines_suite_passes(server, project):
    project.generate()
    project.must_push()
    server.psql(project.superuser_uri, "-c", "CREATE EXTENSION pgtap")
    done = subprocess.run(
        [ROOT / "test/pgtap.sh", project.uri, "sql", "without-native"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
