"""README.md and docs/ tell the truth: the report is the demo's, commands and queries run, the map is complete,
links lead somewhere."""

import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import TIMESHEETD, Daemon, wait_until
from mail_peers import Resend
from stage import Stage, guid

ROOT = pathlib.Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
DOCUMENTS = README + "".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))
DEMO = ROOT / "build" / "check-demo"
PORT = 3999
VERSION = re.search(r'^   "version": "(.*)"', (ROOT / "META.json").read_text(), re.MULTILINE).group(1)


def blocks(language, text=README):
    return [
        block
        for found, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        if found == language
    ]


@pytest.fixture(scope="module")
def demo():
    """The output of make demo, run again without its e-mails and for another port; its server runs until tests end."""
    environment = os.environ | {"DEMO_DIR": str(DEMO)}
    environment.pop("MAKEFLAGS", None)  # this make is no child of the one that runs the tests
    try:
        for run, port in enumerate((3000, 3000, PORT)):
            if run == 1:
                shutil.rmtree(DEMO / "mail")
            done = subprocess.run(
                ["make", "demo"],
                cwd=ROOT,
                env=environment | {"PORT": str(port)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            assert done.returncode == 0, done.stderr
        yield done.stdout
    finally:
        subprocess.run(["make", "demo-stop"], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)


@pytest.fixture(scope="module")
def demo_uri(demo):
    return re.search(r"^  (postgresql://\S+)$", demo, re.MULTILINE).group(1)


def test_the_report_is_the_demos(demo):
    (report,) = blocks("")
    lines = demo.splitlines()
    for line in report.splitlines():
        assert line == "…" or line in lines


def test_the_demo_names_how_to_stop_it(demo):
    assert "make demo-stop" in demo


def test_the_demo_schedules_its_jobs(demo_uri):
    with psycopg.connect(demo_uri) as db:
        jobs = db.execute("SELECT jobname, active FROM cron.job").fetchall()
    assert {
        ("timesheet-refresh", True),
        ("timesheet-update-alerts", True),
        ("timesheet-prune-ingest-runs", True),
        ("timesheet-prune-notifications", True),
        ("timesheet-prune-job-history", True),
        ("timesheet-drop-unfinished-index", True),
        ("timesheet-rebuild-index", True),
        ("timesheet-queue-digests", True),
    } <= set(jobs)


def test_the_link_in_the_demos_email_opens_the_contacts_hours(demo, demo_uri):
    file, token = (
        re.search(rf"^  {pattern}$", demo, re.MULTILINE).group(1)
        for pattern in (r"(\S+@altamere\.example\.html)", rf"http://127\.0\.0\.1:{PORT}/portal\?token=([\w-]{{43}})")
    )
    email = (ROOT / file).read_text()
    assert f'"http://127.0.0.1:{PORT}/portal?token={token}"' in email and ":3000/" not in email
    with psycopg.connect(demo_uri) as db:
        groups = db.execute("SELECT client_group, valid_until > now() FROM timesheet.portal_session(%s)", (token,))
        assert groups.fetchall() == [("Altamere Health", True)]
        (reported,) = db.execute(
            "SELECT hours FROM timesheet.digests WHERE email = 'maria.lopez@altamere.example' AND week = '2026-11-16' "
            "AND state = 'sent'"
        ).fetchone()
        assert db.execute(
            "SELECT sum(hours) FROM timesheet.portal_weekly(%s, '2026-11-16', '2026-11-23')", (token,)
        ).fetchone() == (reported,)


@pytest.mark.parametrize("query", blocks("sql", DOCUMENTS))
def test_each_query_gives_rows(demo_uri, query):
    with psycopg.connect(demo_uri) as db:
        if "'running'" in query and "as_of" not in query:
            # The demo's people stop working in November 2026; somebody begins now.
            db.execute(
                "INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, start_time_utc, raw_type, "
                "workday, workday_end)"
                " SELECT gen_random_uuid(), min(agent_id), now(), 'In', current_date, current_date + 1 "
                "FROM timesheet.agents"
            )
        assert db.execute(query).fetchall() != []
        db.rollback()


def test_no_query_mixes_what_has_one_name(migrated_database):
    """Two people, two client groups and two activities of one name: 6 h of the one, 8 h of the other, each alone."""
    stage = Stage(migrated_database())
    stage.week = datetime.date(2026, 11, 16)
    for n in (1, 2):
        stage.client_group(n, "Altamere Health")
        stage.agent(n, n, "Marcus O'Connor")
        stage.feed("Activities", {"id": guid("activity", n), "name": "Support", "status": "Active"})
        stage.shift(n, n, 0, "09:00", ("15:00", "17:00")[n - 1], activityId=guid("activity", n))
    with psycopg.connect(stage.uri) as db:
        summed = [query for query in blocks("sql", DOCUMENTS) if "sum(" in query]
        assert len(summed) == 6
        for query in summed:
            cursor = db.execute(query)
            hours = [column.name for column in cursor.description].index("hours")
            found = [row[hours] for row in cursor if row[0] != "All clients"]
            assert sorted(found) == [6, 8], query
        by_agent = [query for query in blocks("sql", DOCUMENTS) if "Marcus O''Connor" in query]
        assert len(by_agent) == 2
        for query in by_agent:
            assert len({row[0] for row in db.execute(query.replace("2026-11-17", "2026-11-16"))}) == 2, query
    stage.close()


def test_roles_are_made_and_given_as_documented(demo_uri):
    """All in one transaction that is taken back: roles are the whole server's."""
    superuser = subprocess.run(
        [ROOT / "test/cluster.sh", "uri", DEMO, "postgres"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    make, give, close = blocks("psql", (ROOT / "docs/roles.md").read_text())
    with psycopg.connect(superuser) as db:
        for role in ("reader", "operator", "ingest", "client", "unsubscribe", "portal"):
            if db.execute("SELECT to_regrole(%s) IS NOT NULL", (f"timesheet_{role}",)).fetchone()[0]:
                db.execute(f"ALTER ROLE timesheet_{role} RENAME TO other_{role}")
            db.execute(make.replace("reader", role))
        db.execute(give)
        db.execute("CREATE ROLE stranger LOGIN")
        may_connect = (
            "SELECT has_database_privilege('stranger', current_database(), 'CONNECT'), "
            "has_database_privilege('bi', current_database(), 'CONNECT')"
        )
        assert db.execute(may_connect).fetchone() == (True, True)
        db.execute(close)
        assert db.execute(may_connect).fetchone() == (False, True)
        (group,) = db.execute(
            "SELECT client_group_id FROM timesheet.client_groups WHERE name = 'Bluefin Outfitters'"
        ).fetchone()
        for role, query, is_so in (
            ("bi", "SELECT client_group_id FROM timesheet.weekly_report", lambda groups: len(groups) > 20),
            ("bluefin", "SELECT client_group_id FROM timesheet_client.weekly_report", lambda groups: groups == {group}),
        ):
            db.execute(f"SET LOCAL ROLE {role}")
            assert is_so({g for g, in db.execute(query)})
            db.execute("RESET ROLE")
        db.rollback()


def test_each_command_runs(new_database, jibble):
    daemon = Daemon(new_database(), jibble)
    daemon.must("migrate")
    daemon.must("sync", "--since", "2026-11-16", "--until", "2026-11-22")
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        (group,) = db.execute(
            "SELECT jibble_id::text FROM timesheet.client_groups ORDER BY client_group_id LIMIT 1"
        ).fetchone()
    with Airtable(
        "pat-1", "app1", "Clients", [("rec1", {"Email": "ann@example.com", "Jibble Group ID": group})]
    ) as airtable, Resend("re-1") as resend:
        daemon.environment |= {
            "AIRTABLE_TOKEN": "pat-1",
            "AIRTABLE_BASE_ID": "app1",
            "AIRTABLE_API_URL": airtable.url,
            "MAIL_PROVIDER": "resend",
            "MAIL_FROM": "hours@example.com",
            "RESEND_API_KEY": "re-1",
            "RESEND_API_URL": resend.url,
            "ALERT_EMAILS": "staff@example.com",
        }
        run_commands(daemon)
        assert ["staff@example.com"] in [mail.to for mail in resend.mails]  # check --send-test
    with psycopg.connect(daemon.environment["DATABASE_URL"]) as db:
        assert db.execute("SELECT count(*) > 1000 FROM timesheet.time_entries").fetchone() == (True,)


def run_commands(daemon):
    commands = [line.split("#")[0].strip() for block in blocks("sh", DOCUMENTS) for line in block.splitlines()]
    targets = {word for line in commands for word in re.findall(r"make ?([a-z-]*)", line)}
    assert targets == {
        "demo",
        "check",
        "",
        "install",
        "deps",
        "bench",
        "web",
        "supabase",
        # demo is run above, check runs this, install below; bench takes too long, web's tests run its page,
        # test_supabase.py runs supabase
    }
    for line in commands:
        if line == "timesheetd run":
            service = daemon.start("run")
            wait_until(lambda: " finished: run " in service.stderr.readline())
            service.send_signal(signal.SIGTERM)
            assert service.communicate(timeout=20) and service.returncode == 0
        elif line.startswith("timesheetd"):
            daemon.must(*line.split()[1:])


def test_make_and_make_install_put_both_parts_in_their_places(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "MAKEFLAGS"}
    subprocess.run(["make"], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    subprocess.run(
        ["make", "install", f"DESTDIR={tmp_path}", "prefix=/opt/timesheet"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    placed = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}

    def where(option):
        return (
            subprocess.run(
                [os.environ.get("PG_CONFIG", "pg_config"), option], check=True, stdout=subprocess.PIPE, text=True
            )
            .stdout.strip()
            .lstrip("/")
        )

    scripts = {path for path in placed if path.endswith(".sql")}
    assert placed - scripts == {
        "opt/timesheet/bin/timesheetd",
        where("--pkglibdir") + "/timesheet.so",
        where("--sharedir") + "/extension/timesheet.control",
    }
    assert scripts == {where("--sharedir") + "/extension/" + path.name for path in (ROOT / "extension/sql").iterdir()}
    assert any(path.endswith(f"--{VERSION}.sql") for path in scripts)


def test_the_map_names_every_folder_and_no_other():
    section = README.split("## Map\n")[1].split("\n## ")[0]
    named = {
        name.rstrip("/")
        for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    }
    assert all((ROOT / name).exists() for name in named)
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()
    for folder in {str(pathlib.Path(p).parent) for p in tracked if "/" in p and not p.startswith(".")}:
        assert any(folder == n or folder.startswith(n + "/") for n in named) or any(
            n.startswith(folder + "/") for n in named
        ), folder


def test_the_readme_can_be_read_in_five_minutes():
    assert len(README.split()) <= 1200


@pytest.mark.parametrize(
    "document",
    sorted(str(p.relative_to(ROOT)) for pattern in ("*.md", "docs/*.md", "web/*.md") for p in ROOT.glob(pattern)),
)
def test_each_link_leads_to_a_file_and_a_heading(document):
    path = ROOT / document
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if "://" not in target:
            name, _, heading = target.partition("#")
            other = (path.parent / name).resolve() if name else path
            assert other.exists(), target
            headings = (
                {
                    re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
                    for line in other.read_text().splitlines()
                    if line.startswith("#")
                }
                if heading
                else {""}
            )
            assert heading in headings, target


def test_each_rule_that_is_cited_is_written():
    rules = set(re.findall(r"^### (R\d+) ", (ROOT / "docs/rules.md").read_text(), re.MULTILINE))
    assert len(rules) == 13
    tracked = subprocess.run(
        ["git", "ls-files", "extension", "sql", "daemon", "web/src", "docs", "test", "README.md"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.split()
    cited = {
        (rule, name)
        for name in tracked
        if pathlib.Path(name).suffix in {".sql", ".hpp", ".cpp", ".ts", ".tsx", ".md", ".py"}
        for rule in re.findall(r"\bR[1-9]\d?\b", (ROOT / name).read_text())
    }
    assert {(rule, name) for rule, name in cited if rule not in rules} == set()


def test_each_object_that_is_named_exists():
    """What documents call timesheet.NAME is made by sql/ or the extension."""
    sources = "".join(path.read_text() for part in ("sql", "extension/sql") for path in (ROOT / part).rglob("*.sql"))
    made = set(re.findall(r"\b(timesheet(?:_client)?\.\w+)", " ".join(re.findall(r"^ *CREATE [^(;]*", sources, re.M))))
    made |= {f"timesheet.{name}" for name in re.findall(r"^CREATE (?:UNIQUE )?INDEX (\w+)", sources, re.M)}
    documents = DOCUMENTS + (ROOT / "web/README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"\b(timesheet(?:_client)?\.[a-z]\w*)\b(?!\.)", documents))
    assert len(made) > 200 and "timesheet.weekly_report" in named
    assert named - made - {"timesheet.yml", "timesheet.json"} == set()  # files of a workflow and of Grafana


def test_what_the_distribution_provides_is_there():
    for provided in json.loads((ROOT / "META.json").read_text())["provides"].values():
        assert (ROOT / provided["file"]).is_file() and (ROOT / provided["docfile"]).is_file()


def test_one_version_everywhere():
    assert f'"version": "{VERSION}"' in (ROOT / "META.json").read_text().split('"provides"')[1]
    assert f"default_version = '{VERSION}'" in (ROOT / "extension/timesheet.control").read_text()
    assert re.match(rf"## {re.escape(VERSION)}\b", (ROOT / "CHANGELOG.md").read_text())
    assert subprocess.run([TIMESHEETD, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split() == [
        "timesheetd",
        VERSION,
    ]
